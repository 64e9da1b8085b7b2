"""Follows several faces from frame to frame: by the face mesh while it fits, by the detector otherwise.

Fitting landmarks where a face last was costs a quarter of a search for faces in the whole picture. Faces are matched by
the overlap of their bounding boxes alone; nobody is recognised. In a crowd the known faces have turns: some are fitted
in each frame, and the others rest where they were. Small faces are looked for in close-ups: in all of them at first, in
one with each look at the whole while somebody is there, and in turn with the whole while nobody is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.blaze import overlap
from soundit_edge.senses.face.detector import Detection, FaceDetector, close_ups
from soundit_edge.senses.face.mesh import PRESENT, FaceMesh, Mesh, square_of
from soundit_edge.senses.geometry import Square

MAX_FACES: Final = 8
MAX_FITTED: Final = 2
"""The number of known faces that are fitted in a frame, where all are needed; those longest ago come first."""
LOOK_AGAIN_S: Final = 1.0
"""Seconds from one search for new faces to the next while known faces are followed."""
DETECT_AGAIN_S: Final = 0.3
"""The same while there are faces that only the detector sees: too small, or turned too far, for landmarks."""
SAME_FACE: Final = 0.3
"""Two boxes that overlap by more are the same face."""


@dataclass(frozen=True, slots=True)
class TrackedFace:
    """One face of one frame.

    Attributes:
        number: a number that stays the same while the face is followed.
        box: the bounding box, float32 [4]: left, top, right, bottom in pixels.
        found: its landmarks, or the detection where the face is too small or turned too far for landmarks.
        certainty: 0 to 1, how surely this is a face.
        frame: the number of the frame in which it was seen like this, counted by the tracker.
    """

    number: int
    box: npt.NDArray[np.float32]
    found: Mesh | Detection
    certainty: float
    frame: int = 0


def everybody(face: TrackedFace) -> bool:
    """Return True: every face is needed."""
    return True


class FaceTracker:
    """Follows the faces of a source, whose frames are given in order of time."""

    def __init__(self, detector: FaceDetector, mesh: FaceMesh) -> None:
        self._detector = detector
        self._mesh = mesh
        self._faces: list[TrackedFace] = []
        self._t: float | None = None
        self._frame = 0
        self._fitted: set[int] = set()
        self._looked_at: float | None = None
        self._whole_next = True
        self._next_close_up: int | None = None  # None: all of them
        self._next_number = 1

    @property
    def known(self) -> list[TrackedFace]:
        """Return the faces as they were seen last."""
        return self._faces

    def follow(
        self, rgb: npt.NDArray[np.uint8], t: float, among: Callable[[TrackedFace], bool] = everybody
    ) -> list[TrackedFace]:
        """Return the faces of a frame.

        A frame may be given several times: what was fitted in it is not fitted again.

        Args:
            rgb: the frame, uint8 [height, width, 3].
            t: its moment in seconds.
            among: chooses the faces that are needed. The others rest where they were last, and new ones are looked for
                only where everybody is needed.
        """
        if t != self._t:
            self._t = t
            self._frame += 1
            self._fitted.clear()
        if among is not everybody:
            self._faces = [self._again(rgb, face) or face if among(face) else face for face in self._faces]
            return [face for face in self._faces if face.number in self._fitted and among(face)]
        followed = self._follow_known(rgb)
        unfitted = [face for face in self._faces if not isinstance(face.found, Mesh)]
        lost = len(followed) + len(unfitted) < len(self._faces) or not self._faces
        longest = DETECT_AGAIN_S if unfitted else LOOK_AGAIN_S
        if lost or self._looked_at is None or not 0 <= t - self._looked_at < longest:
            self._faces = self._look_everywhere(rgb, followed)
            self._looked_at = t
        else:
            self._faces = [*followed, *unfitted]
        return self._faces

    def _follow_known(self, rgb: npt.NDArray[np.uint8]) -> list[TrackedFace]:
        followed: list[TrackedFace] = []
        known = [face for face in self._faces if isinstance(face.found, Mesh)]
        in_turn = {face.number for face in sorted(known, key=lambda face: face.frame)[:MAX_FITTED]}
        for face in known:
            again = self._again(rgb, face) if face.number in in_turn else face
            # Two tracks that slid onto one face are one track.
            if again is not None and not any(overlap(again.box, other.box) > SAME_FACE for other in followed):
                followed.append(again)
        return followed

    def _again(self, rgb: npt.NDArray[np.uint8], face: TrackedFace) -> TrackedFace | None:
        """Return a known face as it is in this frame; None where it is lost, or only the detector sees it."""
        if face.number in self._fitted or not isinstance(face.found, Mesh):
            return face if face.number in self._fitted else None
        mesh = self._mesh.fit(rgb, face.found.square())
        if mesh.presence < PRESENT:
            return None
        self._fitted.add(face.number)
        return TrackedFace(face.number, mesh.box, mesh, mesh.presence, self._frame)

    def _look_everywhere(self, rgb: npt.NDArray[np.uint8], followed: list[TrackedFace]) -> list[TrackedFace]:
        faces = list(followed)
        # An empty room is looked at with every frame: the whole and a close-up by turns, at the price of one.
        if self._faces or self._whole_next:
            for detection in self._detector.find(rgb):
                self._take(rgb, detection, faces, by_landmarks=False)
        if self._faces or not self._whole_next or self._next_close_up is None:
            for part in self._close_ups_due(rgb):
                for detection in self._detector.find(rgb, part):
                    self._take(rgb, detection, faces, by_landmarks=True)
        self._whole_next = not self._whole_next
        return faces

    def _close_ups_due(self, rgb: npt.NDArray[np.uint8]) -> list[Square]:
        """Return the close-ups whose turn it is: all of them at first, then one after the other."""
        parts = close_ups(rgb)
        due = parts if self._next_close_up is None else [parts[self._next_close_up]]
        self._next_close_up = 0 if self._next_close_up is None else (self._next_close_up + 1) % len(parts)
        return due

    def _take(
        self, rgb: npt.NDArray[np.uint8], detection: Detection, faces: list[TrackedFace], *, by_landmarks: bool
    ) -> None:
        """Add what was found to the frame's faces, unless it is one of them or lacks landmarks that are asked for."""
        if len(faces) >= MAX_FACES or _among(detection.box, faces):
            return
        fitted = self._mesh.fit(rgb, square_of(detection))
        is_fitted = fitted.presence >= PRESENT
        if by_landmarks and (not is_fitted or _among(fitted.box, faces)):
            return
        number = self._number_of(detection.box, taken={face.number for face in faces})
        found = fitted if is_fitted else detection
        faces.append(TrackedFace(number, detection.box, found, detection.score, self._frame))
        self._fitted.add(number)

    def _number_of(self, box: npt.NDArray[np.float32], taken: set[int]) -> int:
        for face in self._faces:
            if face.number not in taken and overlap(box, face.box) > SAME_FACE:
                return face.number
        self._next_number += 1
        return self._next_number - 1


def _among(box: npt.NDArray[np.float32], faces: list[TrackedFace]) -> bool:
    return any(overlap(box, face.box) > SAME_FACE for face in faces)
