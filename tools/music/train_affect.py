"""Train the numbers by which valence and arousal of a song are estimated, and measure them.

    python -m tools.music.train_affect --font A.sf2 --font B.sf2 [--write]

Ridge regression on the cues of the rated music, each piece played by the piano of every SoundFont, so that no weight
rests on one sound. Ten folds by piece, and by series, of which the pieces are left out in all their renderings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.affect import EXTREME, NUMBERS
from soundit_edge.music.analysis.affect_cues import CUES
from tools.command import command, tool_parser
from tools.music.rated_music import rated_pieces, record_cues, rendered_cues

Floats = npt.NDArray[np.float64]

DATA: Final = Path("../shared/data/music")
RECORDS: Final = Path("/usr/share/games/wesnoth")
CACHE: Final = Path(".cache/affect")
RIDGE: Final = 0.1
"""Of the number of rows: what a squared weight costs, in deviations of the ratings."""
FOLDS: Final = 10
SEEDS: Final = range(5)
SPREAD: Final = 0.6
"""Place in the plane, before `tanh`, of a piece that people rate one deviation above the mean."""


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure, and write `soundit_edge/music/analysis/affect.json` where asked to."""
    parser = tool_parser("tools.music.train_affect", __doc__)
    parser.add_argument("--font", type=Path, action="append", required=True, help="a SoundFont; give two or more")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the rated music (%(default)s)")
    parser.add_argument("--records", type=Path, default=RECORDS, help="a folder of unrated records (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write the numbers")
    given: argparse.Namespace = parser.parse_args(arguments)
    pieces = rated_pieces(given.data)
    cues = np.stack([rendered_cues(pieces, font, CACHE) for font in given.font])
    usual = usual_cues(cues, record_cues(given.records, CACHE))
    scaled = np.clip((cues - usual[0]) / usual[1], -EXTREME, EXTREME)
    series = np.unique([piece.series for piece in pieces], return_inverse=True)[1]
    numbers: dict[str, Any] = {"usual": {name: list(pair) for name, pair in zip(CUES, usual.T.round(4), strict=True)}}
    for kind in ("valence", "arousal"):
        ratings = np.array([getattr(piece, kind) for piece in pieces])
        numbers[kind] = _numbers(scaled, ratings)
        by_piece = [_folds_r(scaled, ratings, _parts(len(pieces), seed)) for seed in SEEDS]
        rows = zip(given.font, np.mean(by_piece, axis=0), _folds_r(scaled, ratings, series), strict=True)
        for font, ten, out in rows:
            print(f"{kind}, {font.name}: r {ten:.3f} by {FOLDS} folds, {out:.3f} by series")
    text = json.dumps(numbers, indent=1) + "\n"
    print(text)
    if given.write:
        NUMBERS.write_text(text)


def usual_cues(rated: Floats, records: Floats) -> Floats:
    """Return mean and deviation of each cue, [2, cues], of rated music and records, both with the same weight."""
    sets = [rated.reshape(-1, rated.shape[-1]), records]
    mean = np.mean([rows.mean(axis=0) for rows in sets], axis=0)
    away = np.mean([np.square(rows - mean).mean(axis=0) for rows in sets], axis=0)
    return np.stack([mean, np.sqrt(away)])


def ridge(cues: Floats, ratings: Floats) -> tuple[Floats, float]:
    """Return weights [cues] and constant of the ridge regression of ratings [n] on cues [n, cues] (Hoerl & Kennard)."""
    mean = cues.mean(axis=0)
    away = cues - mean
    weights = np.linalg.solve(
        away.T @ away + RIDGE * len(away) * np.eye(len(mean)), away.T @ (ratings - ratings.mean())
    )
    return weights, float(ratings.mean() - mean @ weights)


def _numbers(scaled: Floats, ratings: Floats) -> dict[str, Any]:
    """Return weights and constant by which the middle of the ratings is 0 and their deviation is `SPREAD`."""
    standard = (ratings - ratings.mean()) / ratings.std()
    weights, constant = ridge(scaled.reshape(-1, len(CUES)), np.tile(standard, len(scaled)))
    shares = {name: round(SPREAD * float(weight), 4) for name, weight in zip(CUES, weights, strict=True)}
    return {"constant": round(SPREAD * constant, 4), "weights": shares}


def _parts(count: int, seed: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(count) % FOLDS


def _folds_r(scaled: Floats, ratings: Floats, parts: npt.NDArray[np.int64]) -> Floats:
    """Return for each SoundFont the correlation of ratings with what is estimated where a piece's part is left out."""
    found = np.zeros(scaled.shape[:2])
    for part in np.unique(parts):
        out = parts == part
        weights, constant = ridge(scaled[:, ~out].reshape(-1, len(CUES)), np.tile(ratings[~out], len(scaled)))
        found[:, out] = scaled[:, out] @ weights + constant
    return np.array([np.corrcoef(row, ratings)[0, 1] for row in found])


if __name__ == "__main__":
    sys.exit(main())
