"""The lips sense as the device runs it, on GRID's clips of whole faces under other conditions, as Markdown.

Each clip is shown to the sense frame by frame. "Words": how many of the sentence's six were shown at the end. "Talks":
share of frames in which "speaking" was right, compared with the times of the words so much earlier as the sense lags.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.lips.active_speaker import DELAY_S
from soundit_edge.senses.lips.grid import WORDS
from soundit_edge.senses.lips.sense import LipsSense
from tools.command import command, tool_parser
from tools.data.mouth_clips import RATE, frame_labels, read_align, words_of

Picture = npt.NDArray[np.uint8]

LAG: Final = round(DELAY_S * RATE)


def resized(factor: float) -> Callable[[Picture], Picture]:
    return lambda rgb: np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def lit(gamma: float) -> Callable[[Picture], Picture]:
    return lambda rgb: np.rint(255 * (rgb / 255.0) ** gamma).astype(np.uint8)


def turned(degrees: float) -> Callable[[Picture], Picture]:
    def turn(rgb: Picture) -> Picture:
        height, width = rgb.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return np.asarray(cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)

    return turn


CONDITIONS: Final[dict[str, tuple[Callable[[Picture], Picture], int]]] = {
    "as they are": (lambda rgb: rgb, 1),
    "12.5 frames a second": (lambda rgb: rgb, 2),
    "8.3 frames a second": (lambda rgb: rgb, 3),
    "twice as large": (resized(2.0), 1),
    "0.7 times as large": (resized(0.7), 1),
    "darker (gamma 2)": (lit(2.0), 1),
    "brighter (gamma 0.5)": (lit(0.5), 1),
    "turned by 10 degrees": (turned(10.0), 1),
    "blurred (deviation of 1 pixel)": (lambda rgb: np.asarray(cv2.GaussianBlur(rgb, (0, 0), 1.0), np.uint8), 1),
}


def read_rgb(path: Path) -> list[Picture]:
    """Return the frames of a clip."""
    capture = cv2.VideoCapture(str(path))
    frames: list[Picture] = []
    while True:
        more, frame = capture.read()
        if not more:
            return frames
        frames.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8))


def shown(models: ModelSet, frames: Sequence[Picture], every: int) -> tuple[str, npt.NDArray[np.bool_]]:
    """Return what the sense shows at the end of a clip, and whether somebody talks, for each `every`-th frame."""
    sense = LipsSense(models)
    text, talks = "", []
    for number in range(0, len(frames), every):
        reading = sense.read(Frame(number / RATE, frames[number]))
        talks.append(reading is not None and int(reading.detail["speaking"]) > 0)
        text = str(reading.detail.get("text", "")) if reading is not None else ""
    return text, np.array(talks)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.lips_live", __doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--align", type=Path, required=True, help="the folder of their words' times, NAME.align")
    options = parser.parse_args(arguments)
    models = ModelSet(default_folder())
    films = {path.stem: read_rgb(path) for path in options.clips}
    times = {name: read_align(options.align / f"{name}.align") for name in films}
    print("| | clips that talk | words | sentences wholly right | talks: frames right |\n|---|---|---|---|---|")
    for condition, (change, every) in CONDITIONS.items():
        talking = words = whole = 0
        right: list[np.bool_] = []
        for name, frames in films.items():
            text, talks = shown(models, [change(frame) for frame in frames], every)
            truth = words_of(times[name])
            hits = sum(a == b for a, b in zip(text.split(), truth, strict=False))
            talking, words, whole = talking + bool(talks.any()), words + hits, whole + (hits == len(truth))
            speech = frame_labels(times[name], WORDS, len(frames)) > 0
            late = np.concatenate([np.zeros(LAG, bool), speech])[: len(frames) : every]
            right += list(talks == late)
            if condition == "as they are":
                print(f"{name}: {' '.join(truth)}: {text}", file=sys.stderr)
        count = len(films)
        share = 100 * float(np.mean(right))
        print(f"| {condition} | {talking} of {count} | {words} of {6 * count} | {whole} of {count} | {share:.1f} % |")


if __name__ == "__main__":
    sys.exit(main())
