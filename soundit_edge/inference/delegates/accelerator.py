"""The accelerator of the device: tried first, then used, lost, and tried again, in a thread beside the senses."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from soundit_edge.inference.delegates import verdict as verdicts
from soundit_edge.inference.delegates.accelerated import AcceleratedSet
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.hosted import CALL_S, Host, HostedModel
from soundit_edge.inference.delegates.installation import Installation, find_installation
from soundit_edge.inference.delegates.probe import check, probe
from soundit_edge.inference.delegates.verdict import Verdict
from soundit_edge.inference.models import ModelSet
from soundit_edge.settings import InferenceSettings

log = logging.getLogger(__name__)

MIN_RETRY_S: Final = 5.0
MAX_RETRY_S: Final = 600.0
"""From one attempt to the next: twice as long each time, until it has worked for longer than that."""
INSTEAD: Final = "the CPU is used"


@dataclass(frozen=True, slots=True)
class AcceleratorState:
    """How an accelerator is.

    Attributes:
        name: its library, or its kind where there is none.
        state: "trying" (it is not used yet), "used", "lost" (it is tried again) or "unused".
        note: one short sentence for the user, or "".
    """

    name: str
    state: Literal["trying", "used", "lost", "unused"]
    note: str


class Accelerator:
    """Runs some models of a set on an accelerator. Any thread may ask; `work` needs one of its own."""

    def __init__(self, installation: Installation, models: ModelSet, retry_s: float = MIN_RETRY_S) -> None:
        """Hold what is installed; nothing is started before `work`.

        Args:
            installation: the library and its files.
            models: the set that the files were made from.
            retry_s: seconds from a loss to the first attempt to have it back.
        """
        self._installation = installation
        self._models = models
        self._first_retry_s = self._retry_s = retry_s
        self._name = installation.library.name
        self._accelerated = AcceleratedSet(models.folder, self, frozenset(installation.files))
        self._changed = threading.Condition()
        self._stopped = False
        self._host: Host | None = None
        self._carried: Mapping[str, HostedModel] = {}
        self._loss: DelegateError | None = None
        self._used_at: float | None = None
        self._state = AcceleratorState(self._name, "trying", f"it is being tried: {INSTEAD}")

    @property
    def models(self) -> ModelSet:
        """Return the set whose models run on it where they can."""
        return self._accelerated

    @property
    def resource(self) -> str:
        """Return the name of the scheduler's resource of which a call on it takes one."""
        return self._installation.kind.name

    def needs(self, models: Iterable[str]) -> Mapping[str, int]:
        """Return what the scheduler has to grant a caller of these models, by the name of the resource."""
        return {self.resource: 1} if self._installation.files.keys() & set(models) else {}

    def state(self) -> AcceleratorState:
        """Return how it is."""
        with self._changed:  # one that is shown as used carries its models by then
            return self._state

    def carried(self, name: str) -> HostedModel | None:
        """Return the model of this name on the accelerator; see `Carrier`."""
        return self._carried.get(name)

    def lose(self, model: HostedModel, error: DelegateError) -> None:
        """Note that a call has failed: the CPU answers from now on, until `work` has it back; see `Carrier`."""
        with self._changed:
            if model not in self._carried.values():
                return  # another caller has said so
            self._carried = {}
            self._loss = error
            if self._host is not None:
                self._host.kill()
            self._say(logging.WARNING, "lost", f"{error}: {INSTEAD} until it is back")
            self._changed.notify_all()

    def work(self, on_use: Callable[[bool], None]) -> None:
        """Try it, use it and have it back after losses, until `stop`.

        Args:
            on_use: takes whether models run on it from now on.
        """
        while not self._stopped:
            self._used_at = None
            try:
                self._use(on_use)
            except DelegateError as error:
                if not self._stopped and self._state.state != "lost":
                    self._say(logging.WARNING, "lost", f"{error}: {INSTEAD} until it is back")
            finally:
                on_use(False)
                self._close_host()
            if self._used_at is not None and time.monotonic() - self._used_at > self._retry_s:
                self._retry_s = self._first_retry_s
            self._wait(self._retry_s)
            self._retry_s = min(2 * self._retry_s, MAX_RETRY_S)

    def stop(self) -> None:
        """Let `work` return soon: the process ends."""
        with self._changed:
            self._stopped = True
            self._carried = {}
            if self._host is not None:
                self._host.kill()
            self._changed.notify_all()

    def verdict(self) -> Verdict:
        """Return what trying it has shown, earlier or, where that is not known, now."""
        key = self._installation.key
        if (known := verdicts.recall(key)) is not None:
            return known
        found = probe(self._installation, self._models, self._open_host)
        if found.lasts and not self._stopped:
            verdicts.remember(key, found)
        return found

    def _use(self, on_use: Callable[[bool], None]) -> None:
        """Use it until it is lost or `stop`; return where it is not to be used at all.

        Raises:
            DelegateError: it is lost, or not there.
        """
        verdict = self.verdict()
        if verdict.failure is not None and not verdict.lasts:
            raise DelegateError(verdict.failure, verdict.why)
        if not verdict.used:
            self._give_up(verdict)
            return
        carried = self._carry(verdict)
        on_use(True)
        with self._changed:
            if self._stopped:
                return
            back = " is back and" if self._state.state == "lost" else ""
            self._say(logging.INFO, "used", f"{self._name}{back} runs {', '.join(carried)}")
            self._carried, self._loss = carried, None
            self._used_at = time.monotonic()
            self._changed.wait_for(lambda: self._stopped or self._loss is not None)
            if self._loss is not None:
                raise self._loss

    def _carry(self, verdict: Verdict) -> dict[str, HostedModel]:
        """Start the process, and return the models in it, whose answers are right.

        Raises:
            DelegateError: it does not do what it did when it was tried.
        """
        host = self._open_host(verdict.runtime)
        host.wait_until_ready()
        carried: dict[str, HostedModel] = {}
        for name in verdict.used:
            if name not in self._accelerated.loaded:
                continue  # no sense has asked for it
            model = host.load(name, self._installation.files[name], self._models.load(name))
            check(self._models, name, model)
            model.call_s = CALL_S
            carried[name] = model
        return carried

    def _give_up(self, verdict: Verdict) -> None:
        self._say(logging.WARNING, "unused", f"{verdict.describe(self._name)}: {INSTEAD}")
        self._wait(None)

    def _open_host(self, runtime: str) -> Host:
        host = Host(runtime, self._installation.library, self._installation.options)
        with self._changed:
            if not self._stopped:
                self._host = host
                return host
        host.close()
        raise DelegateError(Failure.FAILED, "it is being stopped")

    def _close_host(self) -> None:
        with self._changed:
            host, self._host = self._host, None
        if host is not None:
            host.close()

    def _wait(self, seconds: float | None) -> None:
        """Wait for the end of `seconds`, or for `stop`."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, seconds)

    def _say(self, level: int, state: Literal["used", "lost", "unused"], note: str) -> None:
        """Change the state, with one line in the log."""
        self._state = AcceleratorState(self._name, state, note)
        log.log(level, "accelerator: %s", note)


def find_accelerator(settings: InferenceSettings, models: ModelSet) -> Accelerator | None:
    """Return the accelerator that the settings ask for; None where there is none to be used.

    Raises:
        DelegateError: what they ask for is not there or cannot be used.
    """
    installation = find_installation(settings, models)
    return Accelerator(installation, models) if installation is not None else None
