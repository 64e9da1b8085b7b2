"""One pass over a film: what the senses read in it, where it cuts, and when somebody speaks."""

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
"""Seconds of the film from one mark to the next."""
WARM_UP_S: Final = 5.0
"""So much before the last mark a run that goes on begins again, for senses that remember."""
MAX_FPS: Final = 60.0
SOUND_OVER_S: Final = 0.5
"""A sound track that is longer than the picture by more belongs to the film; by less, it is what a coder filled up."""
_LATE_S: Final = 0.2  # cuts are told a little late


def perceive(film: Film, senses: SenseSet, readings: Readings, told: Callable[[float], None]) -> None:
    """Read what of a film has not been read yet; `told` is called now and then with the second that it has come to.

    Raises:
        CaptureError: the film turned out to be damaged on the way.
        FilmError: the readings cannot be kept.
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
                told(item.t)
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
