"""What is sensed: one row for each modality, which settings, senses, fusion, library and pictures all read.

What is special about a sense stands here, so that nobody above has to know it by its name: whether it sees who speaks,
whether it hears speech, and whether it stands for one person, for whom music is chosen. A new sense is its folder in
`senses`, one line in `senses/registry.py` and one row here.
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
        name: as in readings, settings and JSON, such as "face".
        title: for people, such as "Face".
        description: what is read, for the settings.
        noun: in a sentence about whose mood it is, such as "the face".
        sees_speakers: its readings say whether somebody in view speaks (`Reading.speaking`).
        hears_speech: its readings are of speech, so they count by whether somebody in view speaks.
        requests_music: it stands for one person's mood, for which the library chooses songs of its own.
    """

    name: str
    title: str
    description: str
    noun: str = "the room"
    sees_speakers: bool = False
    hears_speech: bool = False
    requests_music: bool = False


MODALITIES: Final[Mapping[str, Modality]] = MappingProxyType(
    {
        row.name: row
        for row in (
            Modality("face", "Face", "Read expressions.", "the face", requests_music=True),
            Modality("body", "Body", "Read how people move and hold themselves."),
            Modality("lips", "Lips", "Read who speaks and, as far as lips tell, what is said.", sees_speakers=True),
            Modality(
                "voice",
                "Voice",
                "Read how people speak (not what they say).",
                "the voice",
                hears_speech=True,
                requests_music=True,
            ),
            Modality("hue", "Colours", "Read the colours of the room."),
        )
    }
)
"""By name, in the order in which people are shown them."""
SEE_SPEAKERS: Final = frozenset(row.name for row in MODALITIES.values() if row.sees_speakers)
HEAR_SPEECH: Final = frozenset(row.name for row in MODALITIES.values() if row.hears_speech)
