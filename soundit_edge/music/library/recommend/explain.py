"""Why a song was picked, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.play_history import Event
from soundit_edge.music.library.recommend.lift import AGREED, ANSWERS
from soundit_edge.music.library.recommend.reach import Reach
from soundit_edge.music.library.recommend.request import MoodRequest
from soundit_edge.music.library.song import Song

NEAR: Final = 0.3
"""A song this near to the request, in the plane, is like it."""
_LOW, _HIGH = -0.25, 0.25
_SOUNDS: Final = (
    ("quiet and sad", "quiet", "calm and warm"),
    ("dark", "even", "friendly"),
    ("fierce and dark", "driving", "lively and bright"),
)
"""What a song is like, by arousal (rising) and valence (rising)."""
_DONE: Final[Mapping[Event, str]] = {
    Event.LIKED: "liked it",
    Event.DOWNLOADED: "downloaded it",
    Event.REPLAYED: "played it again",
    Event.FINISHED: "let it finish",
    Event.SKIPPED: "skipped it",
    Event.DISLIKED: "disliked it",
}
"""What the user does with a song that says something; the strongest word comes first."""
_TIMES: Final = ("", "", " twice", " three times", " four times", " five times")

Feedback = Mapping[Emotion, Mapping[Event, int]]
"""How often what happened to a song, by the mood it was played in."""


def reasons_for(
    song: Song, request: MoodRequest, reach: Reach, preference: Feedback | None, by_chance: bool
) -> tuple[str, ...]:
    """Return lines like "calm and warm, like the room", "92 bpm in D major", "you let it finish twice when it was happy
    here".

    Args:
        song: that was picked.
        request: for it.
        reach: how far it can be bent.
        preference: what is known of how the user took it; None where nobody keeps book.
        by_chance: whether it was drawn so that songs nobody knows of are heard, too.
    """
    lines = [f"{sounds(song)}, {_why(song, request, reach)}"]
    if song.path and song.key:
        tempo = "no clear beat," if song.bpm is None else f"{song.bpm:.0f} bpm"
        lines.append(f"{tempo} in {song.key} {song.mode}")
    if song.words.get(request.emotion, 0.0) >= AGREED:
        lines.append(f"said to be {request.emotion}")
    if request.policy is Policy.LIFT and request.felt in song.lifts:
        feeling = ANSWERS[request.felt].replace("_", " ")
        lines.append(f"listeners felt {feeling} and liked it: an answer to {_who(request)} being {request.felt}")
    elif song.liking is not None and song.liking > AGREED:
        lines.append(f"{100 * song.liking:.0f} % of its listeners liked it")
    if preference is not None:
        lines += _history(preference, request.felt)
    if by_chance:
        lines.append("drawn by chance, so that every song is heard now and then")
    return tuple(lines)


def sounds(song: Song) -> str:
    """Return what a song is like, for example "calm and warm"."""
    return _SOUNDS[_third(song.arousal)][_third(song.valence)]


def _third(value: float) -> int:
    return (value > _LOW) + (value > _HIGH)


def _who(request: MoodRequest) -> str:
    return MODALITIES[request.who].noun if request.who in MODALITIES else "the room"


def _why(song: Song, request: MoodRequest, reach: Reach) -> str:
    valence, arousal = request.affect.valence - song.valence, request.affect.arousal - song.arousal
    near, bent = math.hypot(valence, arousal) <= NEAR, reach.beyond(valence, arousal) <= NEAR / 2
    if request.leads:
        begin = f"to lead {_who(request)} from {request.felt} to {request.emotion}"
        return begin if near or bent else f"some way off, but {begin}"
    if near:
        return f"like {_who(request)}"
    if bent:
        return f"and can be bent to be {request.emotion} like {_who(request)}"
    return f"some way from {_who(request)}, which is {request.emotion}"


def _history(preference: Feedback, felt: Emotion) -> list[str]:
    """Return what the user did with a song when the mood was as it is now; else in any mood."""
    now = _said(preference.get(felt, {}))
    if now:
        return [f"{now} when it was {felt} here"]
    whole: dict[Event, int] = {}
    for events in preference.values():
        for event, count in events.items():
            whole[event] = whole.get(event, 0) + count
    ever = _said(whole)
    if ever:
        return [f"{ever} in another mood"]
    return [] if whole else ["not played yet"]


def _said(events: Mapping[Event, int]) -> str:
    done = []
    for event, words in _DONE.items():
        if count := events.get(event, 0):
            done.append(words + (_TIMES[count] if count < len(_TIMES) else f" {count} times"))
    return "you " + " and ".join(done[:2]) if done else ""
