"""The modalities that are sensed: one row for each, which settings, senses, fusion, library and plots all read.

A row holds the roles of a sense, so that no other module depends on its name: whether it sees who speaks, whether it
hears speech, and whether it stands for one person, for whom music is chosen. A new sense consists of a folder in
`senses`, one line in `senses/registry.py` and one row in this
table (docs/howto/sense.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Modality:
    """One way in which a room is sensed.

    Attributes:
        name: its name in readings, settings and JSON, for example "face".
        title: its name for people, for example "Face".
        description: the settings' help text.
        reads: what it reads, as people in the room are told, for example "the expressions of faces".
        noun: its name in a sentence about somebody's mood, for example "the face".
        sees_speakers: its readings say whether somebody in view speaks (`Reading.speaking`).
        hears_speech: its readings are of speech, so their trust depends on whether somebody in view speaks.
        requests_music: it stands for one person's mood, for which the library chooses songs separately.
        priority: where the box is too slow for all, the rates of senses with low priority fall first.
        max_period_s: the longest time from one reading to the next, on the slowest box, in seconds.
        window_s: the length of what one reading is of, in seconds; 0: a moment. Readings that overlap share evidence.
    """

    name: str
    title: str
    description: str
    reads: str = "the room"
    noun: str = "the room"
    sees_speakers: bool = False
    hears_speech: bool = False
    requests_music: bool = False
    priority: int = 0
    max_period_s: float = 2.0
    window_s: float = 0.0


MODALITIES: Final[Mapping[str, Modality]] = MappingProxyType(
    {
        row.name: row
        for row in (
            Modality(
                "face",
                "Face",
                "Read expressions.",
                "the expressions of faces",
                "the face",
                requests_music=True,
                priority=3,
                max_period_s=1.0,
            ),
            # Movement is not read from fewer than two frames a second: without the time for these, it hardly tries.
            Modality(
                "body",
                "Body",
                "Read how people move and hold themselves.",
                "how people move and hold themselves",
                window_s=2.0,
                priority=1,
                max_period_s=4.0,
            ),
            Modality(
                "lips",
                "Lips",
                "Read who speaks and, as far as lips tell, what is said.",
                "who speaks and, as far as lips tell, what is said",
                sees_speakers=True,
            ),
            Modality(
                "voice",
                "Voice",
                "Read how people speak (not what they say).",
                "how voices sound, not what they say",
                "the voice",
                hears_speech=True,
                window_s=2.5,
                requests_music=True,
                priority=2,
            ),
            # It costs next to nothing, and is there when all else is slow.
            Modality("hue", "Colours", "Read the colours of the room.", "the colours of the room", priority=4),
        )
    }
)
"""The rows by name, in the order in which the user sees them."""
SEE_SPEAKERS: Final = frozenset(row.name for row in MODALITIES.values() if row.sees_speakers)
HEAR_SPEECH: Final = frozenset(row.name for row in MODALITIES.values() if row.hears_speech)
