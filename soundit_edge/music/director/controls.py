"""What the user has chosen for the director."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from soundit_edge.music.director.asked import AskedMood
from soundit_edge.music.director.mapping import MUSICAL, Preset
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import RANGES


@dataclass(frozen=True, slots=True)
class MusicControls:
    """What the user wants of the music.

    Attributes:
        policy: whether the room is mirrored or led.
        preset: what moods sound like.
        locks: parameters of the target that stay as given here, by name, whatever the mood.
        asked: a mood to play in place of the room's, which no policy leads away from; None: the room's.
    """

    policy: Policy = Policy.FOLLOW
    preset: Preset = MUSICAL
    locks: Mapping[str, float] = field(default_factory=dict)
    asked: AskedMood | None = None


def changed_locks(before: MusicControls, after: MusicControls) -> list[str]:
    """Return the names of the parameters whose locks differ, in the order of a target's attributes."""
    return [name for name in RANGES if before.locks.get(name) != after.locks.get(name)]
