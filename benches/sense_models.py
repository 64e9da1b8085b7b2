"""What one model costs: file, arena, resident memory and time per call, each in a process of its own.

python benches/sense_models.py FILE.tflite      prints one JSON object
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from ai_edge_litert import interpreter as litert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from soundit_edge.inference.interpreter import Model

ROOT: Final = Path(__file__).resolve().parents[1]
WARM_UP: Final = 5
SECONDS: Final = 2.0
LEAST_CALLS: Final = 30


def arena_bytes(path: Path) -> int:
    """The most bytes of activations that are alive at once when operations run in the file's order.

    What an arena needs at least; the runtime keeps its own figure to itself. Constants lie in the file: not counted.
    """
    plain = litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter: Any = litert.Interpreter(model_path=str(path), experimental_op_resolver_type=plain)
    interpreter.allocate_tensors()
    size = {
        d["index"]: int(np.prod(d["shape"])) * np.dtype(d["dtype"]).itemsize for d in interpreter.get_tensor_details()
    }
    operations = interpreter._get_ops_details()
    born = {d["index"]: -1 for d in interpreter.get_input_details()}
    dies: dict[int, int] = {}
    for i, operation in enumerate(operations):
        for tensor in operation["outputs"]:
            born.setdefault(int(tensor), i)
        for tensor in operation["inputs"]:
            dies[int(tensor)] = i
    for detail in interpreter.get_output_details():
        dies[detail["index"]] = len(operations)
    alive = [
        sum(size.get(tensor, 0) for tensor, begin in born.items() if begin <= i <= dies.get(tensor, begin))
        for i in range(len(operations))
    ]
    return max(alive, default=0)


def measure(path: Path) -> dict[str, Any]:
    """The figures of one model, at one thread; to be called in a fresh process."""
    process = psutil.Process()
    # The runtime itself is loaded by the arena's interpreter, so that what follows is the model's own.
    arena = arena_bytes(path)
    before = process.memory_info().rss
    model = Model(path)
    rng = np.random.default_rng(0)
    inputs = [rng.normal(0, 1, spec.shape).astype(np.float32) for spec in model.inputs]
    for _ in range(WARM_UP):
        model.run(*inputs)
    resident = process.memory_info().rss - before
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < LEAST_CALLS or time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        model.run(*inputs)
        times.append(1000 * (time.perf_counter() - start))
    return {
        "file_kb": path.stat().st_size / 1000,
        "arena_kb": arena / 1000,
        "resident_kb": max(0, resident) / 1000,
        "median_ms": float(np.median(times)),
        "best_ms": min(times),
        "calls": len(times),
    }


def measure_apart(path: Path) -> dict[str, Any]:
    """The same, in a process of its own."""
    command = [sys.executable, __file__, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
