"""Reads a film in one pass: the readings of the senses, the cuts and the dialogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from soundit_edge.capture.capture import Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.film.container.probe import Film
from soundit_edge.film.spotting.cuts import CutFinder
from soundit_edge.film.spotting.dialogue import DialogueFinder
from soundit_edge.film.spotting.readings_cache import Readings
from soundit_edge.perception.offline import perceivers_of
from soundit_edge.senses.registry import SenseSet

MARK_S: Final = 1.0
"""Seconds of the film from one mark in the cache to the next."""
WARM_UP_S: Final = 5.0
"""A resumed run starts this long before the last mark, because some senses remember."""
MAX_FPS: Final = 60.0
SOUND_OVER_S: Final = 0.5
"""Sound after the picture's end belongs to the film if it is longer; shorter sound is an encoder's padding."""
_LATE_S: Final = 0.2  # cuts are found a little late


def perceive(film: Film, senses: SenseSet, readings: Readings, on_progress: Callable[[float], None]) -> None:
    """Read the part of a film that has not been read yet.

    Args:
        film: the film.
        senses: the senses that read it.
        readings: the opened cache.
        on_progress: called about once a second of the film with the seconds that have been read.

    Raises:
        CaptureError: the film turned out to be damaged.
        FilmError: the readings cannot be cached.
    """
    if readings.seconds is not None:
        return
    done = readings.until
    cuts, talk, perceivers = CutFinder(), DialogueFinder(), perceivers_of(senses)
    due, sound_end = done + MARK_S, 0.0
    with Clip(film.path, max_fps=MAX_FPS, begin=max(0.0, done - WARM_UP_S)) as clip:
        for item in clip.items():
            if item.t >= due:
                readings.mark(item.t)
                on_progress(item.t)
                due = item.t + MARK_S
            for perceiver in perceivers:
                reading = perceiver(item)
                if reading is not None and item.t >= done:
                    readings.add(reading)
            if isinstance(item, Sound):
                sound_end = item.end
                readings.add_speech([span for span in talk(item) if span[1] > done])
            elif (cut := cuts(item)) is not None and cut >= done - _LATE_S:
                readings.add_cut(cut)
    readings.add_speech(talk.finish())
    readings.finish(sound_end if sound_end > clip.picture_end + SOUND_OVER_S else clip.picture_end)
