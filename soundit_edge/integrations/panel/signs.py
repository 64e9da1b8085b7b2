"""What the light says: one table of signs, of which the first that holds is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from soundit_edge.control.status import Status
from soundit_edge.tables.colours import RGB

RED: Final[RGB] = (1.0, 0.0, 0.0)
BLUE: Final[RGB] = (0.0, 0.3, 1.0)
ORANGE: Final[RGB] = (1.0, 0.25, 0.0)
WHITE: Final[RGB] = (1.0, 0.9, 0.8)
FLASH_S: Final = 0.2
"""A flash is on for so long, and off for as long: no more than two and a half in a second, for everybody's sake."""

Rhythm = Callable[[float], float]
"""How bright a sign is, 0 to 1, so many seconds after it began."""


class Sign(StrEnum):
    """What the light can say while nobody touches the panel, the most urgent first."""

    ERROR = "error"
    CLAIM = "claim"
    PRIVATE = "private"
    UPDATING = "updating"
    STARTING = "starting"
    MOOD = "mood"


class Answer(StrEnum):
    """What the light says to a hand on the panel, before all signs."""

    DONE = "done"
    REFUSED = "refused"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Look:
    """What a sign looks like.

    Attributes:
        colour: of the light; None: that of the mood.
        rhythm: None: it breathes with the beat.
        words: the same for people, as docs/panel.md has it.
        meaning: likewise.
    """

    colour: RGB | None
    rhythm: Rhythm | None
    words: str
    meaning: str


def _flashes(count: int, period_s: float, low: float = 0.0) -> Rhythm:
    """Flash so many times at the beginning of each period."""

    def level(t: float) -> float:
        flash, place = divmod(t % period_s, 2 * FLASH_S)
        return 1.0 if flash < count and place < FLASH_S else low

    return level


def _breathes(period_s: float) -> Rhythm:
    return lambda t: 0.55 - 0.45 * math.cos(2 * math.pi * t / period_s)


LOOKS: Final[Mapping[Sign | Answer, Look]] = MappingProxyType(
    {
        Answer.WARNING: Look(
            RED,
            _flashes(1, 2 * FLASH_S),
            "red, flashing without a pause",
            "The claim button is held: if it is held on, all users are removed.",
        ),
        Answer.REFUSED: Look(
            ORANGE,
            _flashes(2, 10.0),
            "two orange flashes",
            "That cannot be done now: no song of a library plays, or there is no other track.",
        ),
        Answer.DONE: Look(WHITE, _flashes(1, 10.0), "one white flash", "The button was understood."),
        Sign.ERROR: Look(
            RED,
            _flashes(2, 2.0),
            "two red flashes every two seconds",
            "Camera, microphone, speaker or sensing light are gone; the page says which.",
        ),
        Sign.CLAIM: Look(
            WHITE,
            _flashes(1, 1.0, low=0.1),
            "a white flash every second",
            "The device can be claimed on its page without a code, for two minutes.",
        ),
        Sign.PRIVATE: Look(
            WHITE,
            _flashes(1, 4.0),
            "dark, with a white flash every four seconds",
            "The device is private: camera and microphone are closed.",
        ),
        Sign.UPDATING: Look(
            BLUE,
            _flashes(3, 4.0, low=0.2),
            "blue, with three brighter flashes every four seconds",
            "Better models are being fetched and tried; the page says how far that is.",
        ),
        Sign.STARTING: Look(WHITE, _breathes(3.0), "white, slowly breathing", "The music has not begun yet."),
        Sign.MOOD: Look(
            None, None, "the colour of the mood, breathing with the beat", "What the music plays for, as on the page."
        ),
    }
)
ANSWER_S: Final = 4 * FLASH_S
"""So long does an answer last."""
_UPDATING: Final = ("fetching", "checking", "watching")
_MISSED: Final = ("camera", "microphone", "clip", "speaker", "light")


def sign_of(status: Status, *, started: bool) -> Sign:
    """Return what the light is to say of the device.

    Args:
        status: of the device.
        started: whether music has been heard, or stands still because somebody paused it.
    """
    if any(source.state == "lost" and source.role in _MISSED for source in status.sources):
        return Sign.ERROR
    if status.claim == "open":
        return Sign.CLAIM
    if status.privacy.private:
        return Sign.PRIVATE
    if status.update.state in _UPDATING:
        return Sign.UPDATING
    return Sign.MOOD if started else Sign.STARTING
