"""One sense over several cameras of a room: each is followed by itself, and what they show is pooled."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import Reading, mean_distribution
from soundit_edge.errors import SounditError
from soundit_edge.senses.registry import SenseBuilder
from soundit_edge.senses.sense import Sense

log = logging.getLogger(__name__)

MEMORY_S: Final = 2.0
"""Seconds for which what one camera shows counts while another one is read."""
_COUNTS: Final = ("faces", "bodies", "speaking")
"""Details of readings that are numbers of people."""


class RoomSense:
    """A sense that sees. It is itself where there is one camera; of each further one it has another instance.

    So nobody is taken for somebody at the same place in another camera's picture.
    """

    def __init__(self, first: Sense[Frame], build: Callable[[int], Sense[Frame]]) -> None:
        """Have one camera.

        Args:
            first: reads camera 0.
            build: loads the same sense for a further camera, by its number, once that gives its first frame.
        """
        self.name = first.name
        self.period = first.period
        self._build = build
        self._senses: dict[int, Sense[Frame] | None] = {0: first}
        self._latest: dict[int, Reading] = {}

    def read(self, perceived: Frame) -> Reading | None:
        """Return what the cameras show together, once this frame of one of them was read; None where nothing."""
        sense = self._sense_of(perceived.camera)
        reading = sense.read(perceived) if sense is not None else None
        self._latest = {k: one for k, one in self._latest.items() if 0 <= perceived.t - one.t <= MEMORY_S}
        self._latest.pop(perceived.camera, None)
        if reading is not None:
            self._latest[perceived.camera] = reading
        return reading if len(self._senses) == 1 else pooled(self._latest.values(), perceived.t)

    def _sense_of(self, camera: int) -> Sense[Frame] | None:
        if camera not in self._senses:
            try:
                self._senses[camera] = self._build(camera)
            except SounditError as error:  # it was loaded once before
                log.warning("%s does not read camera %d: %s", self.name, camera + 1, error)
                self._senses[camera] = None
        return self._senses[camera]


def of_all_cameras(sense: Sense[Frame], builder: SenseBuilder | None) -> Sense[Frame]:
    """Return a sense over all cameras of the room; over one where no `builder` can load it once more."""
    return sense if builder is None else RoomSense(sense, lambda camera: builder.for_camera(sense.name, camera))


def pooled(readings: Iterable[Reading], t: float) -> Reading | None:
    """Return readings of one sense as one; None where there are none.

    The surest counts most, and its trust is that of them together: cameras of one room see the same people, and seen
    twice is no more evidence.

    Args:
        readings: the latest of each camera.
        t: the moment of the reading, in seconds.
    """
    latest = sorted(readings, key=lambda one: one.trust, reverse=True)
    if len(latest) < 2:
        return latest[0] if latest else None
    surest = latest[0]
    probabilities = mean_distribution((one.probabilities, one.trust) for one in latest)
    counts = {name: sum(int(one.detail.get(name, 0)) for one in latest) for name in _COUNTS if name in surest.detail}
    heard = {one.speaking for one in latest} - {None}
    return Reading(
        surest.sense,
        t,
        probabilities or surest.probabilities,
        surest.trust,
        {**surest.detail, **counts},
        speaking=any(heard) if heard else None,
    )
