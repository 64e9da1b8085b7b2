"""Fit the weights by which the key of a track is found, and measure them.

    python -m tools.music.train_key --font A.sf2 --font B.sf2 [--write]

A logistic regression over 24 keys, on pieces of our own of known keys (seeds 1 to 12 of `benches/analysis_pieces.py`,
1000 to 1119 of `benches/analysis_tracks.py`), on what the product composes in each mood (seeds 100 to 103), on ASAP's
performances whose work's name says the key, and on VGMIDI's key signatures, each of which may be a major key or its
relative. Five parts of each set are left out in turn; `benches/analysis_midi.py` measures pieces of other seeds. Three
SoundFonts take turns: the first one plays pieces, the second VGMIDI as well, the third ASAP.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from soundit_edge.music.analysis.key import NUMBERS, key_shares, standard_profiles
from soundit_edge.music.analysis.key_cues import CUES
from tools.command import command, tool_parser
from tools.music.keyed_music import KeyedMusic, asap, own_composed, own_pieces, own_tracks, vgmidi

Floats = npt.NDArray[np.float64]

DATA: Final = Path("../shared/data/music")
CACHE: Final = Path(".cache/key")
RIDGE: Final = 0.2
"""What the square of a weight's distance from where it begins costs, in nats."""
PROFILES: Final = 20.0
"""Weight, before anything is learnt, of how well all sounds correlate with a key's profile."""
FOLDS: Final = 5
COUNTS: Final = {"own pieces": 1.0, "own tracks": 2.0, "composed": 1.0, "VGMIDI": 0.4, "ASAP": 2.0}
"""How much a track of each set counts: real performances the most, signatures less than keys."""


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure, and write `soundit_edge/music/analysis/key.json` where asked to."""
    parser = tool_parser("tools.music.train_key", __doc__)
    parser.add_argument("--font", type=Path, action="append", required=True, help="a SoundFont; they take turns")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the music (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write the weights")
    given: argparse.Namespace = parser.parse_args(arguments)
    sets = {
        "own pieces": own_pieces(given.font, CACHE),
        "own tracks": own_tracks(CACHE),
        "composed": own_composed(CACHE),
        "VGMIDI": vgmidi(given.data, given.font[1 % len(given.font)], CACHE),
        "ASAP": asap(given.data, given.font[2 % len(given.font)], CACHE),
    }
    for name, right in left_out(sets).items():
        print(f"{name}, left out: {right.mean():.3f} of {len(right)} exact")
    weights, more = fit([(music, COUNTS[name]) for name, music in sets.items()])
    if given.write:
        NUMBERS.write_text(json.dumps(_numbers(weights, more), indent=1) + "\n")


def left_out(sets: Mapping[str, KeyedMusic]) -> dict[str, Floats]:
    """Return 1 for each track whose key is right, found by what was fitted without its part of its set."""
    parts = {name: np.random.default_rng(0).permutation(len(music)) % FOLDS for name, music in sets.items()}
    right = {name: np.zeros(len(music)) for name, music in sets.items()}
    for part in range(FOLDS):
        weights, more = fit([(music.of(parts[name] != part), COUNTS[name]) for name, music in sets.items()])
        for name, music in sets.items():
            out = np.flatnonzero(parts[name] == part)
            right[name][out] = music.keys[out, key_shares(music.cues[out], weights, more).argmax(axis=1)]
    return right


def fit(sets: Sequence[tuple[KeyedMusic, float]]) -> tuple[Floats, float]:
    """Return weights [2, n] and `more_minor` that make the right keys of all tracks likeliest, at the ridge's cost."""
    cues = np.concatenate([music.cues for music, _ in sets])
    keys = np.concatenate([music.keys for music, _ in sets])
    counts = np.concatenate([np.full(len(music), count) for music, count in sets])
    size = cues.shape[2]
    begin = np.zeros((2, len(CUES), 12))
    begin[:, CUES.index("sounds")] = PROFILES * standard_profiles()

    def loss(numbers: Floats) -> tuple[float, Floats]:
        weights = numbers[:-1].reshape(2, size)
        shares = key_shares(cues, weights, float(numbers[-1]))
        right = np.maximum((shares * keys).sum(axis=1), 1e-12)
        slope = (shares - shares * keys / right[:, np.newaxis]) * counts[:, np.newaxis]
        steps = [np.tensordot(slope[:, 12 * mode : 12 * mode + 12], cues, 2) for mode in (0, 1)]
        gradient = np.concatenate([*steps, [slope[:, 12:].sum()]])
        away = numbers[:-1] - begin.ravel()
        gradient[:-1] += 2 * RIDGE * away
        return float(-(counts * np.log(right)).sum() + RIDGE * np.square(away).sum()), gradient

    found = minimize(loss, np.append(begin.ravel(), 0.0), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found[:-1].reshape(2, size), float(found[-1])


def _numbers(weights: Floats, more_minor: float) -> dict[str, object]:
    """Return the weights by mode and cue, of the twelve notes from the tonic up."""
    rows = weights.round(3).reshape(2, len(CUES), 12)
    modes = {
        mode: {cue: list(map(float, row)) for cue, row in zip(CUES, rows[k], strict=True)}
        for k, mode in enumerate(("major", "minor"))
    }
    return {**modes, "more minor": round(more_minor, 3)}


if __name__ == "__main__":
    sys.exit(main())
