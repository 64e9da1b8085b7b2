"""The rooms of `turns.py`: readings of films, and of rooms that are made up, each for as long as one likes.

A film is read once by all senses, and its readings are kept in a folder, so that every fusion is given the same. It is
then repeated with noise of its own each time: one run of twenty seconds says little about an hour.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Capture
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import FPS, Drawn
from soundit_edge.capture.drawn.journey import CHANGE_S, HOLD_S, STATIONS, station
from soundit_edge.emotion import EMOTIONS, Emotion, Reading, distribution
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.perception.offline import perceivers_of
from soundit_edge.senses.registry import assemble
from soundit_edge.settings import SensesSettings

Seed = tuple[int, int]
Film = tuple[list[Reading], float]
"""The readings of a film, and its length in seconds."""
Shown = Callable[[float], frozenset[Emotion]]
"""What is shown at a moment in seconds, where that is known: in the middle of a change two emotions."""

NOISE: Final = 0.5
"""Standard deviation of the noise of the logarithms of the probabilities..."""
MEMORY_S: Final = 0.3
"""...and the time for which it lasts: readings of one moment err alike."""
MISREAD_PER_S: Final = 1 / 30
"""How often something else is read for `MISREAD_S`: a yawn, a hand, a bite."""
MISREAD_S: Final = (0.05, 0.15)
LAP_S: Final = (HOLD_S + CHANGE_S) * len(STATIONS)


@dataclass(frozen=True, slots=True)
class Room:
    """Readings to be pooled.

    Attributes:
        name: for the table.
        readings: gives the readings of so many seconds, in order of time.
        shown: what is shown when; None: always the same.
    """

    name: str
    readings: Callable[[float], Iterator[Reading]]
    shown: Shown | None = None


def rooms(clips: Path, cache: Path, seed: int) -> Iterator[Room]:
    """Yield all rooms.

    Args:
        clips: the folder of the films.
        cache: where readings are kept.
        seed: of the noise.
    """
    grid = [kept(cache, path.name, partial(Clip, path)) for path in sorted(clips.glob("*.mpg"))]
    dinner = kept(cache, "dinner", partial(Clip, clips / "dinner.mp4"))
    demo = kept(cache, "demo", Drawn, frames=round(LAP_S * FPS))
    yield Room("the dinner", partial(_repeated, [dinner], (seed, 0)))
    yield Room("GRID clips", partial(_repeated, grid, (seed, 1)))
    yield Room("the drawn demo", partial(_repeated, [demo], (seed, 2)), _stations)
    for number, (name, said) in enumerate(MADE_UP.items(), 3):
        yield Room(name, partial(_made_up, said, (seed, number)))


def kept(
    cache: Path, name: str, source: Callable[[], Capture], frames: int | None = None
) -> tuple[list[Reading], float]:
    """Return the readings of a film and its length in seconds, from the cache where they are kept there.

    Args:
        cache: the folder.
        name: of the film.
        source: opens it.
        frames: how many to read; None for all.
    """
    path = cache / f"{name}.json"
    if not path.is_file():
        perceivers = perceivers_of(assemble(SensesSettings(), ModelSet(default_folder())))
        found, end = [], 0.0
        with source() as capture:
            for item in islice(capture.items(), None if frames is None else 2 * frames):
                found += [reading for perceive in perceivers if (reading := perceive(item)) is not None]
                end = max(end, item.t)
        cache.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"end": end, "readings": [asdict(reading) for reading in found]}))
    read = json.loads(path.read_text())
    return [Reading(**{**r, "probabilities": tuple(r["probabilities"])}) for r in read["readings"]], read["end"]


@dataclass(frozen=True, slots=True)
class Said:
    """What one sense of a made-up room says all the time.

    Attributes:
        weights: of the emotions.
        trust: 0 to 1.
        period: seconds from one reading to the next.
        gaps: share of the time in which it finds nothing to read.
    """

    weights: Mapping[Emotion, float]
    trust: float
    period: float = 0.1
    gaps: float = 0.0


_NEUTRAL, _HAPPY, _SAD, _ANGRY = Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY
MADE_UP: Final[Mapping[str, Mapping[str, Said]]] = {
    "neutral": {"face": Said({_NEUTRAL: 0.8, _SAD: 0.1}, 0.15), "voice": Said({_NEUTRAL: 0.5, _SAD: 0.2}, 0.4, 0.5)},
    "mildly happy": {"face": Said({_HAPPY: 0.5, _NEUTRAL: 0.4}, 0.5)},
    "ambiguous": {"face": Said({_HAPPY: 0.4, _SAD: 0.4, Emotion.SURPRISED: 0.1}, 0.6)},
    "senses disagree": {"face": Said({_HAPPY: 0.8}, 0.7), "voice": Said({_ANGRY: 0.7}, 0.6, 0.5)},
    "a face that comes and goes": {"face": Said({_HAPPY: 0.8, _NEUTRAL: 0.1}, 0.85, gaps=0.3)},
    "little trust": {"face": Said({_SAD: 0.3, _NEUTRAL: 0.3, _ANGRY: 0.3}, 0.2), "body": Said({_HAPPY: 0.5}, 0.15)},
}
"""The rooms that are made up, by their names: what each sense says."""


def _stations(t: float) -> frozenset[Emotion]:
    present, following, share = station(t % LAP_S)
    shown = frozenset([present, following] if share > 0 else [present])
    # No network reads calm in a face, for a still picture does not tell it from neutral.
    return shown | {Emotion.NEUTRAL} if Emotion.CALM in shown else shown


def _repeated(films: list[Film], seed: Seed, seconds: float) -> Iterator[Reading]:
    """Yield the readings of the films one after the other, in another order each time, with noise."""
    random = np.random.default_rng(seed)
    begin, noise = 0.0, Noise(random)
    while begin < seconds:
        for number in random.permutation(len(films)):
            readings, length = films[number]
            yield from (noise.on(replace(reading, t=begin + reading.t)) for reading in readings)
            # A film of ten pictures a second lasts until a picture would follow its last one.
            begin += length + 1 / FPS


def _made_up(said: Mapping[str, Said], seed: Seed, seconds: float) -> Iterator[Reading]:
    random = np.random.default_rng(seed)
    noise, away_until = Noise(random), 0.0
    for tick in range(round(10 * seconds)):
        t = tick / 10
        if random.random() < 0.02:
            away_until = t + random.exponential(max(row.gaps for row in said.values()) * 5)
        for sense, row in said.items():
            if tick % round(10 * row.period) == 0 and not (row.gaps and t < away_until):
                weights = [row.weights.get(e, 0.02) for e in EMOTIONS]
                yield noise.on(Reading(sense, t, distribution(weights), row.trust))


class Noise:
    """Perturbs readings: noise that lasts a while, trust that flickers, and now and then something else is read."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._last: dict[str, tuple[float, npt.NDArray[np.float64]]] = {}
        self._misread: dict[str, tuple[float, Emotion]] = {}

    def on(self, reading: Reading) -> Reading:
        """Return a reading with noise; readings come in order of time."""
        random, sense, t = self._random, reading.sense, reading.t
        before_t, before = self._last.get(sense, (t, random.normal(0, NOISE, len(EMOTIONS))))
        lasting = np.exp(-(t - before_t) / MEMORY_S)
        noise = lasting * before + np.sqrt(1 - lasting**2) * random.normal(0, NOISE, len(EMOTIONS))
        self._last[sense] = t, noise
        if random.random() < MISREAD_PER_S * (t - before_t):
            self._misread[sense] = t + random.uniform(*MISREAD_S), EMOTIONS[random.integers(len(EMOTIONS))]
        weights = np.maximum(reading.probabilities, 1e-3) * np.exp(noise)
        trust = float(np.clip(reading.trust * np.exp(random.normal(0, 0.2)), 0, 1))
        until, something_else = self._misread.get(sense, (-1.0, Emotion.NEUTRAL))
        if t <= until:
            weights = np.array([0.8 if e is something_else else 0.03 for e in EMOTIONS])
            trust = max(trust, 0.6 * (reading.trust > 0))
        return replace(reading, probabilities=distribution(weights.tolist()), trust=trust)
