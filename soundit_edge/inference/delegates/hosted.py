"""The parent's handle on the process in which an accelerator runs, and on the models in it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.inference.delegates import host
from soundit_edge.inference.delegates.channel import Channel, pair
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.interpreter import LoadedModel, TensorSpec
from soundit_edge.signals import start_masked

CALL_S: Final = 1.0
"""Seconds after which a call that is not answered has failed."""
LOAD_S: Final = 10.0
"""The same for loading a delegate with a model."""
START_S: Final = 60.0
"""The same for the start of the process, which a busy computer with a slow disk takes long for."""
_END_S: Final = 0.5


class Host:
    """A process with one runtime and one delegate's library. Any thread may call; one call is in flight at a time."""

    def __init__(self, runtime: str, library: Path, options: Mapping[str, str]) -> None:
        """Start the process; returns at once.

        Args:
            runtime: a name of `RUNTIMES`.
            library: the delegate's library.
            options: the delegate's options.
        """
        self._library = library
        self._in_flight = threading.Lock()
        ours, theirs = pair()
        self._channel = Channel(ours)
        self._process = multiprocessing.get_context("spawn").Process(
            target=host.main,
            args=(theirs, os.getpid(), runtime, library, options),
            name="soundit-accelerator",
            daemon=True,
        )
        start_masked(self._process)
        theirs.close()

    @property
    def pid(self) -> int | None:
        """Return the process's id."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until the process is there; the library is loaded with the first model.

        Raises:
            DelegateError: it does not start.
        """
        try:
            self._answer(None, START_S)
        except DelegateError as error:
            raise DelegateError(Failure.FAILED, f"{self._library.name}: its process does not start") from error

    def load(self, name: str, path: Path, like: LoadedModel) -> HostedModel:
        """Load a model, and with the first one the library.

        Args:
            name: the model's name.
            path: its file.
            like: the same model on the CPU, whose inputs and outputs it must have.

        Raises:
            DelegateError: it cannot be loaded, the library cannot be used, or it takes down the process.
        """
        inputs, outputs = self._answer(("load", name, path), LOAD_S)
        for own, other in ((inputs, like.inputs), (outputs, like.outputs)):
            if list(map(_form, own)) != list(map(_form, other)):
                raise DelegateError(Failure.WRONG, f"{path}: not the model of this set, its tensors differ")
        return HostedModel(self, name, like.inputs, like.outputs)

    def run(self, name: str, inputs: Sequence[npt.NDArray[Any]], seconds: float) -> list[npt.NDArray[Any]]:
        """Run a loaded model on the stored types.

        Raises:
            DelegateError: it does not answer within these seconds, fails, or takes down the process.
        """
        answer: list[npt.NDArray[Any]] = self._answer(("run", name, inputs), seconds)
        return answer

    def kill(self) -> None:
        """End the process, whatever it is doing. Does not wait for its end."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait for its end."""
        self.kill()
        self._process.join(START_S)  # only a driver that hangs in the kernel could make it last
        self._channel.close()

    def _answer(self, request: object, seconds: float) -> Any:
        with self._in_flight:
            try:
                if request is not None:
                    self._channel.send(request, seconds)
                answer = self._channel.receive(seconds)
            except TimeoutError as error:
                self.kill()  # an answer that comes later would be taken for that of the next request
                raise DelegateError(
                    Failure.HUNG, f"{self._library.name} did not answer within {seconds:.0f} s"
                ) from error
            except (EOFError, OSError) as error:
                raise DelegateError(Failure.CRASHED, f"{self._library.name} crashed{self._how_ended()}") from error
        if isinstance(answer, DelegateError):
            raise answer
        return answer

    def _how_ended(self) -> str:
        self._process.join(_END_S)
        code = self._process.exitcode
        if code is None or code >= 0:
            return ""
        with contextlib.suppress(ValueError):  # a number that has no name
            return f" ({signal.Signals(-code).name})"
        return f" (signal {-code})"


class HostedModel:
    """A model in the process of an accelerator. One caller at a time.

    Attributes:
        inputs: what it takes.
        outputs: what it gives.
        call_s: seconds after which a call that is not answered has failed; many, until it is in use.
    """

    def __init__(self, host: Host, name: str, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> None:
        """Hold a model that `host` has loaded."""
        self.inputs, self.outputs = inputs, outputs
        self.call_s = LOAD_S
        self._host, self._name = host, name
        self._stored = [np.empty(spec.shape, spec.dtype) for spec in inputs]
        self._work = [np.empty(spec.shape, np.float32) for spec in inputs]
        self._answers = [np.empty(spec.shape, np.float32) for spec in outputs]

    def run(self, *inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Run the model on real inputs; see `Model.run`.

        Raises:
            DelegateError: see `run_stored`.
            ValueError: an input's shape is not the model's, or their number is another.
        """
        for spec, real, stored, work in zip(self.inputs, inputs, self._stored, self._work, strict=True):
            spec.check(real)
            spec.quantise(real, stored, work)
        answers = self.run_stored(self._stored)
        for spec, answer, real in zip(self.outputs, answers, self._answers, strict=True):
            spec.dequantise(answer, real)
        return list(self._answers)

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Run the model on the stored types; see `Model.run_stored`.

        Raises:
            DelegateError: it does not answer in time, fails, answers in another shape, or takes down the process.
        """
        answers = self._host.run(self._name, inputs, self.call_s)
        forms = [(answer.shape, answer.dtype) for answer in answers]
        if forms != [(spec.shape, spec.dtype) for spec in self.outputs]:
            raise DelegateError(Failure.WRONG, f"{self._name}: the answer has another shape than the model's")
        return answers


def _form(spec: TensorSpec) -> tuple[object, ...]:
    """Return what two specifications of the same tensor have in common: a compiler may name it otherwise."""
    return spec.shape, spec.dtype, round(spec.scale, 9), spec.zero_point
