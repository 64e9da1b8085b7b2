"""Mixes music under a film's sound: the ducking of the music under the dialogue, and the loudness of the mix.

Loudness is that of ITU-R BS.1770-4. Speech is brought to the programme's loudness, the music to the same where nobody
speaks, and `DUCK_DB` below it where somebody does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE, Stereo, amplitude
from soundit_edge.audio.loudness import STEP, integrated
from soundit_edge.film.spotting.dialogue import Span, joined

PROGRAMME: Final = -16.0
"""Integrated loudness of the whole film in LUFS."""
DUCK_DB: Final = -11.0
"""The gain of the music while somebody speaks."""
BEFORE_S: Final = 0.35
"""The ducking begins this long before the speech..."""
AFTER_S: Final = 0.5
"""...holds this long after it..."""
BACK_S: Final = 1.2
"""...and is released over this time."""
PAUSE_S: Final = 2.0
"""In a pause up to this the ducking is not released."""
SOUND_GAINS_DB: Final = (-20.0, 15.0)
"""The range of the gain of a film's sound with speech."""
BESIDE_DB: Final = -8.0
"""A film's sound without speech is brought to this loudness relative to the programme, and never turned up."""
_TURN: Final = STEP / RATE


@dataclass(frozen=True, slots=True)
class Levels:
    """Gains (factors) of the film's sound, of the music, and of the mix of both."""

    sound: float
    music: float
    both: float


class Ducking:
    """The gain of the music over time, which ducks under speech."""

    def __init__(self, speech: Sequence[Span]) -> None:
        """Compute the curve of the gain.

        Args:
            speech: the spans to duck under.
        """
        points: list[tuple[float, float]] = []
        for begin, end in joined(((a - BEFORE_S, b + AFTER_S) for a, b in speech), PAUSE_S):
            points += [(begin, 0.0), (begin + BEFORE_S, DUCK_DB), (end, DUCK_DB), (end + BACK_S, 0.0)]
        times, levels = zip(*points or [(0.0, 0.0)], strict=True)
        self._times, self._levels = np.array(times), np.array(levels)

    def db(self, times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the gain in dB, `DUCK_DB` to 0, at moments in seconds; the curve is smooth, so no step is audible."""
        share = np.interp(times, self._times, self._levels) / DUCK_DB
        eased: npt.NDArray[np.float64] = DUCK_DB * (0.5 - 0.5 * np.cos(np.pi * share))
        return eased

    def gain(self, begin: int, count: int) -> npt.NDArray[np.float32]:
        """Return the gain as a factor for `count` samples from sample `begin` on, float32 [count, 1]."""
        coarse = np.arange(begin, begin + count + 480, 480) / RATE
        fine = np.interp(np.arange(begin, begin + count) / RATE, coarse, 10 ** (self.db(coarse) / 20))
        return fine.astype(np.float32)[:, np.newaxis]


def levels_for(
    sound: npt.NDArray[np.float64], music: npt.NDArray[np.float64], ducking: Ducking, speech: Sequence[Span]
) -> Levels:
    """Return the gains of the mix.

    Args:
        sound: the K-weighted power of each 0.1 s of the film's sound (see `loudness.energies`), [n].
        music: the same for the music, [n].
        ducking: the ducking of the music.
        speech: the spans of speech in the film's sound.
    """
    times = (np.arange(len(music)) + 0.5) * _TURN
    music_gain = _gain_to(PROGRAMME, music)
    speaking = np.zeros(len(sound), dtype=bool)
    for begin, end in speech:
        speaking[int(begin / _TURN) : max(1, round(end / _TURN))] = True
    if speaking.any():
        low, high = SOUND_GAINS_DB
        sound_gain = min(amplitude(high), max(amplitude(low), _gain_to(PROGRAMME, sound[speaking])))
    else:
        sound_gain = min(1.0, _gain_to(PROGRAMME + BESIDE_DB, sound))
    ducked = music * music_gain**2 * 10 ** (ducking.db(times) / 10)
    together = ducked + sound * sound_gain**2
    return Levels(sound_gain, music_gain, _gain_to(PROGRAMME, together))


def _gain_to(level: float, energy: npt.NDArray[np.float64]) -> float:
    """Return the factor that brings a stream of these powers to a loudness; 1 for silence."""
    now = integrated(np.pad(energy, (0, max(0, 4 - len(energy))), mode="edge")) if len(energy) else -np.inf
    return amplitude(level - now) if np.isfinite(now) else 1.0


def mixed(
    sound: Iterator[Stereo] | None, music: Iterator[Stereo], ducking: Ducking, levels: Levels, gain: float = 1.0
) -> Iterator[Stereo]:
    """Yield the mix of the film's sound and the music, float32 [n, 2], block by block.

    Args:
        sound: the film's sound in blocks of the same sizes; None for music alone.
        music: the music; its last block may be shorter.
        ducking: the ducking of the music.
        levels: the gains of both.
        gain: a further factor for the mix.
    """
    place = 0
    for block in music:
        factor = np.float32(levels.music * levels.both * gain)
        out: Stereo = block * factor * ducking.gain(place, len(block))
        if sound is not None:
            out += next(sound) * np.float32(levels.sound * levels.both * gain)
        place += len(block)
        yield out
