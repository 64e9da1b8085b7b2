"""Music whose beats, bars and key are known, since it is made here: 60 seconds from a seed, by numpy alone.

What a seed decides: tempo (60-180), metre (4/4 or 3/4), key and mode, swing, with or without drums, the patterns of
each part, slow drift of the tempo and uneven playing, a pick-up, silence before it, tuning, timbre and noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE, Stereo

Mono: TypeAlias = npt.NDArray[np.float64]
Pattern: TypeAlias = Sequence[float]

SECONDS: Final = 60.0
MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
MINOR: Final = (0, 2, 3, 5, 7, 8, 10)
FOLLOWS: Final = {
    0: (3, 4, 5, 1, 2),
    1: (4, 4, 6),
    2: (5, 3),
    3: (0, 4, 1, 4),
    4: (0, 0, 5, 3),
    5: (3, 1, 4),
    6: (0, 2),
}
"""The degrees that may come after each."""

# Places in a bar, in beats from its line.
KICKS: Final[dict[int, Sequence[Pattern]]] = {
    4: ((0, 2), (0, 1, 2, 3), (0, 1.5, 2), (0, 2, 2.5), (0, 1.5, 2.5), (0,), (0, 0.75, 2.5)),
    3: ((0,), (0, 1.5), (0, 2.5), (0, 2)),
}
SNARES: Final[dict[int, Sequence[Pattern]]] = {
    4: ((1, 3), (1, 3), (1, 3, 3.5), (2,), (1, 2.75, 3)),
    3: ((1, 2), (2,), (1,), (1, 2, 2.5)),
}
HATS: Final[dict[int, Sequence[Pattern]]] = {
    metre: ([k / 2 for k in range(2 * metre)], [k + 0.5 for k in range(metre)], range(metre), []) for metre in (3, 4)
}
BASSES: Final[dict[int, Sequence[Pattern]]] = {
    4: ((0, 2), (0, 1, 2, 3), (0, 1.5, 2), (0,), [k / 2 for k in range(8)], (0, 1.5, 3)),
    3: ((0,), (0, 1, 2), (0, 2), (0, 1.5)),
}
CHORDS: Final[dict[int, Sequence[Pattern]]] = {
    4: ((0,), (0, 2), (0, 1.5, 2.5), (1, 3), (0, 1, 2, 3), (0.5, 1.5, 2.5, 3.5), [k / 2 for k in range(8)]),
    3: ((0,), (1, 2), (0, 1, 2), (0, 1.5)),
}
MOTIFS: Final[dict[int, Sequence[Pattern]]] = {
    4: (
        (0, 1, 2, 3),
        (0, 0.5, 1, 2),
        (0, 1.5, 2, 3),
        (0.5, 1, 1.5, 2, 3),
        (0, 2),
        (0, 0.5, 1, 1.5, 2, 2.5, 3),
        (1, 2, 2.5),
    ),
    3: ((0, 1, 2), (0, 1.5, 2), (0, 2), (0, 0.5, 1, 2), (0.5, 1, 2), (0, 0.5, 1, 1.5, 2, 2.5)),
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a track.

    Attributes:
        beats: seconds of each beat, the pick-up's too.
        first: which of them is the first bar line.
        metre: beats to a bar.
        tonic: semitones above C.
        minor: the mode.
        drums: whether there are any.
        drift: by which share the tempo swings to and fro; 0 is steady.
    """

    beats: npt.NDArray[np.float64]
    first: int
    metre: int
    tonic: int
    minor: bool
    drums: bool
    drift: float

    @property
    def bpm(self) -> float:
        return float(60.0 * (len(self.beats) - 1) / (self.beats[-1] - self.beats[0]))

    @property
    def downbeats(self) -> npt.NDArray[np.float64]:
        return self.beats[self.first :: self.metre]


class Player:
    """Plays notes at places of the music's time into the track."""

    def __init__(self, seed: int) -> None:
        rng = self.rng = np.random.default_rng([19, seed])
        self.metre = int(rng.choice([4, 4, 3]))
        self.drums = bool(rng.random() < 0.75)
        self.drift = float(rng.uniform(0.01, 0.05)) if rng.random() < 0.4 else 0.0
        self._uneven = rng.uniform(0.002, 0.008)  # seconds
        self._swing = rng.uniform(0.55, 0.67) if rng.random() < 0.3 else 0.5
        self._tuning = rng.uniform(-0.4, 0.4)  # semitones
        bpm = 60.0 * 3.0 ** rng.random()
        self.pickup = int(rng.integers(1, self.metre)) if rng.random() < 0.4 else 0
        beats = int((SECONDS + 10.0) * bpm / 60.0)
        curve = self.drift * np.sin(np.arange(beats) / beats * rng.uniform(6, 30) + rng.uniform(0, 6))
        self._beats = rng.uniform(0.0, 1.5) + np.concatenate([[0.0], np.cumsum(60.0 / bpm * (1.0 + curve))])
        self.out = np.zeros(round((SECONDS + 4.0) * RATE))
        self._sounds: dict[tuple[object, ...], Mono] = {}

    @property
    def beats(self) -> npt.NDArray[np.float64]:
        """Seconds of the beats, the pick-up's first."""
        beats: npt.NDArray[np.float64] = self._beats[self._beats < SECONDS - 1.0]
        return beats

    @property
    def bars(self) -> int:
        return int((len(self.beats) - self.pickup) // self.metre)

    def seconds(self, place: float) -> float:
        """When a place, in beats from the first bar line, is played."""
        beat, rest = divmod(place + self.pickup, 1.0)
        swung = rest / 0.5 * self._swing if rest < 0.5 else 1.0 - (1.0 - rest) / 0.5 * (1.0 - self._swing)
        return float(np.interp(beat + swung, np.arange(len(self._beats)), self._beats))

    def add(self, sound: Mono, place: float, level: float) -> None:
        """Play a sound, about as loud and about then as asked for."""
        at = max(0, round((self.seconds(place) + self._uneven * self.rng.standard_normal()) * RATE))
        piece = self.out[at : at + len(sound)]
        piece += level * self.rng.uniform(0.75, 1.0) * sound[: len(piece)]

    def note(self, pitch: int, length: float, timbre: tuple[float, float, float]) -> Mono:
        """A MIDI pitch of so many seconds; the timbre: how fast partials fall, the attack and the decay in seconds."""
        length = round(length, 2)
        key = (pitch, length, timbre)
        if key not in self._sounds:
            fall, attack, decay = timbre
            t = np.arange(round((length + 0.05) * RATE)) / RATE
            hertz = 440.0 * 2.0 ** ((pitch + self._tuning - 69) / 12)
            partials = [k for k in range(1, 9) if k * hertz < 8_000]
            wave = sum(
                np.sin(2 * np.pi * k * hertz * t + k * k) * np.exp(-t * k / (2 * decay)) / k**fall for k in partials
            )
            envelope = np.minimum(1.0, t / attack) * np.exp(-t / decay) * np.minimum(1.0, (t[-1] - t) / 0.04)
            self._sounds[key] = np.asarray(wave * envelope)
        return self._sounds[key]

    def timbre(self, attacks: tuple[float, float], decays: tuple[float, float]) -> tuple[float, float, float]:
        """One of an instrument's."""
        fall = self.rng.uniform(1.0, 2.2)
        return fall, float(np.exp(self.rng.uniform(*np.log(attacks)))), float(np.exp(self.rng.uniform(*np.log(decays))))

    def choose(self, patterns: Sequence[Pattern]) -> Pattern:
        return patterns[int(self.rng.integers(len(patterns)))]


def synthetic(seed: int) -> tuple[Stereo, Truth]:
    """The track of a seed, float32 [n, 2] at `RATE`, and what is true of it."""
    player = Player(seed)
    rng = player.rng
    tonic, minor = int(rng.integers(12)), bool(rng.random() < 0.5)
    harmony = _harmony(rng, player.bars, player.metre)
    _chords(player, harmony, tonic, minor)
    _bass(player, harmony, tonic, minor)
    _melody(player, harmony, tonic, minor)
    if player.drums:
        _drums(player)
    out = player.out[: round(SECONDS * RATE)]
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(len(out))) / np.sqrt(np.arange(1, len(out) // 2 + 2)))
    out = out / out.std() + noise / noise.std() * 10 ** (rng.uniform(-50, -15) / 20)
    out *= 0.5 / np.abs(out).max()
    truth = Truth(player.beats, player.pickup, player.metre, tonic, minor, player.drums, player.drift)
    return np.repeat(out[:, np.newaxis], 2, axis=1).astype(np.float32), truth


def _harmony(rng: np.random.Generator, bars: int, metre: int) -> list[tuple[float, float, int]]:
    """Chords as (begin, length, degree), in beats: phrases of eight bars from the tonic, which the last of them is."""
    each = float(rng.choice([metre, metre, metre, 2 * metre, metre / 2 if metre == 4 else metre]))
    phrase: list[int] = []
    degree = 0 if rng.random() < 0.7 else 5
    for _ in range(round(8 * metre / each) - 1):
        phrase.append(degree)
        degree = int(rng.choice(FOLLOWS[degree]))
    phrase.append(int(rng.choice([4, 4, 0, 3])))
    count = int(bars * metre / each)
    chords = [(k * each, each, phrase[k % len(phrase)]) for k in range(count)]
    return [*chords[:-1], (chords[-1][0], each, 0)]


def _step(degree: int, tonic: int, minor: bool, leading: bool) -> int:
    """The semitones of a degree of the scale above C; a minor key's dominant may have the leading note."""
    octave, place = divmod(degree, 7)
    scale = MINOR if minor else MAJOR
    return tonic + 12 * octave + scale[place] + (1 if minor and leading and place == 6 else 0)


def _within(places: Pattern, begin: float, length: float, metre: int) -> list[tuple[float, float]]:
    """A bar's pattern in a chord, as (place, beats until the next)."""
    all_places = [begin // metre * metre + bar * metre + p for bar in range(1 + int(length // metre)) for p in places]
    inside = [p for p in all_places if begin <= p < begin + length]
    return list(zip(inside, np.diff([*inside, begin + length]), strict=True))


def _chords(player: Player, harmony: list[tuple[float, float, int]], tonic: int, minor: bool) -> None:
    pattern = player.choose(CHORDS[player.metre])
    timbre = player.timbre((0.003, 0.15), (0.3, 3.0))
    level = player.rng.uniform(0.12, 0.3)
    for begin, length, degree in harmony:
        for place, beats in _within(pattern, begin, length, player.metre):
            seconds = player.seconds(place + beats) - player.seconds(place)
            for third in (0, 2, 4):
                pitch = 48 + (_step(degree + third, tonic, minor, leading=degree == 4) - 7) % 12 + 7
                player.add(player.note(pitch, seconds, timbre), place, level)


def _bass(player: Player, harmony: list[tuple[float, float, int]], tonic: int, minor: bool) -> None:
    pattern = player.choose(BASSES[player.metre])
    walking = player.rng.random() < 0.4
    timbre = player.timbre((0.003, 0.03), (0.2, 1.0))
    level = player.rng.uniform(0.3, 0.7)
    for begin, length, degree in harmony:
        for k, (place, beats) in enumerate(_within(pattern, begin, length, player.metre)):
            seconds = player.seconds(place + beats) - player.seconds(place)
            third = (0, 4, 2, 4)[k % 4] if walking else 0
            pitch = 28 + (_step(degree + third, tonic, minor, leading=degree == 4) - 4) % 12
            player.add(player.note(pitch, seconds, timbre), place, level)


def _melody(player: Player, harmony: list[tuple[float, float, int]], tonic: int, minor: bool) -> None:
    rng = player.rng
    motifs = [player.choose(MOTIFS[player.metre]) for _ in range(2)]
    timbre = player.timbre((0.005, 0.08), (0.3, 2.0))
    level = rng.uniform(0.2, 0.5)
    step = 7
    places = [float(p - player.pickup) for p in range(player.pickup)]
    for bar in range(player.bars):
        if rng.random() < 0.9:  # or it is silent for a bar
            places += [bar * player.metre + p for p in motifs[(bar // 2) % 2]]
    for place, after in zip(places, [*places[1:], places[-1] + 1.0], strict=True):
        degree = next((d for begin, length, d in harmony if begin <= place < begin + length), 0)
        step = int(np.clip(step + rng.integers(-2, 3), 4, 13))
        if place % 1.0 == 0.0 and rng.random() < 0.7:
            step = min((s for s in range(4, 14) if (s - degree) % 7 in (0, 2, 4)), key=lambda s: abs(s - step))
        seconds = min(2.0, player.seconds(after) - player.seconds(place))
        player.add(player.note(48 + _step(step, tonic, minor, leading=degree == 4), seconds, timbre), place, level)


def _drums(player: Player) -> None:
    rng, metre = player.rng, player.metre
    t = np.arange(RATE // 2) / RATE
    kick = np.sin(2 * np.pi * (rng.uniform(45, 60) * t - 4.0 * np.exp(-t / 0.02))) * np.exp(
        -t / rng.uniform(0.06, 0.15)
    )
    snare = (rng.standard_normal(len(t)) + np.sin(2 * np.pi * 190 * t)) * np.exp(-t / rng.uniform(0.04, 0.1))
    hat = np.diff(rng.standard_normal(len(t) + 1)) * np.exp(-t / rng.uniform(0.015, 0.06))
    parts = [
        (kick, player.choose(KICKS[metre]), rng.uniform(0.5, 1.2)),
        (snare, player.choose(SNARES[metre]), rng.uniform(0.25, 0.6)),
    ]
    parts.append((hat, player.choose(HATS[metre]), rng.uniform(0.08, 0.25)))
    for bar in range(player.bars):
        fill = bar % 8 == 7 and rng.random() < 0.5
        for sound, pattern, level in parts:
            for place in pattern:
                if rng.random() < 0.96:
                    player.add(sound, bar * metre + place, level)
        for k in range(4 if fill else 0):
            player.add(snare, (bar + 1) * metre - 2 + k / 2, parts[1][2])
