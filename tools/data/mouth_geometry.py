"""Where mouths lie in clips of whole faces, and whether the live crop shows what the lip reader learnt, as Markdown.

For each clip: the distances that `TEMPLATE` (senses/lips/crops.py) comes from; and, where --half names a folder with
the same clip as a static half face (NAME.mp4, such as GRID's of 184x104 pixels), how far the crops that the device
cuts from the whole face are from those that were learnt from.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.senses.face.crops import features_of
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import MOUTH, FaceMesh, Mesh
from soundit_edge.senses.face.tracker import FaceTracker
from soundit_edge.senses.lips.crops import Mouth, crop, mouth_of, smoothed
from tools.command import command, tool_parser
from tools.data.mouth_clips import RATE, HalfFaces, read_grey


def followed(path: Path) -> tuple[list[Mesh], list[Mouth], npt.NDArray[np.uint8]]:
    """Return each frame's first face, where the device would cut out its mouth, and the crops [n, 32, 56].

    Raises:
        SounditError: the clip cannot be read, or a frame shows no face.
    """
    tracker = FaceTracker(FaceDetector(), FaceMesh())
    meshes: list[Mesh] = []
    places: list[Mouth] = []
    crops = []
    for number, grey in enumerate(read_grey(path)):
        rgb = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
        found = [face.found for face in tracker.follow(rgb, number / RATE) if isinstance(face.found, Mesh)]
        if not found:
            raise SounditError(f"{path}: no face in frame {number}")
        meshes.append(found[0])
        places.append(smoothed(places[-1] if places else None, mouth_of(found[0]), 1 / RATE))
        crops.append(crop(rgb, places[-1]))
    return meshes, places, np.stack(crops)


def row(path: Path, half: Path | None) -> str:
    """Return one clip's line of the table."""
    meshes, places, crops = followed(path)
    left, right, mouth = (np.stack([features_of(m)[i] for m in meshes]) for i in (0, 1, 2))
    corners = np.stack([m.points[list(MOUTH[:2])] for m in meshes])
    figures = [
        float(np.median(np.linalg.norm(right - left, axis=1))),
        float(np.median(np.linalg.norm(mouth - (left + right) / 2, axis=1))),
        float(np.median(np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1))),
        float(np.median([place.scale for place in places])),
    ]
    cells = [path.stem, *(f"{figure:.2f}" for figure in figures)]
    if half is not None:
        learnt = HalfFaces().crops(read_grey(half / f"{path.stem}.mp4"))[: len(crops)]
        pairs = [shift(a, b) for a, b in zip(learnt[::5], crops[::5], strict=False)]
        apart = np.median(pairs, 0)
        cells += [f"{apart[0]:+.1f}, {apart[1]:+.1f}", f"{np.corrcoef(learnt.ravel(), crops.ravel())[0, 1]:.3f}"]
    return "| " + " | ".join(cells) + " |"


def shift(learnt: npt.NDArray[np.uint8], live: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Return pixels of the crop by which the live one lies to the right and below, by phase correlation."""
    (x, y), _ = cv2.phaseCorrelate(learnt.astype(np.float64), live.astype(np.float64))
    return x, y


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.data.mouth_geometry", __doc__)
    parser.add_argument("clips", nargs="+", type=Path, help="clips of whole faces, 25 frames a second")
    parser.add_argument("--half", type=Path, metavar="FOLDER", help="the same clips as half faces")
    options = parser.parse_args(arguments)
    more = ["live against learnt: shift in pixels", "correlation"] if options.half is not None else []
    heads = [
        "clip, medians in pixels",
        "between the eyes",
        "eyes to mouth",
        "mouth's width",
        "scale of the crop",
        *more,
    ]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for path in options.clips:
        print(row(path, options.half))


if __name__ == "__main__":
    sys.exit(main())
