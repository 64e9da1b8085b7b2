"""How well faces are read in bad light, blurred, small, tilted, covered and noisy, as a Markdown table.

Each picture of `public_test` with a clear majority of votes is spoilt in one way at a time and classified: first the
tight crops as they are, then some of them enlarged, framed, and found, aligned and cropped again, as a camera's picture
is. There a tilt shall be undone; faces that are not found are left out of the accuracy and counted. With --clip, a film
is shrunk, and the faces that are still found, and still read as at full size, are counted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from soundit_edge.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.blaze import overlap
from soundit_edge.senses.expression import MODEL, SIDE, ExpressionNet
from soundit_edge.senses.face.crops import aligned_crop, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import FaceTracker
from tools.command import command, tool_parser
from tools.data.corruptions import CROPS, LIVE
from tools.data.face_geometry import as_seen
from tools.evaluate.face import FaceFinder, ferplus_truth
from tools.evaluate.scoring import Answers, score

Picture = npt.NDArray[np.uint8]

SCALES: Final = (1.0, 0.75, 0.5, 0.4, 0.3)
EVERY_S: Final = 0.5
SAME: Final = 0.3
"""Boxes that overlap by more are the same face."""


def answers_to(net: ExpressionNet, crops: Iterable[Picture | None], truth: npt.NDArray[np.int64]) -> Answers:
    """Return what the network says of crops; a row of NaN for None."""
    nothing = np.full(len(net.labels), np.nan, np.float32)
    said = [nothing if crop is None else net.classify(crop) for crop in crops]
    return Answers(net.labels, truth, np.stack(said))


def row(name: str, answers: Answers) -> str:
    """Return one line of the table; accuracy is that of the faces that were found."""
    found = answers.said >= 0
    kept = Answers(answers.names, answers.truth[found], answers.probabilities[found])
    if not found.any():
        return f"| {name} | 0 | – | – |"
    figures = score(kept)
    low, high = figures["accuracy_95"]
    accuracy = f"{100 * figures['accuracy']:.1f} ({100 * low:.1f} to {100 * high:.1f})"
    return f"| {name} | {100 * found.mean():.0f} | {accuracy} | {100 * figures['uar']:.1f} |"


def shrunk_clip(path: Path, net: ExpressionNet) -> str:
    """Return a table of a film at smaller and smaller scales: how many faces are found, and read as at full size.

    Raises:
        CaptureError: the file cannot be read.
    """
    models = FaceDetector(), FaceMesh()
    found: dict[float, list[float]] = {scale: [] for scale in SCALES}
    agreed: dict[float, list[bool]] = {scale: [] for scale in SCALES}
    total = 0
    for frame in frames_of(path):
        whole = _readings(frame, 1.0, net, models)
        total += len(whole)
        for scale in SCALES:
            for box, said in _readings(frame, scale, net, models):
                same = [other for other_box, other in whole if overlap(box, other_box) > SAME]
                if same:
                    found[scale].append(float(box[2] - box[0]) * scale)
                    agreed[scale].append(said == same[0])
    lines = [
        "| scale | width of a face, px (middle, 10 % to 90 %) | found % | read as at full size % |",
        "|---|---|---|---|",
    ]
    for scale in SCALES:
        if found[scale]:
            low, middle, high = np.percentile(found[scale], [10, 50, 90])
            share, same_said = 100 * len(found[scale]) / total, 100 * np.mean(agreed[scale])
            lines.append(f"| {scale:g} | {middle:.0f} ({low:.0f} to {high:.0f}) | {share:.0f} | {same_said:.0f} |")
        else:
            lines.append(f"| {scale:g} | – | 0 | – |")
    return "\n".join(lines)


def frames_of(path: Path) -> Iterator[Picture]:
    """Give the pictures of a film, one every `EVERY_S`."""
    last = -EVERY_S
    with Clip(path) as clip:
        for item in clip.items():
            if isinstance(item, Frame) and item.t - last >= EVERY_S:
                last = item.t
                yield item.rgb


def _readings(
    rgb: Picture, scale: float, net: ExpressionNet, models: tuple[FaceDetector, FaceMesh]
) -> list[tuple[npt.NDArray[np.float32], str]]:
    """Return the faces of a picture that is shrunk first: boxes in pixels of the whole picture, and their labels."""
    shrunk = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    seen = np.asarray(shrunk, np.uint8)
    tracker = FaceTracker(*models)
    return [
        (face.box / np.float32(scale), net.labels[net.classify(aligned_crop(seen, placement(face.found))).argmax()])
        for face in tracker.follow(seen, 0.0)
    ]


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.face_robustness", __doc__)
    parser.add_argument("data", type=Path, help="the .npz of the pictures")
    parser.add_argument("--model", default=MODEL, help="another model of the set than the shipped one")
    parser.add_argument("--live", type=int, default=600, help="how many pictures go the camera's way")
    parser.add_argument("--clip", type=Path, help="a film with several faces")
    options = parser.parse_args(arguments)
    with np.load(options.data) as file:
        data = {key: file[key] for key in ("png", "offset", "ferplus", "ferplus_columns", "ferplus_ok", "split")}
    net, finder = ExpressionNet(ModelSet(default_folder()), options.model), FaceFinder()
    truth = ferplus_truth(data, list(net.labels))
    rows = np.flatnonzero((data["split"] == "public_test") & (truth >= 0))
    encoded = [data["png"][data["offset"][i] : data["offset"][i + 1]] for i in rows]
    pictures = [np.asarray(cv2.imdecode(png, cv2.IMREAD_GRAYSCALE), np.uint8) for png in encoded]
    assert all(picture.shape == (SIDE, SIDE) for picture in pictures)
    truth, console = truth[rows], Console(stderr=True)

    print(f"| {len(rows)} tight crops | found % | accuracy % (95 %) | UAR % |\n|---|---|---|---|")
    for name, change in CROPS.items():
        rng = np.random.default_rng(0)
        spoilt = (change(picture, rng) for picture in pictures)
        print(row(name, answers_to(net, spoilt, truth)), flush=True)

    some = np.random.default_rng(0).permutation(len(rows))[: options.live]
    print(f"\n| {len(some)} found and cropped anew | found % | accuracy % (95 %) | UAR % |\n|---|---|---|---|")
    for name, change in LIVE.items():
        rng = np.random.default_rng(0)
        shown = track(some, name, console=console, transient=True)
        crops = (finder.crop(change(as_seen(pictures[i]), rng)) for i in shown)
        print(row(name, answers_to(net, crops, truth[some])), flush=True)
    if options.clip is not None:
        print(f"\n{shrunk_clip(options.clip, net)}")


if __name__ == "__main__":
    sys.exit(main())
