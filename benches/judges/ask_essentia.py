"""What essentia measures in sound files: run by the Python of an environment of its own (scripts/setup_ears.sh).

python benches/judges/ask_essentia.py FILE ...     prints one JSON object a line
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

RATE = 44_100
FRAME, HOP = 2048, 1024


def heard(es: Any, path: str) -> dict[str, Any]:
    """Return tempo, key by two profiles, danceability, onsets a second and the mean dissonance."""
    mono = es.MonoLoader(filename=path, sampleRate=RATE)()
    key = {name: es.KeyExtractor(profileType=name)(mono)[:2] for name in ("edma", "temperley")}
    window, spectrum = es.Windowing(type="blackmanharris62"), es.Spectrum()
    peaks = es.SpectralPeaks(orderBy="frequency", magnitudeThreshold=1e-5, minFrequency=20, maxPeaks=100)
    dissonance, rough = es.Dissonance(), []
    for start in range(0, len(mono) - FRAME, HOP):
        frequencies, magnitudes = peaks(spectrum(window(mono[start : start + FRAME])))
        rough.append(dissonance(frequencies, magnitudes))
    return {
        "bpm": round(float(es.RhythmExtractor2013(method="multifeature")(mono)[0]), 2),
        "key": " ".join(key["edma"]),
        "key_temperley": " ".join(key["temperley"]),
        "danceability": round(float(es.Danceability()(mono)[0]), 4),
        "onsets": round(float(es.OnsetRate()(mono)[1]), 4),
        "dissonance": round(float(sum(rough) / max(1, len(rough))), 5),
    }


def main() -> None:
    """Measure each file."""
    essentia: Any = importlib.import_module("essentia")
    essentia.log.infoActive = False
    es: Any = importlib.import_module("essentia.standard")
    for path in sys.argv[1:]:
        print(json.dumps(heard(es, path)), flush=True)


if __name__ == "__main__":
    main()
