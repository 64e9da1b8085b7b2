"""Does the live crop show the network what it learnt? Accuracy on pictures as they are, and found and cropped again.

Each picture of `public_test` with a clear majority of votes is enlarged and framed; where the detector finds the
face, its aligned crop is classified beside the original.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.expression import ExpressionNet
from tools.command import command, tool_parser
from tools.data.face_geometry import as_seen
from tools.evaluate.face import FaceFinder, ferplus_truth


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.live_crop", __doc__)
    parser.add_argument("data", type=Path, help="the .npz of the pictures")
    options = parser.parse_args(arguments)
    with np.load(options.data) as file:
        data = {key: file[key] for key in ("png", "offset", "ferplus", "ferplus_columns", "ferplus_ok", "split")}
    net, finder = ExpressionNet(ModelSet(default_folder())), FaceFinder()
    truth = ferplus_truth(data, list(net.labels))
    rows = np.flatnonzero((data["split"] == "public_test") & (truth >= 0))
    right = []
    for row in track(rows, "looking", console=Console(stderr=True), transient=True):
        encoded = data["png"][data["offset"][row] : data["offset"][row + 1]]
        grey = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
        if (crop := finder.crop(as_seen(grey))) is not None:
            right.append([net.classify(picture).argmax() == truth[row] for picture in (grey, crop)])
    original, live = 100 * np.mean(right, 0)
    print(f"{len(right)} of {len(rows)} faces found: {original:.1f} % right as they are, {live:.1f} % by the live crop")


if __name__ == "__main__":
    sys.exit(main())
