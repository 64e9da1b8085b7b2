"""A contact sheet of the drawn demo: each station with the mesh that is found, the crop and what the net reads there.

python -m tools.plot.demo [-o docs/pictures/drawn_demo.png]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES, STATIONS
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.crops import aligned_crop, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import FERPLUS, ExpressionNet
from soundit_edge.senses.face.mesh import FaceMesh, square_of
from tools.command import command, tool_parser

ROOT = Path(__file__).resolve().parents[2]


def station(emotion: Emotion, detector: FaceDetector, mesh: FaceMesh, net: ExpressionNet) -> npt.NDArray[Any]:
    """Return one picture of the sheet: uint8 [360, 480, 3]."""
    image = draw(POSES[emotion], 1.0)
    found = detector.find(image)
    shown = image.copy()
    text = "no face found"
    if found:
        fitted = mesh.fit(image, square_of(found[0]))
        crop = aligned_crop(image, placement(fitted))
        for x, y in fitted.points:
            cv2.circle(shown, (round(float(x)), round(float(y))), 1, (80, 255, 120), -1)
        shown[8:136, 8:136] = cv2.resize(crop, (128, 128))[..., None]
        probabilities = net.classify(crop)
        text = ", ".join(f"{FERPLUS[i]} {probabilities[i]:.2f}" for i in np.argsort(-probabilities)[:2])
    for colour, width in (((0, 0, 0), 4), ((255, 255, 255), 1)):
        cv2.putText(shown, f"{emotion}: {text}", (12, 464), cv2.FONT_HERSHEY_SIMPLEX, 0.62, colour, width, cv2.LINE_AA)
    return cv2.resize(shown, (480, 360), interpolation=cv2.INTER_AREA)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.demo", __doc__)
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "docs/pictures/drawn_demo.png")
    out = parser.parse_args(arguments).out
    parts = FaceDetector(), FaceMesh(), ExpressionNet(ModelSet(default_folder()))
    pictures = [station(emotion, *parts) for emotion in STATIONS]
    sheet = np.vstack([np.hstack(pictures[:4]), np.hstack(pictures[4:])])
    out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(out), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    print(out)


if __name__ == "__main__":
    sys.exit(main())
