"""One interface over the TFLite runtimes: real numbers in, real numbers out, whatever the model's own types.

LiteRT (`ai-edge-litert`) is the CPU's runtime. `tflite-runtime`, its predecessor, has wheels up to Python 3.11 only and
runs int8 models many times slower on x86-64, but Edge TPU delegates need it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError

RUNTIMES: Final = {"litert": "ai_edge_litert.interpreter", "tflite-runtime": "tflite_runtime.interpreter"}
"""Modules that offer `Interpreter`, by the runtime's name, in order of preference."""


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

    def quantise(self, real: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        """Return real numbers, of any shape, in the stored type, rounded to nearest and clipped to its range."""
        if self.dtype != np.int8:
            return real.astype(self.dtype, copy=False)
        stored: npt.NDArray[np.float32] = np.rint(real / self.scale) + self.zero_point
        return np.clip(stored, -128, 127).astype(np.int8)

    def dequantise(self, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return stored numbers, of any shape, as real numbers: the inverse of `quantise`, up to its rounding."""
        if self.dtype != np.int8:
            return stored.astype(np.float32, copy=False)
        return (stored.astype(np.float32) - self.zero_point) * np.float32(self.scale)


def available_runtimes() -> list[str]:
    """Return the names of the runtimes that are installed, the preferred one first."""
    return [name for name, module in RUNTIMES.items() if importlib.util.find_spec(module.split(".")[0]) is not None]


def _interpreter_class(runtime: str | None) -> Callable[..., Any]:
    names = [runtime] if runtime is not None else available_runtimes()
    if not names:
        raise InferenceError("no TFLite runtime is installed: run `make setup`")
    try:
        return importlib.import_module(RUNTIMES[names[0]]).Interpreter  # type: ignore[no-any-return]
    except (KeyError, ImportError) as error:
        raise InferenceError(
            f"TFLite runtime {names[0]!r} is not installed (there are {available_runtimes()})"
        ) from error


class Model:
    """One TFLite model, loaded and ready. Not safe between threads: one caller at a time."""

    def __init__(self, path: Path, *, threads: int = 1, runtime: str | None = None) -> None:
        """Load a model file.

        Args:
            path: the .tflite file.
            threads: CPU threads within one call. More than one made calls slower on a busy two-core machine.
            runtime: a name of `RUNTIMES`, or None for the best that is installed.

        Raises:
            InferenceError: no such runtime, or the file is missing or no model.
        """
        make = _interpreter_class(runtime)
        try:
            self._interpreter = make(model_path=str(path), num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError, OSError) as error:
            raise InferenceError(f"{path}: not a usable TFLite model ({str(error).splitlines()[0]})") from error
        self.inputs = tuple(_spec(detail) for detail in self._interpreter.get_input_details())
        self.outputs = tuple(_spec(detail) for detail in self._interpreter.get_output_details())
        self._input_indices = [detail["index"] for detail in self._interpreter.get_input_details()]
        self._output_indices = [detail["index"] for detail in self._interpreter.get_output_details()]

    def run(self, *inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Run the model on real inputs, and return its real outputs. The call releases the GIL.

        Args:
            inputs: float32, in the order and the shapes of `self.inputs`.

        Returns:
            float32, in the order and the shapes of `self.outputs`.

        Raises:
            ValueError: an input's shape is not the model's, or their number is another.
        """
        stored = self.run_stored([spec.quantise(x) for spec, x in zip(self.inputs, inputs, strict=True)])
        return [spec.dequantise(y) for spec, y in zip(self.outputs, stored, strict=True)]

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Run the model as `run` does, but on the stored types (int8 for a quantised model), for golden answers.

        Raises:
            ValueError: an input's shape or type is not the model's, or their number is another.
        """
        for index, value in zip(self._input_indices, inputs, strict=True):
            self._interpreter.set_tensor(index, value)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._output_indices]


def _spec(detail: dict[str, Any]) -> TensorSpec:
    scale, zero_point = detail["quantization"]
    return TensorSpec(
        name=str(detail["name"]),
        shape=tuple(int(n) for n in detail["shape"]),
        dtype=np.dtype(detail["dtype"]),
        scale=float(scale),
        zero_point=int(zero_point),
    )
