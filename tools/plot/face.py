"""What the face sense sees: boxes, meshes and readings of a film's faces; and how its network was weighed.

Nothing of the film itself is drawn: whoever is in it did not ask to stand in these pages.

python -m tools.plot.face film CLIP [--at SECONDS ...] [-o docs/pictures/face_dinner.png]
python -m tools.plot.face curve [-o docs/pictures/face_tradeoff.png]    (after tools.train.face curve or heads)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import EMOTIONS
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.crops import aligned_crop, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import SIDE, ExpressionNet, to_emotions
from soundit_edge.senses.face.mesh import FaceMesh, Mesh
from soundit_edge.senses.face.sense import FaceSense
from soundit_edge.senses.face.tracker import FaceTracker
from tools.command import command, tool_parser
from tools.plot.meshes import draw_mesh, ground

ROOT: Final = Path(__file__).resolve().parents[2]
CURVE: Final = ROOT / ".cache/train/face_curve.json"
SCALE: Final = 1.5
CROP: Final = 160
APART: Final = 250
NAMES: Final = {
    "majority": "FER+ majority",
    "uar": "FER+ UAR",
    "plain": "plain FER, 7 classes",
    "six": "six expressions",
    "six_uar": "six expressions, UAR",
}

Picture = npt.NDArray[np.uint8]


class FaceView:
    """Draws what the sense makes of one frame after the other."""

    def __init__(self) -> None:
        models = ModelSet(default_folder())
        self._sense, self._net = FaceSense(models), ExpressionNet(models)
        self._tracker = FaceTracker(FaceDetector(), FaceMesh())

    def draw(self, frame: Frame) -> Picture:
        """Draw each face's box and mesh where it is in a frame, its upright mesh and reading, and the room's below."""
        height, width = frame.rgb.shape[:2]
        shown = ground(round(SCALE * height), round(SCALE * width))
        strip = ground(CROP + 150, shown.shape[1])
        for place, face in enumerate(sorted(self._tracker.follow(frame.rgb, frame.t), key=lambda f: float(f.box[0]))):
            left, top, right, bottom = (round(float(v) * SCALE) for v in face.box)
            cv2.rectangle(shown, (left, top), (right, bottom), (255, 210, 60), 1, cv2.LINE_AA)
            x = 8 + place * APART
            placed = placement(face.found)
            if isinstance(face.found, Mesh):
                draw_mesh(shown, SCALE * face.found.points)
                upright = face.found.points @ placed[:, :2].T + placed[:, 2]
                draw_mesh(strip[8 : 8 + CROP, x : x + CROP], np.asarray(upright * (CROP / SIDE), np.float32))
            said = to_emotions(self._net.classify(aligned_crop(frame.rgb, placed)))
            write(shown, f"{face.number}", (left, top - 4))
            order = np.argsort(said)[::-1][:3]
            lines = [f"face {face.number}"] + [f"{EMOTIONS[i]} {said[i]:.2f}" for i in order]
            for i, line in enumerate(lines):
                write(strip, line, (x + 20, CROP + 28 + 22 * i))
        room = self._sense.read(frame)
        if room is not None:
            share = max(room.probabilities)
            write(
                strip, f"{frame.t:.1f} s, the room: {room.emotion} {share:.2f}, trust {room.trust:.2f}", (8, CROP + 136)
            )
        return np.vstack([shown, strip])


def write(picture: Picture, text: str, place: tuple[int, int]) -> None:
    """Write light text with a dark edge."""
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, width, cv2.LINE_AA)


def film(path: Path, moments: Sequence[float]) -> Picture:
    """Return the frames of a film at some moments, one below the other; every frame before is followed too.

    Raises:
        CaptureError: the file cannot be read.
    """
    view, left, drawn = FaceView(), sorted(moments), []
    with Clip(path, max_fps=10) as clip:
        for item in clip.items():
            if isinstance(item, Frame) and left:
                picture = view.draw(item)
                if item.t >= left[0]:
                    drawn.append(picture)
                    left.pop(0)
    return np.vstack(drawn)


def curve(points: Sequence[dict[str, float]], chosen: dict[str, float], out: Path) -> None:
    """Draw what the figures of the plain labels cost those of the votes, and the weight that was chosen."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.5, 4.6))
    for key, name in NAMES.items():
        axes.plot([p["weight"] for p in points], [100 * p[key] for p in points], marker=".", label=name)
    for wanted in (89, 72):
        axes.axhline(wanted, color="grey", linewidth=0.8, linestyle=":")
    axes.axvline(chosen["weight"], color="black", linewidth=0.8, linestyle="--")
    axes.set(xlabel="weight of the plain labels beside the votes", ylabel="% on public_test (float)")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(out, dpi=110)
    pyplot.close(figure)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.face", __doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    of_film = kinds.add_parser("film", help="a film with faces")
    of_film.add_argument("clip", type=Path)
    of_film.add_argument("--at", type=float, nargs="+", default=[2.0], metavar="SECONDS")
    of_film.add_argument("-o", "--out", type=Path, default=ROOT / "docs/pictures/face_dinner.png")
    of_curve = kinds.add_parser("curve", help="from votes to plain labels")
    of_curve.add_argument("-o", "--out", type=Path, default=ROOT / "docs/pictures/face_tradeoff.png")
    options = parser.parse_args(arguments)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if options.kind == "film":
        cv2.imwrite(str(options.out), cv2.cvtColor(film(options.clip, options.at), cv2.COLOR_RGB2BGR))
    else:
        weighed = json.loads(CURVE.read_text())
        curve(weighed["points"], weighed["chosen"], options.out)
    print(options.out)


if __name__ == "__main__":
    sys.exit(main())
