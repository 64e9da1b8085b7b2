"""Fit the weights by which beats, metre and bars of a track are chosen, and measure them.

    python -m tools.music.train_metre --font A.sf2 --font B.sf2 [--write]

A logistic regression over all ways to hear a track: the right ones are to be the likeliest. Of pieces of our own (seeds
1 to 12 of `benches/analysis_pieces.py`, 1000 to 1119 of `benches/analysis_tracks.py`) these are the ways whose beats
and bar lines are right (F of 0.8); of ASAP's performances, whose bar lines are not told and whose beats are seldom
followed that well, those whose tempo is right up to octaves. Five parts are left out in turn;
`benches/analysis_midi.py` measures pieces of other seeds. Three SoundFonts take turns; the first one plays ASAP.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benches.analysis import OCTAVES, SAME_TEMPO, f_measure
from benches.analysis_pieces import SECONDS, kinds, piece
from benches.analysis_tracks import synthetic
from soundit_edge.audio.format import Stereo
from soundit_edge.errors import SounditError
from soundit_edge.music.analysis.chroma import chroma
from soundit_edge.music.analysis.downbeats import NUMBERS
from soundit_edge.music.analysis.metre_cues import NAMES
from soundit_edge.music.analysis.rhythm import readings
from soundit_edge.music.analysis.spectral_flux import FRAME_RATE, downmix_half_rate, flux
from tools.command import command, tool_parser
from tools.music.midi_sound import MidiSound, messages_of

Floats = npt.NDArray[np.float64]
Heard = tuple[Floats, npt.NDArray[np.bool_]]
"""Cues of all ways to hear a track, [ways, cues], and which of them are right, [ways]."""

DATA: Final = Path("../shared/data/music")
CACHE: Final = Path(".cache/metre")
PIECES: Final = range(1, 13)
TRACKS: Final = range(1_000, 1_120)
ASAP_S: Final = 60.0
RIDGE: Final = 0.3
"""What a squared weight costs, in nats, of a cue with a deviation of 1."""
RIGHT: Final = 0.8
FOLDS: Final = 5


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure, and write `soundit_edge/music/analysis/metre.json` where asked to."""
    parser = tool_parser("tools.music.train_metre", __doc__)
    parser.add_argument("--font", type=Path, action="append", required=True, help="a SoundFont; they take turns")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the music (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write the weights")
    given: argparse.Namespace = parser.parse_args(arguments)
    pieces = [track for seed in PIECES for track in _pieces(seed, given.font[seed % len(given.font)])]
    tracks = _kept(f"tracks {TRACKS}", _tracks)
    rows = _rows(given.data)
    performances = _performances(given.data, rows, given.font[0])
    heard = [*pieces, *tracks, *performances]
    parts = np.random.default_rng(0).permutation(len(heard)) % FOLDS
    right = np.zeros(len(heard))
    for part in range(FOLDS):
        weights = fit([track for track, other in zip(heard, parts, strict=True) if other != part])
        for k in np.flatnonzero(parts == part):
            cues, rights = heard[k]
            right[k] = rights[int((cues @ weights).argmax())] if len(cues) else 0.0
    of_pieces, of_tracks, of_asap = np.split(right, np.cumsum([len(pieces), len(tracks)]))
    for name, some in (("pieces", of_pieces), ("own tracks", of_tracks)):
        print(f"{name}, beats, metre and bars right, left out: {some.mean():.3f} of {len(some)}")
    for name, some in (("", of_asap), (" of known key", of_asap[[bool(row["key"]) for row in rows]])):
        print(f"ASAP{name}, tempo right up to octaves, left out: {some.mean():.3f} of {len(some)}")
    weights = fit(heard)
    if given.write:
        numbers = {name: round(float(weight), 3) for name, weight in zip(NAMES, weights, strict=True)}
        NUMBERS.write_text(json.dumps(numbers, indent=1) + "\n")


def fit(heard: Sequence[Heard]) -> Floats:
    """Return the weights, [cues], that make the right ways the likeliest; a track without a right way says nothing."""
    told = [(cues, rights) for cues, rights in heard if len(rights) and rights.any()]
    spread = np.concatenate([cues for cues, _ in told]).std(axis=0) + 1e-6
    most = max(len(cues) for cues, _ in told)
    ways = np.zeros((len(told), most, len(spread)))
    right, there = np.zeros((len(told), most)), np.full((len(told), most), -1e9)
    for k, (cues, rights) in enumerate(told):
        ways[k, : len(cues)], right[k, : len(cues)], there[k, : len(cues)] = cues / spread, rights, 0.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = ways @ weights + there
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        good = np.maximum((shares * right).sum(axis=1), 1e-12)
        slope = np.tensordot(shares - shares * right / good[:, np.newaxis], ways, 2)
        return float(-np.log(good).sum() + RIDGE * weights @ weights), slope + 2 * RIDGE * weights

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    return np.asarray(found / spread)


def heard_in(samples: Stereo, beats: Floats, metre: int, division: int) -> Heard:
    """Return the ways to hear float32 [n, 2], and which are right; `beats` in seconds, the first begins a bar."""
    mono = downmix_half_rate(samples)
    ways = list(readings(flux(mono), chroma(mono))[0])
    scores: dict[int, float] = {}  # of each row of beats, which many ways share

    def is_right(k: int) -> bool:
        row, count = ways[k].beats / FRAME_RATE, ways[k].count
        if (count.metre, count.division) != (metre, division):
            return False
        key = id(ways[k].beats)
        if key not in scores:
            scores[key] = f_measure(row, beats)
        return scores[key] >= RIGHT and f_measure(row[count.first :: metre], beats[::metre]) >= RIGHT

    cues = np.array([way.cues for way in ways]).reshape(len(ways), len(NAMES))
    return cues, np.array([is_right(k) for k in range(len(ways))], dtype=bool)


def _pieces(seed: int, font: Path) -> list[Heard]:
    def made() -> Iterator[Heard]:
        sound = _sound(font)
        for k, kind in enumerate(kinds(seed)):
            messages, truth = piece(kind, 100 * seed + k)
            yield heard_in(sound.play(messages, SECONDS), truth.beats, kind.metre, kind.division)

    return _kept(f"pieces {seed} {font.name} {SECONDS}", made)


def _rows(folder: Path) -> list[dict[str, str]]:
    try:
        with (folder / "asap.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise SounditError(f"{folder}: no music there; give its folder with --data") from error


def _performances(folder: Path, rows: Sequence[dict[str, str]], font: Path) -> list[Heard]:
    """Return ASAP's performances, those without a beat, too."""

    def made() -> Iterator[Heard]:
        sound = _sound(font)
        for row in rows:
            mono = downmix_half_rate(sound.play(messages_of(folder / row["path"]), ASAP_S))
            ways = list(readings(flux(mono), chroma(mono))[0])
            ratios = [60.0 * FRAME_RATE / np.median(np.diff(way.beats)) / float(row["tempo_bpm"]) for way in ways]
            right = (np.abs(np.divide.outer(ratios, OCTAVES) - 1.0) < SAME_TEMPO).any(axis=1)
            yield np.array([way.cues for way in ways]).reshape(len(ways), len(NAMES)), right

    return _kept(f"ASAP {font.name} {ASAP_S}", made)


def _sound(font: Path) -> MidiSound:
    try:
        return MidiSound(font)
    except OSError as error:
        raise SounditError(str(error)) from error


def _tracks() -> Iterator[Heard]:
    for seed in TRACKS:
        samples, truth = synthetic(seed)
        yield heard_in(samples, truth.beats[truth.first :], truth.metre, 2)


def _kept(name: str, made: Callable[[], Iterator[Heard]]) -> list[Heard]:
    """Return the tracks of a set, from the cache or heard now."""
    place = CACHE / f"{hashlib.sha256(f'{NAMES} {name}'.encode()).hexdigest()[:16]}.npz"
    if not place.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        heard = list(made())
        flat = {f"cues{k}": cues for k, (cues, _) in enumerate(heard)}
        np.savez(place, **flat, **{f"right{k}": right for k, (_, right) in enumerate(heard)})
    with np.load(place) as kept:
        return [(kept[f"cues{k}"], kept[f"right{k}"]) for k in range(len(kept.files) // 2)]


if __name__ == "__main__":
    sys.exit(main())
