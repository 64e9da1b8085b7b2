"""Make int8 copies of MediaPipe's models, for an Edge TPU, and say how far their answers are off on clips held out.

Needs the training environment (`sh scripts/setup_train.sh`, then .venv-train/bin/python). The product uses none of
these files: on a processor int8 gains little there, and the body's landmarks lose too much. What the models see in the
clips is as the senses show it to them; nothing of the clips is kept.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_quantizer import quantizer, recipe

from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.models import mediapipe_model
from soundit_edge.text import refusal
from tools.command import command, tool_parser
from tools.models.check_int8 import NotInteger, check
from tools.models.fold import SIGNATURE, folded
from tools.models.graph import deserialise, parse, serialise
from tools.models.mediapipe_views import SUBJECTS, Subject, View, seen
from tools.models.op_check import check_operators, summary
from tools.models.rewrites import for_edgetpu, to_integer_prelu

CALIBRATION: Final = 150
HELD_OUT: Final = 150
"""Inputs that are used at most, spread evenly over the clips."""
TIMED: Final = 30


class QuantiseError(SounditError):
    """A file cannot be written."""


def quantised(subject: Subject, calibration: Sequence[View]) -> bytes:
    """Return the int8 copy of a model, with static scales for its activations.

    Args:
        subject: the model.
        calibration: inputs by which the scales are chosen.
    """
    work = quantizer.Quantizer(folded(mediapipe_model(subject.model)))
    work.load_quantization_recipe(recipe.static_wi8_ai8())
    statistics = work.calibrate({SIGNATURE: [{"input_0": view} for view in calibration]})
    model = deserialise(bytes(work.quantize(statistics).quantized_model))
    to_integer_prelu(model)
    for_edgetpu(model)
    return serialise(model)


def report(subject: Subject, path: Path, held_out: Sequence[View]) -> list[str]:
    """Return how far a copy's answers are off, how long both take, and what would map to an Edge TPU, line by line.

    Args:
        subject: the model.
        path: the copy.
        held_out: inputs that its scales were not chosen by.
    """
    model, copy = Model(mediapipe_model(subject.model)), Model(path)
    differences = [subject.difference([a.copy() for a in model.run(view)], copy.run(view)) for view in held_out]
    judged = [difference for difference in differences if difference is not None]
    lines = [f"{len(judged)} of {len(held_out)} inputs held out show something"]
    for name in judged[0] if judged else ():
        values = np.array([difference[name] for difference in judged])
        lines.append(f"{name}: mean {values.mean():.2f}, 95th percentile {np.percentile(values, 95):.2f}")
    lines.append(f"milliseconds a call: {_call_ms(copy, held_out[0]):.2f}, as float {_call_ms(model, held_out[0]):.2f}")
    lines.append(f"bytes: {path.stat().st_size}")
    try:
        check(path)
        lines.append("full-integer")
    except NotInteger as error:
        lines.append(f"not full-integer: {str(error).removeprefix(f'{path}: ')}")
    return [*lines, summary(check_operators(parse(path)))]


def _call_ms(model: Model, view: View) -> float:
    durations = []
    for _ in range(TIMED):
        began = time.perf_counter()
        model.run(view)
        durations.append(time.perf_counter() - began)
    return 1000 * float(np.median(durations))


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise QuantiseError(f"cannot be written: {refusal(error)}") from error


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.models.quantise_mediapipe", __doc__)
    parser.add_argument("out", type=Path, help="the folder of the copies, NAME_int8.tflite, and of NAME_int8.txt")
    parser.add_argument("--clip", type=Path, nargs="+", required=True, help="clips that the scales are chosen by")
    parser.add_argument("--held-out", type=Path, nargs="+", required=True, help="other clips, that they are judged by")
    parser.add_argument("--models", nargs="+", choices=list(SUBJECTS), default=list(SUBJECTS), metavar="MODEL")
    options: Any = parser.parse_args(arguments)
    for name in options.models:
        subject = SUBJECTS[name]
        calibration = seen(subject, options.clip, CALIBRATION)
        held_out = seen(subject, options.held_out, HELD_OUT)
        content = quantised(subject, calibration)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}_int8.tflite"
            path.write_bytes(content)
            lines = [f"{name}: calibrated on {len(calibration)} inputs", *report(subject, path, held_out)]
        _write(options.out / path.name, content)
        _write((options.out / path.name).with_suffix(".txt"), ("\n".join(lines) + "\n").encode())
        print("\n  ".join(lines))


if __name__ == "__main__":
    sys.exit(main())
