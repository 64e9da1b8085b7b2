"""Fit what the speech gate's pieces of evidence count: `_WEIGHTS` and `_ASKED` of soundit_edge/senses/voice/vad.py.

A logistic regression tells windows of speech from windows of music. Speech: parts of recordings of an index, of half a
second, 0.8 and 2.5 seconds, as they are and in quiet, noisy and reverberant rooms. Music: folders of sound files, each
piece cut into windows of 2.5 seconds. Half of the people and of the pieces are fitted to and the others scored, then
the weights of all are shown. Of music 1 in 200 windows may pass those.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from scipy.optimize import minimize

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.senses.voice.log_mel import WINDOW
from soundit_edge.senses.voice.vad import active_part, evidence, pitch
from tools.command import command, tool_parser
from tools.data.voices import read_index, read_sound
from tools.evaluate.vad import SUFFIXES, with_noise
from tools.train.voice.distort import in_a_room

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

SECONDS: Final = (0.5, 0.8, 2.5)
MUSIC_S: Final = 150
"""Of each piece so much is heard at most."""
MAY_PASS: Final = 0.005
PENALTY: Final = 1e-4
"""On the squares of the weights of scaled evidence."""


def conditions(speech: Samples, rng: np.random.Generator) -> Iterator[tuple[str, Samples]]:
    """Give a part of a recording as it is, and as a device hears it in a second's quiet round it in several rooms."""
    yield "as it is", speech
    window = np.zeros(WINDOW, np.float32)
    start = (WINDOW - len(speech)) // 2
    window[start : start + len(speech)] = speech
    for ratio in (30, 20, 10, 5):
        yield f"noise {ratio} dB below", with_noise(window, ratio, rng)
    yield "reverberant", with_noise(in_a_room(window, rng), 40, rng)


def of_speech(index: Path, clips: int, rng: np.random.Generator) -> dict[str, tuple[Floats, npt.NDArray[np.str_]]]:
    """Return by length and condition the evidence [n, 6], NaN where there is too little, and whose each is."""
    rows = read_index(index)
    found: dict[str, list[tuple[Floats | None, str]]] = {}
    for i in rng.permutation(len(rows))[:clips]:
        speech = active_part(read_sound(index.parent / rows[i]["path"]))
        for seconds in SECONDS:
            length = min(len(speech), int(seconds * SOUND_RATE))
            start = int(rng.integers(len(speech) - length + 1))
            for name, sound in conditions(speech[start : start + length], rng):
                found.setdefault(f"{seconds} s, {name}", []).append((of_window(sound), rows[i]["speaker"]))
    return {
        name: (np.array([_or_nan(e) for e, _ in pairs]), np.array([person for _, person in pairs]))
        for name, pairs in found.items()
    }


def of_music(folders: Sequence[Path]) -> tuple[Floats, npt.NDArray[np.str_]]:
    """Return the evidence [n, 6] of the windows of all pieces, NaN where there is too little, and each one's piece."""
    found, names = [], []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True, frames=-1)
        mono = soxr.resample(samples[: rate * MUSIC_S].mean(1), rate, SOUND_RATE)
        for start in range(0, len(mono) - WINDOW, SOUND_RATE // 2):
            found.append(_or_nan(of_window(mono[start : start + WINDOW])))
            names.append(path.name)
    return np.array(found), np.array(names)


def of_window(sound: Samples) -> Floats | None:
    """Return the evidence of one window, [6], for a gate that hears it first; None where it would not ask for any."""
    level, periodicity, hertz = pitch(sound)
    floor = float(np.percentile(level, 10)) if len(sound) >= SOUND_RATE else -65.0
    if np.percentile(level, 95) - floor < 8:
        return None
    found = evidence(level, periodicity, hertz, floor)
    return None if found is None else found[0].astype(np.float64)


def _or_nan(found: Floats | None) -> Floats:
    return np.full(6, np.nan) if found is None else found


def fit(speech: Floats, music: Floats) -> tuple[Floats, float]:
    """Return weights [6] and what is asked of their sum, which `MAY_PASS` of the windows of music reach."""
    both = np.concatenate([speech, music])
    is_speech = np.arange(len(both)) < len(speech)
    known = np.isfinite(both).all(1)
    mean, spread = both[known].mean(0), both[known].std(0)
    scaled = np.c_[(both[known] - mean) / spread, np.ones(known.sum())]
    sign = np.where(is_speech[known], 1, -1)
    weight = np.where(sign > 0, 1 / (sign > 0).sum(), 1 / (sign < 0).sum())

    def loss(b: Floats) -> float:
        return float((weight * np.logaddexp(0, -sign * (scaled @ b))).sum() + PENALTY * (b**2).sum())

    weights = np.round(minimize(loss, np.zeros(7)).x[:-1] / spread, 3)
    sums = np.nan_to_num(music @ weights, nan=-np.inf)
    return weights, float(np.round(np.quantile(sums, 1 - MAY_PASS), 2))


def passed(found: Floats, weights: Floats, asked: float) -> float:
    """Return the share of windows that pass."""
    return float((np.nan_to_num(found @ weights, nan=-np.inf) >= asked).mean())


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.voice.gate", __doc__)
    parser.add_argument("index", type=Path, help="an index.csv of voices")
    parser.add_argument("music", type=Path, nargs="+", help="folders of music in which nobody speaks")
    parser.add_argument("--clips", type=int, default=600, help="so many recordings, by chance")
    options = parser.parse_args(arguments)
    speech = of_speech(options.index, options.clips, np.random.default_rng(0))
    music, pieces = of_music(options.music)
    names = np.unique(pieces)
    learnt = np.isin(pieces, names[::2])
    persons = np.unique(np.concatenate([who for _, who in speech.values()]))[::2]
    halves = np.concatenate([found[np.isin(who, persons)] for found, who in speech.values()])
    weights, asked = fit(halves, music[learnt])
    print(f"of pieces that were not fitted to: {100 * passed(music[~learnt], weights, asked):.2f} % pass")
    for name, (found, who) in speech.items():
        print(f"{name}: {100 * passed(found[~np.isin(who, persons)], weights, asked):.1f} % pass")
    weights, asked = fit(np.concatenate([found for found, _ in speech.values()]), music)
    print(f"weights {tuple(weights.tolist())}, asked {asked}")


if __name__ == "__main__":
    sys.exit(main())
