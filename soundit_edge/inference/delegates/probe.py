"""Tries an accelerator in a process of its own: does it answer, is the answer right, and is it faster than the CPU?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.hosted import Host, HostedModel
from soundit_edge.inference.delegates.installation import Installation
from soundit_edge.inference.delegates.verdict import ModelVerdict, Verdict
from soundit_edge.inference.golden import golden_input
from soundit_edge.inference.interpreter import LoadedModel, available_runtimes
from soundit_edge.inference.models import ModelSet, ModelSetError

CALLS: Final = 15
"""Calls whose median counts: the first ones load caches and parameters."""
TIMING_S: Final = 1.0
"""Seconds after which no further call is timed: a slow accelerator is known to be slow by then."""


def probe(installation: Installation, models: ModelSet, open_host: Callable[[str], Host]) -> Verdict:
    """Try an accelerator with one runtime after the other, until one carries it.

    Args:
        installation: what to try.
        models: the set that its files were made from.
        open_host: starts a process with the runtime of this name.

    Returns:
        The first verdict by which it is of use, else the one that says most.
    """
    verdicts: list[Verdict] = []
    for runtime in installation.kind.runtimes:
        if runtime in available_runtimes():
            verdicts.append(_probe_on(runtime, installation, models, open_host))
            if verdicts[-1].used or verdicts[-1].failure is Failure.UNUSABLE:
                break
    # With a runtime that it does not fit, a library crashes: what it does with another one says more.
    ordered = sorted(verdicts, key=lambda verdict: (not verdict.used, verdict.failure is not None))
    return ordered[0] if ordered else Verdict(runtime="", failure=Failure.FAILED, why="no runtime can carry it")


def check(models: ModelSet, name: str, hosted: HostedModel) -> None:
    """Compare the answer of an accelerator to the golden input with the golden answer.

    Raises:
        DelegateError: it differs, or comes too late, or not at all.
        ModelSetError: there is no golden answer.
    """
    models.golden_answer(name)
    try:
        models.check_golden(name, hosted)
    except ModelSetError as error:
        raise DelegateError(Failure.WRONG, str(error)) from error


def _probe_on(runtime: str, installation: Installation, models: ModelSet, open_host: Callable[[str], Host]) -> Verdict:
    try:
        host = open_host(runtime)
        try:
            host.wait_until_ready()
            found = {name: _probe_model(host, name, path, models) for name, path in installation.files.items()}
        finally:
            host.close()
    except DelegateError as error:
        return Verdict(runtime=runtime, failure=error.failure, why=str(error))
    return Verdict(runtime=runtime, models=found)


def _probe_model(host: Host, name: str, path: Path, models: ModelSet) -> ModelVerdict:
    cpu = models.load(name)
    try:
        hosted = host.load(name, path, cpu)
        check(models, name, hosted)
        ms, cpu_ms = milliseconds(hosted), milliseconds(cpu)
    except ModelSetError as error:
        return ModelVerdict(outcome="no golden answer", why=str(error))
    except DelegateError as error:
        if error.failure is Failure.WRONG:
            return ModelVerdict(outcome="wrong", why=str(error))
        if error.failure is Failure.FAILED:
            return ModelVerdict(outcome="cannot run", why=str(error))
        raise
    return ModelVerdict(outcome="used" if ms < cpu_ms else "slower", ms=ms, cpu_ms=cpu_ms)


def milliseconds(model: LoadedModel) -> float:
    """Return the median of what some calls of a model take, in milliseconds."""
    values = [golden_input(spec.shape) for spec in model.inputs]
    durations: list[float] = []
    while len(durations) < CALLS and sum(durations) < TIMING_S:
        began = time.perf_counter()
        model.run_stored(values)
        durations.append(time.perf_counter() - began)
    return 1000 * statistics.median(durations)
