"""What librosa finds in sound files: run by the Python of a venv of its own, where it is installed (see the Makefile).

python benches/analysis_librosa.py FILE.wav ...     prints one JSON object a line
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any


def found(path: str) -> dict[str, Any]:
    """The beats in seconds, the tempo, the mean chroma (C first), and the seconds of processor time for each."""
    librosa: Any = importlib.import_module("librosa")
    samples, rate = librosa.load(path)  # at its own 22.05 kHz
    began = time.process_time()
    tempo, beats = librosa.beat.beat_track(y=samples, sr=rate, units="time")
    beats_s = time.process_time() - began
    began = time.process_time()
    chroma = librosa.feature.chroma_cqt(y=librosa.effects.harmonic(samples), sr=rate).mean(axis=1)
    return {
        "beats": [float(beat) for beat in beats],
        "bpm": float(tempo[0] if hasattr(tempo, "__len__") else tempo),
        "chroma": [float(note) for note in chroma],
        "beats_s": beats_s,
        "key_s": time.process_time() - began,
    }


def main() -> None:
    for path in sys.argv[1:]:
        print(json.dumps(found(path)), flush=True)


if __name__ == "__main__":
    main()
