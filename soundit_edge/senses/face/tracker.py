"""Following several faces from frame to frame: the mesh while it holds, the detector when it must.

Looking for landmarks where a face last was costs a quarter of looking for faces everywhere. Who is who is told by
overlap alone; nobody is recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.blaze import overlap
from soundit_edge.senses.face.detector import Detection, FaceDetector
from soundit_edge.senses.face.mesh import PRESENT, FaceMesh, Mesh, square_of

MAX_FACES: Final = 8
LOOK_AGAIN_S: Final = 1.0
"""How often the detector looks for newcomers while known faces are followed."""
SAME_FACE: Final = 0.3
"""Two boxes that overlap by more are the same face."""


@dataclass(frozen=True, slots=True)
class TrackedFace:
    """One face of one frame.

    Attributes:
        number: stays the same while the face is followed.
        box: float32 [4]: left, top, right, bottom in pixels.
        found: its landmarks, or what the detector saw where the face is too small or turned for them.
        certainty: 0 to 1, how surely this is a face.
    """

    number: int
    box: npt.NDArray[np.float32]
    found: Mesh | Detection
    certainty: float


class FaceTracker:
    """Follows the faces of a source. One frame after the other, in order of time."""

    def __init__(self, detector: FaceDetector, mesh: FaceMesh) -> None:
        self._detector = detector
        self._mesh = mesh
        self._faces: list[TrackedFace] = []
        self._looked_at: float | None = None
        self._next_number = 1

    def follow(self, rgb: npt.NDArray[np.uint8], t: float) -> list[TrackedFace]:
        """The faces of the frame of moment `t` (seconds), uint8 [height, width, 3]."""
        followed = self._follow_known(rgb)
        lost = len(followed) < len(self._faces) or not self._faces
        if lost or self._looked_at is None or not 0 <= t - self._looked_at < LOOK_AGAIN_S:
            followed = self._look_everywhere(rgb, followed)
            self._looked_at = t
        self._faces = followed
        return followed

    def _follow_known(self, rgb: npt.NDArray[np.uint8]) -> list[TrackedFace]:
        followed: list[TrackedFace] = []
        for face in self._faces:
            if not isinstance(face.found, Mesh):
                continue
            mesh = self._mesh.fit(rgb, face.found.square())
            # Two tracks that slid onto one face are one track.
            if mesh.presence >= PRESENT and not any(overlap(mesh.box, other.box) > SAME_FACE for other in followed):
                followed.append(TrackedFace(face.number, mesh.box, mesh, mesh.presence))
        return followed

    def _look_everywhere(self, rgb: npt.NDArray[np.uint8], followed: list[TrackedFace]) -> list[TrackedFace]:
        faces = list(followed)
        for detection in self._detector.find(rgb):
            if len(faces) >= MAX_FACES or any(overlap(detection.box, face.box) > SAME_FACE for face in faces):
                continue
            fitted = self._mesh.fit(rgb, square_of(detection))
            found = fitted if fitted.presence >= PRESENT else detection
            number = self._number_of(detection.box, taken={face.number for face in faces})
            faces.append(TrackedFace(number, detection.box, found, detection.score))
        return faces

    def _number_of(self, box: npt.NDArray[np.float32], taken: set[int]) -> int:
        for face in self._faces:
            if face.number not in taken and overlap(box, face.box) > SAME_FACE:
                return face.number
        self._next_number += 1
        return self._next_number - 1
