"""A room for measuring: the senses at work on the scheduler's threads, before a face and a voice that are drawn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.capture.drawn.voice import Voice
from soundit_edge.clock import WallClock
from soundit_edge.emotion import Emotion
from soundit_edge.inference.admission import worker_count
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.perception.live import LivePerception
from soundit_edge.senses.registry import assemble
from soundit_edge.settings import SensesSettings

FPS: Final = 25
WORKERS: Final = worker_count()
_LOOP_S: Final = 2.0


class DrawnRoom:
    """Shows frames and sound to all senses at their rates. Pictures are drawn beforehand: drawing costs no time.

    Attributes:
        perception: the senses and their mood.
    """

    def __init__(self, now: WallClock, scheduler: Scheduler, emotions: Sequence[Emotion]) -> None:
        """Load the senses, and draw a face for some emotions.

        Args:
            now: the clock of the scheduler.
            scheduler: runs the senses.
            emotions: that will be shown.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        self.perception = LivePerception(assemble(SensesSettings(), ModelSet(default_folder())), scheduler, now.now)
        self._now = now.now
        self._pictures = {
            emotion: [draw(POSES[emotion], i / FPS) for i in range(round(_LOOP_S * FPS))] for emotion in emotions
        }
        # A voice that went on as before would contradict the face that has changed.
        self._blocks = {emotion: _spoken(emotion) for emotion in emotions}

    def show(self, emotion: Emotion, seconds: float) -> Iterator[int]:
        """Show a face that speaks for some seconds, and yield the number of each frame after it was shown."""
        pictures, blocks, begin = self._pictures[emotion], self._blocks[emotion], self._now()
        for number in range(round(seconds * FPS)):
            time.sleep(max(0.0, begin + number / FPS - self._now()))
            now = self._now()
            self.perception.perceive(Frame(now, pictures[number % len(pictures)]))
            if 10 * number // FPS != 10 * (number - 1) // FPS:
                self.perception.perceive(Sound(now, blocks[10 * number // FPS % len(blocks)]))
            yield number


def _spoken(emotion: Emotion) -> list[npt.NDArray[np.float32]]:
    """Return tenths of a second of a voice."""
    voice = Voice(lambda _: POSES[emotion])
    return [voice.next_block().samples for _ in range(round(10 * _LOOP_S))]


@contextmanager
def drawn_room(*emotions: Emotion) -> Iterator[DrawnRoom]:
    """Run the senses before a drawn face.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    clock = WallClock()
    scheduler = Scheduler(clock.now, {"cpu": WORKERS})
    room = DrawnRoom(clock, scheduler, emotions)
    workers = [threading.Thread(target=scheduler.work, name=f"senses {i}") for i in range(WORKERS)]
    for worker in workers:
        worker.start()
    try:
        yield room
    finally:
        scheduler.stop()
        for worker in workers:
            worker.join()
