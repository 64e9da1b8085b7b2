"""Why the music changed, in words that the page and the log show."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.choice import Choice, changed_locks
from soundit_edge.music.target import MusicTarget

# A change smaller than these is not worth a word.
TEMPO_WORD: Final = 0.02
OCTAVES_WORD: Final = 0.5
REVERB_WORD: Final = 1.4  # times as long
LOUDNESS_WORD: Final = 1.0  # dB

_ROOM: Final[Mapping[Emotion, str]] = MappingProxyType(
    {
        Emotion.NEUTRAL: "settled down",
        Emotion.CALM: "turned calm",
        Emotion.HAPPY: "turned happy",
        Emotion.SAD: "turned sad",
        Emotion.ANGRY: "turned angry",
        Emotion.FEARFUL: "turned fearful",
        Emotion.DISGUSTED: "turned disgusted",
        Emotion.SURPRISED: "was surprised",
    }
)

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tempo": "tempo",
        "semitones": "key",
        "cutoff_hz": "brightness",
        "reverb_s": "size of the room",
        "wet": "reverberation",
        "loudness_db": "loudness",
        "highpass_hz": "bass",
        "delay_s": "echo time",
        "delay_wet": "echo",
        "wah": "wah",
        "tremolo": "tremolo",
    }
)
"""What people call the parameters of a target."""

_EXTRAS: Final[Mapping[str, tuple[float, str, str]]] = MappingProxyType(
    {
        "highpass_hz": (60.0, "thinner", "fuller"),
        "delay_wet": (0.1, "an echo", "no more echo"),
        "wah": (0.2, "a slow wah", "no more wah"),
        "tremolo": (0.15, "trembling", "steady again"),
    }
)
"""From where on an extra is there, and the words for its coming and going."""


def differs(a: MusicTarget, b: MusicTarget, unheard: Collection[str] = ()) -> bool:
    """Return whether going from `a` to `b` is a change of course worth a word."""
    return bool(_changes(a, b, unheard))


def reason_for(
    emotion: Emotion,
    turned: bool,
    now: MusicTarget,
    goal: MusicTarget,
    leads_to: Emotion | None = None,
    unheard: Collection[str] = (),
) -> str:
    """A line such as "the room turned happy: tempo up 8 %, key up 2 semitones"; "" where nothing is worth a word.

    Args:
        emotion: what the room feels.
        turned: whether it has just begun to.
        now: what the music does now.
        goal: where it is going.
        leads_to: what the music tries to make the room feel, if anything.
        unheard: parameters that are left out for now.
    """
    changes = _changes(now, goal, unheard)
    if not changes:
        return ""
    if turned:
        why = f"the room {_ROOM[emotion]}"
    elif leads_to is not None and leads_to is not emotion:
        why = leading(emotion, leads_to)
    elif emotion is Emotion.SURPRISED:
        why = "the surprise passes"
    else:
        why = f"the room is still {emotion.value}"
    return f"{why}: {', '.join(changes)}"


def leading(emotion: Emotion, leads_to: Emotion) -> str:
    """Return the words for a room that is led from one emotion to another."""
    return f"leading the room from {emotion.value} to {leads_to.value}"


def choice_words(before: Choice, after: Choice, who: str = "you") -> str:
    """Return what was chosen, such as "you chose to lift the room"; "" where it is the same as before."""
    parts = []
    if after.policy is not before.policy:
        parts.append(f"{who} chose to {after.policy.value} the room")
    if after.preset is not before.preset:
        parts.append(f"{who} chose the {after.preset.name} preset")
    changed = changed_locks(before, after)
    for done, names in (
        ("locked", [_NAMES[name] for name in changed if name in after.locks]),
        ("unlocked", [_NAMES[name] for name in changed if name not in after.locks]),
    ):
        if names:
            parts.append(f"{who} {done} the {', the '.join(names)}")
    return " and ".join(parts)


def reason_for_choice(words: str, now: MusicTarget, goal: MusicTarget, unheard: Collection[str] = ()) -> str:
    """Return a line such as "you chose the dramatic preset: tempo up 27 %"; the words alone where nothing is heard."""
    changes = _changes(now, goal, unheard)
    return f"{words}: {', '.join(changes)}" if changes else words


def tempo_words(ratio: float) -> str:
    """Return the words for a tempo that was multiplied by `ratio`, such as "tempo up 8 %"."""
    return f"tempo {_up(ratio - 1)} {abs(100 * (ratio - 1)):.0f} %"


def _changes(now: MusicTarget, goal: MusicTarget, unheard: Collection[str] = ()) -> list[str]:
    goal = replace(goal, **{name: getattr(now, name) for name in unheard})
    changes = []
    tempo = goal.tempo / now.tempo
    if abs(tempo - 1) >= TEMPO_WORD:
        changes.append(tempo_words(tempo))
    key = round(goal.semitones - now.semitones)
    if key:
        changes.append(f"key {_up(key)} {abs(key)} semitone{'s' if abs(key) > 1 else ''}")
    octaves = math.log2(goal.cutoff_hz / now.cutoff_hz)
    if abs(octaves) >= OCTAVES_WORD:
        changes.append("brighter" if octaves > 0 else "darker")
    if not 1 / REVERB_WORD < goal.reverb_s / now.reverb_s < REVERB_WORD:
        changes.append("a larger room" if goal.reverb_s > now.reverb_s else "a smaller room")
    loudness = goal.loudness_db - now.loudness_db
    if abs(loudness) >= LOUDNESS_WORD:
        changes.append("louder" if loudness > 0 else "softer")
    for name, (present, more, less) in _EXTRAS.items():
        was, is_to_be = getattr(now, name) >= present, getattr(goal, name) >= present
        if was != is_to_be:
            changes.append(more if is_to_be else less)
    return changes


def _up(change: float) -> str:
    return "up" if change > 0 else "down"
