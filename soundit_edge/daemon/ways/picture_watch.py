"""What is to be said of a camera's pictures, and whether they are fit to be read."""

from __future__ import annotations

import logging
import math
from typing import Final

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.picture_faults import PictureFault, PictureFaults
from soundit_edge.daemon.ways.frozen import FrozenPicture

log = logging.getLogger(__name__)

FROZEN_S: Final = 30.0
"""A camera whose picture is the same for so long, to the last bit, hangs: a real picture has noise."""
LOOK_S: Final = 0.5
"""Seconds from one look at the picture to the next: one that nobody reads has to be converted for it."""

_FROZEN: Final = f"the picture has not changed for {FROZEN_S:.0f} s: nothing is read from it until it does"


class PictureWatch:
    """Watches the pictures of one camera from its opening on.

    Attributes:
        note: one sentence for the user, or "" where nothing is wrong with the pictures.
        readable: whether they show the room.
    """

    def __init__(self, name: str) -> None:
        """Have seen nothing yet.

        Args:
            name: of the camera, for the log.
        """
        self.note = ""
        self.readable = True
        self._name = name
        self._frozen = FrozenPicture()
        self._faults = PictureFaults()
        self._looked = -math.inf
        self._logged: set[str] = set()

    def see(self, frame: Frame) -> None:
        """Look at the next picture, if it is time to."""
        if 0 <= frame.t - self._looked < LOOK_S:
            return
        self._looked = frame.t
        fault = self._faults.see(frame.rgb, frame.t)
        frozen = self._frozen.unchanged_s(frame) >= FROZEN_S
        self.readable = not frozen and (fault is None or not fault.blinds)
        self._say(fault, frozen)

    def _say(self, fault: PictureFault | None, frozen: bool) -> None:
        self.note = fault.value if fault is not None else _FROZEN if frozen else ""
        # A light that is switched on and off all evening does not fill the log.
        if self.note and self.note not in self._logged:
            self._logged.add(self.note)
            log.warning("%s: %s", self._name, self.note)
