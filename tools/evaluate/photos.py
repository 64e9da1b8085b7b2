"""The faces that the device finds in photographs and clips, and what it reads there, as Markdown tables.

Some photographs have their faces boxed by hand (faces.csv: photo, left, top, width, height): of these it says how many
are found, and how many are found besides. Of the others, and of clips, seen every fifth of a second, it says how many
faces are found and what they are said to show. --sheet draws what was found, to look at.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.blaze import overlap
from soundit_edge.senses.face.crops import aligned_crop, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import ExpressionNet, to_emotions
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import FaceTracker
from tools.command import command, tool_parser

Picture = npt.NDArray[np.uint8]
Box = npt.NDArray[np.float32]

MIN_WIDTH: Final = 32
"""Pixels: the faces that have to be found."""
SAME: Final = 0.2
"""Boxes by hand are tighter or wider than the detector's: those that overlap by more are the same face."""
EVERY_S: Final = 0.2
SHEET_WIDTH: Final = 480


class Face(NamedTuple):
    """A face that was found: its box, and the emotion that it is said to show most."""

    box: Box
    emotion: str


class Reader:
    """Finds and reads the faces of pictures as the device does."""

    def __init__(self) -> None:
        self._models = FaceDetector(), FaceMesh()
        self._net = ExpressionNet(ModelSet(default_folder()))

    def photo(self, rgb: Picture) -> list[Face]:
        """Return the faces of a picture of its own."""
        return self._faces(FaceTracker(*self._models), rgb, 0.0)

    def clip(self, path: Path) -> Iterator[tuple[Picture, list[Face]]]:
        """Give the pictures of a film, one every `EVERY_S`, with their faces.

        Raises:
            CaptureError: it cannot be read.
        """
        tracker, last = FaceTracker(*self._models), -EVERY_S
        with Clip(path) as clip:
            for item in clip.items():
                if isinstance(item, Frame) and item.t - last >= EVERY_S:
                    last = item.t
                    yield item.rgb, self._faces(tracker, item.rgb, item.t)

    def _faces(self, tracker: FaceTracker, rgb: Picture, t: float) -> list[Face]:
        faces = []
        for face in tracker.follow(rgb, t):
            emotions = to_emotions(self._net.classify(aligned_crop(rgb, placement(face.found))))
            faces.append(Face(face.box, str(EMOTIONS[int(np.argmax(emotions))])))
        return faces


def boxes_of(path: Path) -> dict[str, list[Box]]:
    """Return the boxes of each photograph as left, top, right, bottom.

    Raises:
        SounditError: the table cannot be read.
    """
    boxes = defaultdict(list)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                left, top, width, height = (float(line[name]) for name in ("left", "top", "width", "height"))
                boxes[line["photo"]].append(np.array([left, top, left + width, top + height], np.float32))
    except (OSError, KeyError, ValueError) as error:
        raise SounditError(f"{path}: not a table of faces ({error})") from error
    return boxes


def matched(true: Sequence[Box], found: Sequence[Box]) -> tuple[int, int]:
    """Return how many of the true boxes were found, and how many boxes were found besides."""
    hits = sum(any(overlap(box, other) > SAME for other in found) for box in true)
    besides = sum(all(overlap(box, other) <= SAME for box in true) for other in found)
    return hits, besides


def shown(faces: Sequence[Face]) -> str:
    """Return what faces are said to show, the most frequent first: `3 happy, 1 neutral`."""
    return ", ".join(f"{count} {name}" for name, count in Counter(face.emotion for face in faces).most_common()) or "–"


def photo_tables(folder: Path, reader: Reader, sheet: list[Picture]) -> tuple[str, str]:
    """Return the table of the photographs with boxes, and that of the others."""
    boxes = boxes_of(folder / "faces.csv")
    lines = [
        "| photograph | faces by hand | narrowest, px | found | besides | said to show |",
        "|---|---|---|---|---|---|",
    ]
    others = ["| photograph | found | said to show |", "|---|---|---|"]
    total = np.zeros(3, int)
    for path in track(sorted(folder.glob("*.jpg")), "photographs", console=Console(stderr=True)):
        rgb = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
        faces = reader.photo(rgb)
        sheet.append(drawn(rgb, faces))
        if path.name not in boxes:
            others.append(f"| {path.stem} | {len(faces)} | {shown(faces)} |")
            continue
        true = [box for box in boxes[path.name] if box[2] - box[0] >= MIN_WIDTH]
        hits, besides = matched(true, [face.box for face in faces])
        total += len(true), hits, besides
        narrowest = min(float(box[2] - box[0]) for box in true)
        lines.append(f"| {path.stem} | {len(true)} | {narrowest:.0f} | {hits} | {besides} | {shown(faces)} |")
    lines.append(f"| **all** | {total[0]} | | **{total[1]}** | **{total[2]}** | |")
    return "\n".join(lines), "\n".join(others)


def clip_table(paths: Sequence[Path], reader: Reader, sheet: list[Picture]) -> str:
    """Return the table of films: how many faces are found at a time, and what they are said to show, by thirds."""
    lines = [
        "| clip | looks | faces at a time, median (range) | beginning | middle | end |",
        "|---|---|---|---|---|---|",
    ]
    for path in track(paths, "clips", console=Console(stderr=True)):
        seen = list(reader.clip(path))
        sheet.append(drawn(*seen[len(seen) // 2]))
        counts = [len(faces) for _, faces in seen]
        thirds = [shown([face for i in part for face in seen[i][1]]) for part in np.array_split(range(len(seen)), 3)]
        middle = f"{np.median(counts):.0f} ({min(counts)} to {max(counts)})"
        lines.append(f"| {path.stem} | {len(seen)} | {middle} | {' | '.join(thirds)} |")
    return "\n".join(lines)


def drawn(rgb: Picture, faces: Sequence[Face]) -> Picture:
    """Return a picture, `SHEET_WIDTH` wide, with boxes and names."""
    scale = SHEET_WIDTH / rgb.shape[1]
    small = cv2.resize(rgb, (SHEET_WIDTH, round(scale * rgb.shape[0])), interpolation=cv2.INTER_AREA)
    for face in faces:
        left, top, right, bottom = (round(float(v) * scale) for v in face.box)
        cv2.rectangle(small, (left, top), (right, bottom), (0, 255, 0), 1)
        cv2.putText(small, face.emotion, (left, top - 3), cv2.FONT_HERSHEY_PLAIN, 0.8, (255, 255, 0))
    return np.asarray(small, np.uint8)


def write_sheet(path: Path, pictures: Sequence[Picture], across: int = 4) -> None:
    """Write pictures side by side as one."""
    height = max(picture.shape[0] for picture in pictures)
    padded = [np.pad(p, ((0, height - p.shape[0]), (0, 0), (0, 0))) for p in pictures]
    padded += [np.zeros_like(padded[0])] * (-len(padded) % across)
    rows = [np.hstack(padded[i : i + across]) for i in range(0, len(padded), across)]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.photos", __doc__)
    parser.add_argument("photos", type=Path, help="a folder of .jpg files with faces.csv")
    parser.add_argument("--clips", type=Path, nargs="*", default=[], help="films")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet there (.png); not to be published")
    options = parser.parse_args(arguments)
    sheet: list[Picture] = []
    reader = Reader()
    print("\n\n".join(photo_tables(options.photos, reader, sheet)))
    if options.clips:
        print("\n" + clip_table(options.clips, reader, sheet))
    if options.sheet is not None:
        write_sheet(options.sheet, sheet)


if __name__ == "__main__":
    sys.exit(main())
