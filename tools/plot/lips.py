"""What the lips sense sees: where it looks, how the lips move, the words over time, and the sentence, of one of GRID's
clips. Nothing of the clip itself is drawn: its speaker did not ask to stand in these pages.

python -m tools.plot.lips CLIP [--align NAME.align] [-o docs/pictures/lips_grid.png]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh, Mesh
from soundit_edge.senses.face.tracker import FaceTracker
from soundit_edge.senses.lips.active_speaker import speech_in
from soundit_edge.senses.lips.crops import HEIGHT, MOUTH_AT, WIDTH
from soundit_edge.senses.lips.recogniser import FRAMES, RATE, LipReader
from soundit_edge.senses.lips.track import MouthTrack
from tools.command import command, tool_parser
from tools.data.mouth_clips import read_align
from tools.evaluate.lips_live import read_rgb
from tools.plot.meshes import draw_lips, draw_mesh, ground

ROOT: Final = Path(__file__).resolve().parents[2]
SHOWN: Final = 40
"""The frame whose face is drawn whole."""
LARGER: Final = 4


def draw(figure: Any, path: Path, align: Path | None) -> None:
    """Fill a figure: the face and the place of its mouth, a strip of lips, the words' probabilities, the sentence."""
    reader = LipReader(ModelSet(default_folder()))
    tracker, track = FaceTracker(FaceDetector(), FaceMesh()), MouthTrack()
    frames = read_rgb(path)[:FRAMES]
    height, width = frames[SHOWN].shape[:2]
    whole = ground(LARGER * height, LARGER * width)
    mouths = [ground(LARGER * HEIGHT, LARGER * WIDTH) for _ in frames]
    for number, rgb in enumerate(frames):
        for face in tracker.follow(rgb, number / RATE)[:1]:
            track.see(rgb, number / RATE, face.found)
            if not isinstance(face.found, Mesh) or track.place is None:
                continue
            place, points = track.place, face.found.points
            turned = place.scale * np.array(
                [[np.cos(place.angle), -np.sin(place.angle)], [np.sin(place.angle), np.cos(place.angle)]]
            )
            inside = (points - [place.x, place.y]) @ turned + MOUTH_AT
            draw_lips(mouths[number], np.asarray(LARGER * inside, np.float32))
            if number == SHOWN:
                draw_mesh(whole, np.asarray(LARGER * points, np.float32))
                corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]]) - MOUTH_AT
                box = LARGER * (corners @ np.linalg.inv(turned) + [place.x, place.y])
                cv2.polylines(whole, [np.rint(box).astype(np.int32)], True, (255, 200, 0), 2)
    said = reader.probabilities(track.clip())
    spoken = reader.spoken(said)
    upper, middle, lower = figure.subplots(3, 1, height_ratios=[3.2, 0.9, 2.2])
    upper.imshow(whole)
    upper.set_axis_off()
    sentence = reader.sentence(said)
    upper.set_title(f'{path.stem}: "{" ".join(sentence.words)}", certainty {sentence.certainty:.2f}')
    strip = np.concatenate([np.concatenate(mouths[row : row + 30 : 3], 1) for row in (0, 30)], 0)
    middle.imshow(strip, aspect="equal")
    middle.set_axis_off()
    time = np.arange(FRAMES) / RATE
    lower.fill_between(time, speech_in(said), color="0.85", label="speech")
    for word in spoken:
        lower.plot(time, said[:, word.word], label=reader.labels[word.word])
        lower.text((word.first + word.last + 1) / 2 / RATE, 1.04, reader.labels[word.word], ha="center")
    for first, end, name in read_align(align) if align is not None else []:
        lower.axvline(first / RATE, color="0.6", linewidth=0.6, linestyle=":")
        if name not in ("sil", "sp"):
            lower.text((first + end) / 2 / RATE, -0.17, name, ha="center", color="0.4")
    lower.set(xlim=(0, FRAMES / RATE), ylim=(0, 1.15), ylabel="probability")
    lower.set_xlabel("seconds; above: what was read, below: what was said, and when", labelpad=20)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    parser = tool_parser("tools.plot.lips", __doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--align", type=Path, help="the times of its words")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs/pictures/lips_grid.png")
    options = parser.parse_args(arguments)
    figure = pyplot.figure(figsize=(9, 8.5), layout="constrained")
    draw(figure, options.clip, options.align)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.output, dpi=110)
    print(options.output, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
