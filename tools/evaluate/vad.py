"""How much speech, and how much of anything else, passes the speech gate, in windows of 2.5 s every half second."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.senses.voice.log_mel import WINDOW
from soundit_edge.senses.voice.vad import VoiceActivityDetector
from tools.command import command, tool_parser
from tools.data.voices import read_index, read_sound

Samples = npt.NDArray[np.float32]
SUFFIXES = {".wav", ".flac", ".ogg", ".opus", ".mp3"}


def passed(recordings: Iterable[Samples]) -> tuple[int, int]:
    """Return how many windows pass, and of how many; each recording meets a fresh gate."""
    verdicts = []
    for samples in recordings:
        gate = VoiceActivityDetector()
        starts = range(0, max(1, len(samples) - WINDOW + 1), SOUND_RATE // 2)
        verdicts += [gate.judge(samples[start : start + WINDOW]) is not None for start in starts]
    return sum(verdicts), len(verdicts)


def with_noise(samples: Samples, ratio_db: float, rng: np.random.Generator) -> Samples:
    """Return a recording in white noise, `ratio_db` below the recording's mean level."""
    level = float(np.sqrt(np.square(samples).mean())) * 10 ** (-ratio_db / 20)
    return np.asarray(samples + rng.normal(0, level, len(samples)), dtype=np.float32)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.vad", __doc__)
    parser.add_argument("data", nargs="+", type=Path, help="an index.csv of voices, or a folder of sound files")
    parser.add_argument("--noise", type=float, nargs="*", default=[20, 10, 5], help="also at these ratios in dB")
    parser.add_argument("--clips", type=int, default=200, help="at most so many recordings of each, by chance")
    options = parser.parse_args(arguments)
    rng = np.random.default_rng(0)
    for data in options.data:
        if data.is_dir():
            paths = sorted(path for path in data.iterdir() if path.suffix in SUFFIXES)
        else:
            paths = [data.parent / row["path"] for row in read_index(data)]
        chosen = rng.permutation(len(paths))[: options.clips]
        recordings = [read_sound(paths[i]) for i in chosen]
        sets = {"as they are": recordings}
        sets |= {f"white noise {n:g} dB below": [with_noise(r, n, rng) for r in recordings] for n in options.noise}
        for name, some in sets.items():
            count, windows = passed(some)
            print(f"{data}, {name}: {count} of {windows} windows pass ({100 * count / max(1, windows):.1f} %)")


if __name__ == "__main__":
    sys.exit(main())
