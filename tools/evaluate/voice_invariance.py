"""What must not change a voice's reading, and how much it does: level, pauses, length, clipping, 8 kHz, noise.

Every recording of an index goes through the whole sense as it is and in each of these conditions. Shown are the UAR of
the classes that occur, how many recordings gave no reading, in how many the answer stayed, how far the probabilities
of a recording moved on average, and how far their mean over all recordings did (total variation: half the sum of
differences). A network that took level or length for a cue would move its mean under the first five; what chance alone
moves it by, other recordings of the same kind, is shown below.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soxr
from rich.console import Console
from rich.progress import track

from soundit_edge.capture import SOUND_RATE
from soundit_edge.emotion import EMOTIONS
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.speech import active_part
from soundit_edge.senses.voice import MODEL
from tools.command import command, tool_parser
from tools.data.voices import CLASSES, read_index, read_sound
from tools.evaluate.scoring import Answers, score
from tools.evaluate.vad import with_noise
from tools.evaluate.voice import clip_probabilities

Samples = npt.NDArray[np.float32]
PEAK: Final = 0.09
"""Of every recording as it is, so that 20 dB more still fit under full scale."""


def at_peak(samples: Samples, peak: float = PEAK) -> Samples:
    """Return a recording scaled to a peak."""
    return np.asarray(samples * (peak / max(float(np.abs(samples).max(initial=0.0)), 1e-6)), dtype=np.float32)


def padded(samples: Samples) -> Samples:
    """Put a second of silence before a recording, and one and a half behind it."""
    return np.concatenate([np.zeros(SOUND_RATE, np.float32), samples, np.zeros(SOUND_RATE * 3 // 2, np.float32)])


def twice(samples: Samples) -> Samples:
    """Say the same twice, without a pause."""
    speech = active_part(samples)
    return np.concatenate([speech, speech])


def cut(samples: Samples) -> Samples:
    """Keep only the first two thirds of what is spoken."""
    speech = active_part(samples)
    return speech[: len(speech) * 2 // 3]


def narrow(samples: Samples) -> Samples:
    """Take away what a source of 8 kHz has not."""
    low = soxr.resample(samples, SOUND_RATE, SOUND_RATE // 2)
    return np.asarray(soxr.resample(low, SOUND_RATE // 2, SOUND_RATE), dtype=np.float32)


def conditions() -> dict[str, Callable[[Samples], Samples]]:
    """Return by name what is done to a recording of peak `PEAK`."""
    rng = np.random.default_rng(0)
    return {
        "as it is": lambda samples: samples,
        "20 dB quieter": lambda samples: samples * np.float32(0.1),
        "20 dB louder": lambda samples: samples * np.float32(10),
        "silence around it": padded,
        "said twice": twice,
        "cut to two thirds": cut,
        "clipped by 12 dB": lambda samples: np.clip(at_peak(samples, 4.0), -1, 1),
        "8 kHz": narrow,
        "white noise 20 dB below": lambda samples: with_noise(samples, 20, rng),
        "white noise 10 dB below": lambda samples: with_noise(samples, 10, rng),
    }


def variation(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """Return total variation of distributions [..., 8], averaged: 0 to 1."""
    return float(0.5 * np.abs(a - b).sum(-1).mean())


def chance(probabilities: npt.NDArray[np.float32], draws: int = 1000) -> float:
    """Return how far the mean of distributions [n, 8] moves in 95 of 100 cases by chance alone (bootstrap)."""
    rng = np.random.default_rng(0)
    n = len(probabilities)
    means = [probabilities[rng.integers(n, size=n)].mean(0) for _ in range(draws)]
    return float(np.percentile([variation(mean, probabilities.mean(0)) for mean in means], 95))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.voice_invariance", __doc__)
    parser.add_argument("index", type=Path, help="an index.csv of labelled recordings")
    parser.add_argument("--corpus", help="only the recordings of this corpus")
    parser.add_argument("--model", default=MODEL, help="another model of the set than the shipped one")
    options = parser.parse_args(arguments)
    rows = [row for row in read_index(options.index, options.corpus) if row["emotion"] in CLASSES]
    labels = np.array([CLASSES[row["emotion"]] for row in rows])
    models, done = ModelSet(default_folder()), conditions()
    said = {name: np.full((len(rows), len(EMOTIONS)), np.nan, np.float32) for name in done}
    for i in track(range(len(rows)), description="measuring", console=Console(stderr=True), transient=True):
        samples = at_peak(read_sound(options.index.parent / rows[i]["path"]))
        for name, change in done.items():
            heard = clip_probabilities(change(samples), models, options.model)
            if heard is not None:
                said[name][i] = heard
    occurring = np.unique(labels)
    plain = said["as it is"]
    print("| | UAR % | no reading | same answer % | each moved % | their mean moved % |\n|---|---|---|---|---|---|")
    for name, probabilities in said.items():
        among = probabilities[:, occurring]
        answers = Answers([str(EMOTIONS[c]) for c in occurring], np.searchsorted(occurring, labels), among)
        both = ~np.isnan(probabilities[:, 0]) & ~np.isnan(plain[:, 0])
        same = (among[both].argmax(1) == plain[both][:, occurring].argmax(1)).mean()
        moved = variation(probabilities[both], plain[both])
        mean_moved = variation(probabilities[both].mean(0), plain[both].mean(0))
        silent = int(np.isnan(probabilities[:, 0]).sum())
        uar = score(answers)["uar"]
        print(
            f"| {name} | {100 * uar:.1f} | {silent} | {100 * same:.1f} | {100 * moved:.1f} | {100 * mean_moved:.1f} |"
        )
    print(f"\nBy chance alone the mean moves by up to {100 * chance(plain[~np.isnan(plain[:, 0])]):.1f} %.")


if __name__ == "__main__":
    sys.exit(main())
