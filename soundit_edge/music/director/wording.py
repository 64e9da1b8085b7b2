"""The words of reasons: what the room feels, what the user chose, and what is heard of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.director.controls import MusicControls, changed_locks
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.parameters import PARAMETERS

TEMPO_WORD: Final = 0.02
"""A smaller change of the tempo's ratio is not worth a word."""

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
    """Return a line such as "the room turned happy: tempo up 8 %, key up 2 semitones"; "" if nothing is worth a word.

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


def choice_words(before: MusicControls, after: MusicControls, who: str = "you") -> str:
    """Return what was chosen, such as "you chose to lift the room"; "" where it is the same as before.

    Args:
        before: what was in force.
        after: what is in force now.
        who: chose it; "": nobody, time has passed.
    """
    parts = []
    if after.asked != before.asked:
        if after.asked:
            parts.append(after.asked.words())
        elif before.asked:
            parts.append(before.asked.ended_words(who) if who else before.asked.over_words())
    if after.policy is not before.policy:
        parts.append(f"{who} chose to {after.policy.value} the room")
    if after.preset is not before.preset:
        parts.append(f"{who} chose the {after.preset.name} preset")
    changed = changed_locks(before, after)
    for done, names in (
        ("locked", [_noun(name) for name in changed if name in after.locks]),
        ("unlocked", [_noun(name) for name in changed if name not in after.locks]),
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
    worded = (row.words(getattr(now, name), getattr(goal, name)) for name, row in PARAMETERS.items())
    return [*changes, *filter(None, worded)]


def _noun(name: str) -> str:
    row = PARAMETERS[name]
    return row.noun or row.title.lower()


def _up(change: float) -> str:
    return "up" if change > 0 else "down"
