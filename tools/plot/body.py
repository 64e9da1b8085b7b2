"""Pictures of what the body sense sees in a film: a contact sheet of skeletons, and the qualities over time.

Nothing of the film itself is drawn: whoever is in it did not ask to stand in these pages.
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

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import Reading
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.body.detector import PoseDetector
from soundit_edge.senses.body.landmarks import EDGES, PRESENT, Pose, PoseLandmarker
from soundit_edge.senses.body.net import LABELS
from soundit_edge.senses.body.sense import BodySense
from soundit_edge.senses.body.tracker import MAX_PEOPLE
from tools.command import command, tool_parser
from tools.evaluate.body_qualities import QUALITIES
from tools.evaluate.scoring import Answers
from tools.plot.confusion import save_plots
from tools.plot.meshes import ground

COLOURS: Final = ((90, 220, 90), (250, 190, 60), (90, 180, 250))
HIDDEN: Final = (150, 150, 150)
SEEN: Final = 0.5


def draw(rgb: npt.NDArray[np.uint8], pose: Pose, colour: tuple[int, int, int]) -> None:
    """Draw a skeleton into a picture; what is hidden is grey."""
    points = pose.points.astype(int)
    for a, b in EDGES:
        seen = min(pose.visibility[a], pose.visibility[b]) >= SEEN
        end_a, end_b = tuple(points[a].tolist()), tuple(points[b].tolist())
        cv2.line(rgb, end_a, end_b, colour if seen else HIDDEN, 3 if seen else 1, cv2.LINE_AA)


def sheet(frames: list[Frame], columns: int, width: int) -> npt.NDArray[np.uint8]:
    """Return some frames of a film side by side, with everybody that the detector finds and the landmarks hold."""
    detector, landmarker = PoseDetector(), PoseLandmarker()
    tiles = []
    for frame in frames:
        rgb = ground(*frame.rgb.shape[:2])
        largest = sorted(detector.find(frame.rgb), key=lambda person: -person.square().side)[:MAX_PEOPLE]
        for person, colour in zip(largest, COLOURS, strict=False):
            pose = landmarker.fit(frame.rgb, person.square())
            if pose.presence >= PRESENT:
                draw(rgb, pose, colour)
        small = cv2.resize(rgb, (width, round(width * rgb.shape[0] / rgb.shape[1])), interpolation=cv2.INTER_AREA)
        small[-1:] = small[:, -1:] = HIDDEN
        cv2.putText(small, f"{frame.t:.1f} s", (8, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2, cv2.LINE_AA)
        tiles.append(small)
    rows = [np.concatenate(tiles[i : i + columns], 1) for i in range(0, len(tiles) // columns * columns, columns)]
    return np.asarray(np.concatenate(rows), np.uint8)


def plot_qualities(readings: list[Reading], path: Path) -> None:
    """Draw the qualities and the trust over time; a gap or a jump is another person's turn."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 1, figsize=(9, 6), sharex=True, height_ratios=(3, 2), layout="constrained")
    times = [reading.t for reading in readings]
    for name in QUALITIES:
        axes[0].plot(times, [reading.detail[name] for reading in readings], label=name)
    axes[0].set(ylim=(0, 1.12), ylabel="0 to 1", title="Movement qualities of whoever's turn it is")
    axes[0].legend(ncols=len(QUALITIES), loc="upper center", fontsize="small")
    axes[1].plot(times, [reading.trust for reading in readings], color="black", label="trust")
    axes[1].plot(times, [reading.affect.arousal for reading in readings], label="arousal")
    axes[1].plot(times, [reading.affect.valence for reading in readings], label="valence")
    axes[1].axhline(0, color="grey", linewidth=0.5)
    axes[1].set(xlabel="seconds", ylim=(-1, 1), title="The reading")
    axes[1].legend(ncols=3, loc="upper center", fontsize="small")
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.body", __doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("folder", type=Path, help="for body_skeletons.png and body_qualities.png")
    parser.add_argument("--tiles", type=int, default=9)
    parser.add_argument("--folds", type=Path, help="body_folds.npz of training, for body_confusion.png")
    options = parser.parse_args(arguments)
    if options.folds is not None:
        with np.load(options.folds) as file:
            save_plots(Answers(LABELS[:-1], file["truth"], file["clips"]), options.folder, "body")
        (options.folder / "body_reliability.png").unlink()
    with Clip(options.film, max_fps=10) as clip:
        frames = [item for item in clip.items() if isinstance(item, Frame)]
    sense = BodySense(ModelSet(default_folder()))
    bar = track(frames, description="reading", console=Console(stderr=True), transient=True)
    readings = [reading for frame in bar if (reading := sense.read(frame)) is not None]
    plot_qualities(readings, options.folder / "body_qualities.png")
    chosen = [frames[i] for i in np.linspace(0, len(frames) - 1, options.tiles).astype(int)]
    cv2.imwrite(str(options.folder / "body_skeletons.png"), sheet(chosen, 3, 427)[..., ::-1])


if __name__ == "__main__":
    sys.exit(main())
