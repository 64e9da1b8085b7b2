"""The light's picture at a moment: the brightness of each of its lamps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from soundit_edge.control.pulse import Pulse
from soundit_edge.control.status import Status
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.panel.signs import ANSWER_S, LOOKS, Answer, Sign, sign_of
from soundit_edge.tables.colours import RGB, light_of

FADE_S: Final = 0.5
"""From one mood's colour to the next, about two thirds of the way are done in so many seconds."""
MAX_FRAME_S: Final = 0.1
"""A fade goes on by no more than this from one picture to the next."""
STEPS: Final = 100
"""lgpio pulses a pin in hundredths."""
MIN_LIT: Final = 2 / STEPS
"""The strongest lamp while camera or microphone are open, whatever the light says."""
_RESTING: Final = 0.7
_DIM: Final = 0.4
_SETTLED: Final = 0.002


@dataclass(frozen=True, slots=True)
class LampLevels:
    """What the lamps are to show.

    Attributes:
        levels: of red, green and blue, 0 to 1, in whole `STEPS`.
        moves: whether it will be another one in a moment, though nothing happens.
    """

    levels: RGB
    moves: bool


class Light:
    """Decides what is shown. Time is an argument."""

    def __init__(self, brightness: float, wired: Sequence[bool], t: float) -> None:
        """Begin white.

        Args:
            brightness: of the whole, 0 to 1, as eyes see it.
            wired: which of red, green and blue are there.
            t: the moment, in seconds of a clock that never goes back.
        """
        self._wired = tuple(wired)
        self._full = brightness**2  # twice as much light is not twice as bright
        self._t = self._sign_since = t
        self._sign = Sign.STARTING
        self._colour: RGB = LOOKS[Sign.STARTING].colour or light_of(Emotion.NEUTRAL)
        self._answer: Answer | None = None
        self._answer_since = self._answer_until = t
        self._started = False

    def answer(self, answer: Answer, t: float) -> None:
        """Show an answer from now on; a warning that is shown already goes on."""
        if not (answer is self._answer is Answer.WARNING and t < self._answer_until):
            self._answer, self._answer_since = answer, t
        self._answer_until = t + ANSWER_S

    def levels(self, status: Status, pulse: Pulse, t: float) -> LampLevels:
        """Return what the lamps are to show at a moment, which is not before the last one.

        Args:
            status: of the device, of late.
            pulse: of the music, now.
            t: the moment.
        """
        self._started = self._started or pulse.moving or status.music.paused
        sign = sign_of(status, started=self._started)
        if sign is not self._sign:
            self._sign, self._sign_since = sign, t
        if self._answer is not None and t < self._answer_until:
            look, since = LOOKS[self._answer], self._answer_since
        else:
            look, since = LOOKS[sign], self._sign_since
        fading = self._fade(status, t)
        strength = _beat(pulse) if look.rhythm is None else look.rhythm(t - since)
        moves = pulse.moving or fading if look.rhythm is None else True
        parts = (self._full * strength * part for part in look.colour or self._colour)
        red, green, blue = (round(part * STEPS) / STEPS for part in parts)
        if not _may_be_dark(status) and not self._is_lit((red, green, blue)):
            red = green = blue = MIN_LIT
        return LampLevels((red, green, blue), moves)

    def _is_lit(self, levels: RGB) -> bool:
        return any(there and level >= MIN_LIT for there, level in zip(self._wired, levels, strict=True))

    def _fade(self, status: Status, t: float) -> bool:
        """Bring the mood's colour nearer to where it should be; return whether it is not there yet."""
        wanted = light_of(status.override.emotion if status.override else status.mood.emotion)
        share = 1.0 - math.exp(-min(t - self._t, MAX_FRAME_S) / FADE_S)
        self._t = t
        red, green, blue = (now + share * (to - now) for now, to in zip(self._colour, wanted, strict=True))
        self._colour = red, green, blue
        return max(abs(to - now) for now, to in zip(self._colour, wanted, strict=True)) > _SETTLED


def _beat(pulse: Pulse) -> float:
    """Return how bright the light is in its breath: brightest on the beat."""
    if not pulse.moving:
        return _RESTING
    return _DIM + (1.0 - _DIM) * (0.5 + 0.5 * math.cos(2 * math.pi * pulse.phase)) ** 2


def _may_be_dark(status: Status) -> bool:
    """Return whether nothing is open, nor can be opened before the next look."""
    privacy = status.privacy
    return privacy.private and not privacy.camera_open and not privacy.microphone_open
