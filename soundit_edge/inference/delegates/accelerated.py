"""Models that run on an accelerator while it is there, and on the CPU whenever it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from soundit_edge.inference.delegates.failure import DelegateError
from soundit_edge.inference.delegates.hosted import HostedModel
from soundit_edge.inference.interpreter import LoadedModel
from soundit_edge.inference.models import ModelSet
from soundit_edge.inference.statistics import CallMeter


class Carrier(Protocol):
    """What an accelerated model needs to know of its accelerator."""

    @property
    def resource(self) -> str:
        """Return its name in statistics and in the scheduler."""

    def carried(self, name: str) -> HostedModel | None:
        """Return the model of this name on the accelerator; None while it runs on the CPU."""

    def lose(self, model: HostedModel, error: DelegateError) -> None:
        """Note that a call has failed; returns at once."""


class AcceleratedModel:
    """A model on an accelerator, with the same model on the CPU behind it. One caller at a time."""

    def __init__(self, name: str, carrier: Carrier, cpu: LoadedModel) -> None:
        """Hold both.

        Args:
            name: the model's name.
            carrier: the accelerator.
            cpu: answers each call that the accelerator does not answer.
        """
        self._name, self._carrier, self._cpu = name, carrier, cpu
        self._meter = CallMeter(name, carrier.resource)
        self.inputs, self.outputs = cpu.inputs, cpu.outputs

    def run(self, *inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Run the model on real inputs; see `Model.run`."""
        return self._answer(lambda model: model.run(*inputs))

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Run the model on the stored types; see `Model.run_stored`."""
        return self._answer(lambda model: model.run_stored(inputs))

    def _answer(self, call: Callable[[LoadedModel], list[npt.NDArray[Any]]]) -> list[npt.NDArray[Any]]:
        hosted = self._carrier.carried(self._name)
        if hosted is not None:
            try:
                with self._meter.measured():
                    return call(hosted)
            except DelegateError as error:
                self._carrier.lose(hosted, error)
        return call(self._cpu)


class AcceleratedSet(ModelSet):
    """A model set, some of whose models run on an accelerator."""

    def __init__(self, folder: Path, carrier: Carrier, names: frozenset[str]) -> None:
        """Open the set in a folder.

        Args:
            folder: where it lies.
            carrier: the accelerator.
            names: the models that may run on it.

        Raises:
            ModelSetError: see `ModelSet`.
        """
        super().__init__(folder)
        self._carrier, self._names = carrier, names

    def load(self, name: str, *, runtime: str | None = None) -> LoadedModel:
        """Check the bytes of a model and load it; see `ModelSet.load`."""
        cpu = super().load(name, runtime=runtime)
        return AcceleratedModel(name, self._carrier, cpu) if name in self._names else cpu
