"""Where eyes and mouth lie in the 48x48 pictures that the expression network learns from, as a Markdown table.

The device's own detector and face mesh look at enlarged training pictures; the live crop must put the same points at
the same places (`TEMPLATE` in senses/face/crops.py).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import SIDE
from soundit_edge.senses.face.mesh import LEFT_EYE, MOUTH, PRESENT, RIGHT_EYE, FaceMesh, square_of
from tools.command import command, tool_parser

Points = npt.NDArray[np.float32]

ENLARGED: Final = 288
MARGIN: Final = 144
"""The full-range detector wants faces smaller than the picture, so the enlarged one gets a border."""
TOP, CHIN, RIGHT_CHEEK, LEFT_CHEEK, NOSE_TIP = 10, 152, 234, 454, 1


def as_seen(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a picture [48, 48] enlarged and framed as the detector would meet the face: uint8 [576, 576, 3]."""
    large = cv2.resize(grey, (ENLARGED, ENLARGED), interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(large, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def mesh(grey: npt.NDArray[np.uint8], detector: FaceDetector, landmarks: FaceMesh) -> Points | None:
    """Return the face mesh [468, 2] of one training picture in its own pixels (0 = the first pixel's outer edge)."""
    rgb = as_seen(grey)
    found = detector.find(rgb)
    if not found:
        return None
    first = landmarks.fit(rgb, square_of(found[0]))
    if first.presence < PRESENT:
        return None
    # A second look from the first one's own points, as a tracked face has it.
    second = landmarks.fit(rgb, first.square())
    return np.asarray((second.points - MARGIN) * (SIDE / ENLARGED), dtype=np.float32)


def table(meshes: Points) -> str:
    """Return medians and spreads over meshes [n, 468, 2]."""

    def at(*indices: int) -> Points:
        return np.asarray(meshes[:, list(indices)].mean(1), dtype=np.float32)

    left, right, mouth = at(*LEFT_EYE), at(*RIGHT_EYE), at(*MOUTH)
    between = right - left
    rows = {
        "eye on the picture's left, x": left[:, 0],
        "eye on the picture's left, y": left[:, 1],
        "eye on the picture's right, x": right[:, 0],
        "eye on the picture's right, y": right[:, 1],
        "mouth, x": mouth[:, 0],
        "mouth, y": mouth[:, 1],
        "nose tip, y": at(NOSE_TIP)[:, 1],
        "top of the mesh (point 10), y": at(TOP)[:, 1],
        "chin (point 152), y": at(CHIN)[:, 1],
        "width of the mesh (234 to 454)": np.linalg.norm(at(LEFT_CHEEK) - at(RIGHT_CHEEK), axis=1),
        "distance between the eyes": np.linalg.norm(between, axis=1),
        "eyes' midpoint to mouth": np.linalg.norm(mouth - (left + right) / 2, axis=1),
        "roll in degrees": np.degrees(np.arctan2(between[:, 1], between[:, 0])),
    }
    lines = ["| in pixels of 48, 0 = left or upper edge | median | 16 % to 84 % | 5 % to 95 % |", "|---|---|---|---|"]
    for name, values in rows.items():
        p5, p16, p50, p84, p95 = np.percentile(values, [5, 16, 50, 84, 95])
        lines.append(f"| {name} | {p50:.1f} | {p16:.1f} to {p84:.1f} | {p5:.1f} to {p95:.1f} |")
    return "\n".join(lines)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.data.face_geometry", __doc__)
    parser.add_argument("data", type=Path, help="the .npz of the training pictures")
    parser.add_argument("--pictures", type=int, default=3000)
    options = parser.parse_args(arguments)
    with np.load(options.data) as data:
        png, offset, train = data["png"], data["offset"], np.flatnonzero(data["split"] == "train")
    rows = np.random.default_rng(0).choice(train, options.pictures, replace=False)
    detector, landmarks = FaceDetector(), FaceMesh()
    meshes = []
    for row in track(rows, "looking", console=Console(stderr=True), transient=True):
        grey = cv2.imdecode(png[offset[row] : offset[row + 1]], cv2.IMREAD_GRAYSCALE)
        if (found := mesh(np.asarray(grey, dtype=np.uint8), detector, landmarks)) is not None:
            meshes.append(found)
    print(f"{len(meshes)} of {len(rows)} pictures have a face that both models see.\n\n{table(np.stack(meshes))}")


if __name__ == "__main__":
    sys.exit(main())
