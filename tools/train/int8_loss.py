"""What quantising cost: the int8 models of models/ against their float files, which training leaves in the cache.

The face net answers to the pictures of `public_test` with a clear majority of votes, its twin to all of them by their
plain labels, the voice net to the windows of EMO-DB, from which none of them learnt.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from soundit_edge.inference.interpreter import Model
from soundit_edge.senses.face import expression
from soundit_edge.senses.voice import sense
from soundit_edge.senses.voice.log_mel import log_mel
from tools.command import command, tool_parser
from tools.train import common
from tools.train.face import data as face_data
from tools.train.ship import FOLDER, once
from tools.train.voice import data as voice_data

DATA = common.ROOT / "../shared/data"


def face() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return inputs [n, 48, 48] and the true outputs."""
    _, test = face_data.load(DATA / "face/fer2013.npz")
    clear = test.majority >= 0
    return np.stack([expression.prepare(p) for p in test.pictures[clear]]), test.majority[clear]


def plain_face() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return the same for the twin: outputs are the plain FER labels."""
    _, test = face_data.load(DATA / "face/fer2013.npz")
    return np.stack([expression.prepare(p) for p in test.pictures]), test.fer


def speech() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return inputs [n, frames, bands, 1] and the true outputs."""
    clips = voice_data.load(DATA / "voice/index.csv", "emodb")
    pairs = [(log_mel(window), clip.label) for clip in clips for window in voice_data.windows(clip.speech)]
    return np.stack([picture[..., None] for picture, _ in pairs]), np.array([label for _, label in pairs])


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.int8_loss", __doc__)
    tests = {expression.MODEL: face, expression.TWIN: plain_face, sense.MODEL: speech}
    parser.add_argument("models", nargs="*", default=list(tests), metavar="MODEL", help=f"of: {', '.join(tests)}")
    for name in parser.parse_args(arguments).models:
        (inputs, truth), answer = tests[name](), once if name == sense.MODEL else expression.both_ways
        said = {}
        for kind, path in {"float": common.CACHE / f"{name}_float.tflite", "int8": FOLDER / f"{name}.tflite"}.items():
            model = Model(path)
            answers = np.stack([answer(model, x) for x in inputs])
            # Only the classes that occur may be answered, as in tools.evaluate.
            occurring = np.unique(truth)
            said[kind] = occurring[answers[:, occurring].argmax(1)]
        result = {
            "model": name,
            "n": len(truth),
            "float": round(float((said["float"] == truth).mean()), 4),
            "int8": round(float((said["int8"] == truth).mean()), 4),
            "same_answer": round(float((said["float"] == said["int8"]).mean()), 4),
        }
        print(json.dumps(result))


if __name__ == "__main__":
    sys.exit(main())
