"""Every OSC address that there is, with its arguments. docs/osc.md is written from this (`python -m tools.osc`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Address:
    """One address.

    Attributes:
        path: behind the prefix; "NAME" in it stands for the name of a sense.
        tags: types of the arguments, by OSC's letters: s (text), f (number), i (whole number).
        arguments: what they are, one name for each letter.
        meaning: in words.
    """

    path: str
    tags: str
    arguments: tuple[str, ...]
    meaning: str


MOOD: Final = Address("/mood", "s", ("mood",), "The mood of the room.")
AFFECT: Final = Address(
    "/affect", "ff", ("valence", "arousal"), "From -1 (unpleasant, still) to 1 (pleasant, stirred)."
)
CONFIDENCE: Final = Address("/confidence", "f", ("confidence",), "Probability of the mood, 0 to 1.")
SENSE_SAY: Final = Address(
    "/sense/NAME/say", "sf", ("mood", "confidence"), 'What one sense reads; "" and 0 where it reads nothing.'
)
SENSE_TRUST: Final = Address("/sense/NAME/trust", "f", ("trust",), "How much that counts, 0 to 1.")
BEAT: Final = Address(
    "/beat",
    "iiffi",
    ("bar", "beat", "phase", "tempo", "beats"),
    "Sent when the beat is heard. Bar and beat count from 0 (a pick-up is below), phase is the share of the beat that "
    "is over (0 but for a delay of ours), tempo is in beats per minute, and beats is how many a bar has.",
)
LEVEL: Final = Address("/level", "f", ("decibels",), "How loud the music is, below full scale; silence is -120.")
REASON: Final = Address("/reason", "s", ("words",), "Why the music last changed, in English.")
TRACK: Final = Address("/track", "ss", ("title", "artist"), "What plays.")
PRIVATE: Final = Address("/private", "i", ("private",), "1 where camera and microphone are closed.")
PAUSED: Final = Address("/paused", "i", ("paused",), "1 where the music stands still.")
VOLUME: Final = Address("/volume", "f", ("volume",), "0 (silent) to 1 (full).")
POLICY: Final = Address("/policy", "s", ("policy",), "What the music does with the mood.")
PRESET: Final = Address("/preset", "s", ("preset",), "How far the music goes.")
REFUSED: Final = Address("/refused", "ss", ("address", "why"), "A message was not followed, and why, in English.")

OUT: Final = (
    *(MOOD, AFFECT, CONFIDENCE, SENSE_SAY, SENSE_TRUST, BEAT, LEVEL, REASON, TRACK),
    *(PRIVATE, PAUSED, VOLUME, POLICY, PRESET, REFUSED),
)
"""What is sent to each target."""

SET_MOOD: Final = Address(
    "/set/mood",
    "si",
    ("mood", "minutes"),
    'Play a mood in place of the room\'s, for an hour or for so many minutes; "" or nothing lets the room lead again.',
)
SET_POLICY: Final = Address("/set/policy", "s", ("policy",), "What the music does with the mood.")
SET_PRESET: Final = Address("/set/preset", "s", ("preset",), "How far the music goes.")
SET_VOLUME: Final = Address("/set/volume", "f", ("volume",), "0 (silent) to 1 (full).")
SET_PRIVATE: Final = Address(
    "/set/private", "i", ("private",), "1 closes camera and microphone; 0 opens them where the settings allow it."
)
SET_PAUSED: Final = Address("/set/paused", "i", ("paused",), "1 has the music stand still, 0 has it go on.")
SET: Final = Address("/set", "s", ("patch",), 'Any change as JSON, such as `{"locks": {"tempo": 1.2}, "muted": true}`.')
NEXT: Final = Address(
    "/next",
    "i",
    ("pressed",),
    "Go over to the next track: 1, or no argument; 0 (a button that is let go) does nothing.",
)

IN: Final = (SET_MOOD, SET_POLICY, SET_PRESET, SET_VOLUME, SET_PRIVATE, SET_PAUSED, SET, NEXT)
"""What is listened to. Whole numbers may come as numbers, and 0 and 1 as false and true."""
