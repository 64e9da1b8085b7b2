"""One interface over the TFLite runtimes: real numbers in, real numbers out, whatever the model's own types.

LiteRT (`ai-edge-litert`) is the CPU's runtime. `tflite-runtime`, its predecessor, has wheels up to Python 3.11 only and
runs int8 models many times slower on x86-64, but Edge TPU delegates need it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.inference.statistics import CallMeter

RUNTIMES: Final = {"litert": "ai_edge_litert.interpreter", "tflite-runtime": "tflite_runtime.interpreter"}
"""Modules that offer `Interpreter`, by the runtime's name, in order of preference."""
PACKAGES: Final = {"litert": "ai-edge-litert", "tflite-runtime": "tflite-runtime"}
"""The packages that they come from."""


class InferenceError(SounditError):
    """A model cannot be loaded or run."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output of a model.

    Attributes:
        name: the name in the file.
        shape: all dimensions, the batch (always 1) first.
        dtype: the stored type: float32, or int8 where real = `scale` * (stored - `zero_point`).
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    scale: float
    zero_point: int

    def check(self, value: npt.NDArray[Any]) -> None:
        """Raise ValueError where an array does not have this shape."""
        if value.shape != self.shape:
            raise ValueError(f"dimension mismatch: {self.name} is {list(self.shape)}, not {list(value.shape)}")

    def quantise(self, real: npt.NDArray[np.float32], out: npt.NDArray[Any], work: npt.NDArray[np.float32]) -> None:
        """Write real numbers in the stored type into `out`, rounded to nearest and clipped to its range.

        Args:
            real: of any shape.
            out: of the same shape and of the stored type.
            work: float32 of the same shape, whose content is lost.
        """
        if self.dtype == np.int8:
            np.divide(real, self.scale, out=work)
            np.rint(work, out=work)
            work += self.zero_point
            real = np.clip(work, -128, 127, out=work)
        np.copyto(out, real, casting="unsafe")

    def dequantise(self, stored: npt.NDArray[Any], out: npt.NDArray[np.float32]) -> None:
        """Write stored numbers, of any shape, into `out`, float32: the inverse of `quantise`, up to its rounding."""
        np.copyto(out, stored)
        if self.dtype == np.int8:
            out -= self.zero_point
            out *= np.float32(self.scale)


def available_runtimes() -> list[str]:
    """Return the names of the runtimes that are installed, the preferred one first."""
    return [name for name, module in RUNTIMES.items() if importlib.util.find_spec(module.split(".")[0]) is not None]


@cache
def _load_runtime(module: str) -> ModuleType:
    """Import a runtime's module, in a thread of its own.

    For aarch64, tflite-runtime's library has the thread that loads it, and all that this one starts from then on, take
    numbers below 1e-38 for zero: others rely on them, and NumPy warns.
    """
    with ThreadPoolExecutor(1) as loader:
        return loader.submit(importlib.import_module, module).result()


class LoadedModel(Protocol):
    """A model that can be run, wherever that happens. One caller at a time."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """Return what it takes."""

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """Return what it gives."""

    def run(self, *inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Run it on real inputs; see `Model.run`."""

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Run it on the stored types; see `Model.run_stored`."""


def runtime_module(runtime: str | None) -> ModuleType:
    """Return the module of a runtime by its name in `RUNTIMES`; None: of the best that is installed.

    Raises:
        InferenceError: it is not installed.
    """
    names = [runtime] if runtime is not None else available_runtimes()
    if not names:
        raise InferenceError("no TFLite runtime is installed: run `make setup`")
    try:
        return _load_runtime(RUNTIMES[names[0]])
    except (KeyError, ImportError) as error:
        raise InferenceError(
            f"TFLite runtime {names[0]!r} is not installed (there are {available_runtimes()})"
        ) from error


class Model:
    """One TFLite model, loaded and ready. Not safe between threads: one caller at a time."""

    def __init__(
        self, path: Path, *, threads: int = 1, runtime: str | None = None, delegates: Sequence[object] = ()
    ) -> None:
        """Load a model file.

        Args:
            path: the .tflite file.
            threads: CPU threads within one call. More than one made calls slower on a busy two-core machine.
            runtime: a name of `RUNTIMES`, or None for the best that is installed.
            delegates: what the runtime's `load_delegate` returned; they run what they can of the model. A process in
                which one is broken may crash; see `delegates.host`.

        Raises:
            InferenceError: no such runtime, or the file is missing or no model.
        """
        make = runtime_module(runtime).Interpreter
        try:
            self._interpreter = make(
                model_path=str(path), num_threads=threads, experimental_delegates=list(delegates) or None
            )
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError, OSError) as error:
            why = next(iter(str(error).splitlines()), type(error).__name__)  # on aarch64 some say nothing
            raise InferenceError(f"{path}: not a usable TFLite model ({why})") from error
        details_in, details_out = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        self.inputs = tuple(_spec(detail) for detail in details_in)
        self.outputs = tuple(_spec(detail) for detail in details_out)
        # Views of the runtime's own memory: made when they are needed, for it must not move while there is one.
        self._stored_inputs = [self._interpreter.tensor(detail["index"]) for detail in details_in]
        self._stored_outputs = [self._interpreter.tensor(detail["index"]) for detail in details_out]
        self._meter = CallMeter(path.stem)
        self._work = [np.empty(spec.shape, np.float32) for spec in self.inputs]
        self._answers = [np.empty(spec.shape, np.float32) for spec in self.outputs]

    def run(self, *inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Run the model on real inputs, and return its real outputs. The call releases the GIL.

        No memory is taken but for the list: the next call overwrites the outputs.

        Args:
            inputs: float32, in the order and the shapes of `self.inputs`.

        Returns:
            float32, in the order and the shapes of `self.outputs`.

        Raises:
            ValueError: an input's shape is not the model's, or their number is another.
        """
        for spec, real, view, work in zip(self.inputs, inputs, self._stored_inputs, self._work, strict=True):
            spec.check(real)
            spec.quantise(real, view(), work)
        with self._meter.measured():
            self._interpreter.invoke()
        for spec, view, answer in zip(self.outputs, self._stored_outputs, self._answers, strict=True):
            spec.dequantise(view(), answer)
        return list(self._answers)

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Run the model on the stored types (int8 for a quantised model), for golden answers.

        Returns:
            Copies of the outputs, in the order and the shapes of `self.outputs`.

        Raises:
            ValueError: an input's shape or type is not the model's, or their number is another.
        """
        for spec, stored, view in zip(self.inputs, inputs, self._stored_inputs, strict=True):
            spec.check(stored)
            if stored.dtype != spec.dtype:
                raise ValueError(f"{spec.name}: {stored.dtype} in the place of {spec.dtype}")
            np.copyto(view(), stored)
        self._interpreter.invoke()
        return [view().copy() for view in self._stored_outputs]


def _spec(detail: dict[str, Any]) -> TensorSpec:
    scale, zero_point = detail["quantization"]
    return TensorSpec(
        name=str(detail["name"]),
        shape=tuple(int(n) for n in detail["shape"]),
        dtype=np.dtype(detail["dtype"]),
        scale=float(scale),
        zero_point=int(zero_point),
    )
