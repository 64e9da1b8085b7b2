"""Milliseconds per call, one thread: the shipped models on each installed runtime, what comes before them, and a face.

The last is a whole face of 640x480 from frame to reading. What the models cost in memory: `make bench-senses`.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.expression import SIDE, prepare
from soundit_edge.senses.face.sense import FaceSense
from soundit_edge.senses.voice.log_mel import WINDOW, at_speed, log_mel
from soundit_edge.senses.voice.vad import pitch
from tools.command import command, tool_parser


def report(what: str, call: Callable[[], object], calls: int) -> None:
    """Print how long a call takes by the clock, and how much of it the CPU worked: the rest it was waited for."""
    clock, cpu = [], []
    for _ in range(calls):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        call()
        clock.append(1000 * (time.perf_counter() - begin))
        cpu.append(1000 * (time.process_time() - begin_cpu))
    print(
        f"{what}: median {np.median(clock):.2f} ms, best {min(clock):.2f} ms of {calls} calls; "
        f"of the CPU, median {np.median(cpu):.2f} ms"
    )


def face_reader(models: ModelSet, look_again: bool) -> Callable[[], object]:
    """Return a call that reads one 640x480 frame with one face: a tracked one, or one that must be found first."""
    sense = FaceSense(models)
    picture = draw(POSES[Emotion.HAPPY], 1.0)
    moments = itertools.count()
    sense.read(Frame(0.0, picture))
    # Time that stands still keeps the detector at rest; backwards, it must look everywhere.
    return lambda: sense.read(Frame(-float(next(moments)) if look_again else 0.0, picture))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.models.timing", __doc__)
    parser.add_argument("--calls", type=int, default=300)
    calls = parser.parse_args(arguments).calls
    models = ModelSet(default_folder())
    rng = np.random.default_rng(0)
    sound, picture = rng.normal(0, 0.1, WINDOW).astype(np.float32), rng.integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    report("prepare (one face crop)", lambda: prepare(picture), calls)
    report("a tracked face from frame to reading", face_reader(models, look_again=False), calls)
    report("the same where the detector looks as well", face_reader(models, look_again=True), calls)
    report("log_mel (one window)", lambda: log_mel(sound), calls)
    report("at_speed (one window)", lambda: at_speed(sound, 0.9), calls)
    report("pitch (most of the speech gate, one window)", lambda: pitch(sound), calls)
    for name in models.manifest.models:
        for runtime in available_runtimes():
            model = models.load(name, runtime=runtime)
            x = [rng.normal(0, 1, spec.shape).astype(np.float32) for spec in model.inputs]
            report(f"{name}, {runtime}", partial(model.run, *x), calls)


if __name__ == "__main__":
    sys.exit(main())
