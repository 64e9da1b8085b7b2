"""The songs of the user's library for what a face and a voice in a trial expressed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from soundit_edge import paths
from soundit_edge.emotion import expected_affect, most_likely
from soundit_edge.errors import SounditError
from soundit_edge.music.library.absent import playable_songs
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Record
from soundit_edge.music.library.recommend.preference_model import Taste
from soundit_edge.music.library.recommend.ranking import pick
from soundit_edge.music.library.recommend.request import ASKED, request_for
from soundit_edge.text import presentable
from soundit_edge.trials.messages import Suggestion, Suggestions
from soundit_edge.trials.watch import Watch

COUNT: Final = 5
"""Songs for each sense that chooses music."""
NO_LIBRARY: Final = "There is no library yet: add a folder with music of your own, and songs are chosen from it."
NOTHING_READ: Final = "Nothing was read here, so no song is chosen for it."


def objection() -> str:
    """Return why no song of the library can be chosen, in a sentence; "" where one can."""
    try:
        if not paths.library_file().is_file():
            return NO_LIBRARY
        with Library.open(write=False) as library:
            playable_songs(library)
    except SounditError as error:
        return str(error)
    return ""


def suggestions_for(watch: Watch, senses: Iterable[str]) -> tuple[Suggestions, ...]:
    """Return the songs for each of the senses that choose music: five for the face, five for the voice.

    Args:
        watch: has heard the whole file.
        senses: names of those that read it.
    """
    return tuple(_for_sense(watch, sense) for sense in ASKED if sense in set(senses))


def _for_sense(watch: Watch, sense: str) -> Suggestions:
    mean = watch.mostly(sense)
    if mean is None:
        return Suggestions(sense=sense, emotion=None, note=NOTHING_READ)
    emotion = most_likely(mean)
    request = request_for(emotion, expected_affect(mean), max(mean), who=sense)
    if why := objection():
        return Suggestions(sense=sense, emotion=emotion, note=why)
    with Library.open(write=False) as library:
        songs, record = playable_songs(library), Record(library.connection)
        picks = pick(songs, [request], count=COUNT, taste=Taste.learnt(record.entries(), songs))
    found = (
        Suggestion(title=presentable(one.song.title), artist=presentable(one.song.artist), reasons=one.reasons)
        for one in picks
    )
    return Suggestions(sense=sense, emotion=emotion, songs=tuple(found))
