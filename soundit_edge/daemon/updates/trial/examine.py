"""Examines a model set beside the one in use: is it whole, right, quick and small enough, and can the senses use it?

To be called in a process of its own (see `check`): a runtime may crash on a model.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.capture.drawn.voice import Voice
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.emotion import Emotion, Reading
from soundit_edge.errors import SounditError
from soundit_edge.inference.health import reason_of
from soundit_edge.inference.interpreter import InferenceError, LoadedModel
from soundit_edge.inference.models import ModelSet
from soundit_edge.modalities import MODALITIES
from soundit_edge.senses.registry import SenseBuilder
from soundit_edge.update.sets.verify import verify_set

CALLS: Final = 15
"""Calls of a model whose median counts: the first ones load caches and parameters..."""
TIMING_S: Final = 1.0
"""...and seconds after which no further call is timed: a slow model is known to be slow by then."""
_FPS: Final = 12
_Call = Callable[[], list[npt.NDArray[np.float32]]]
_STATM: Final = Path("/proc/self/statm")


class SetRefused(SounditError):
    """A set must not be used; the text says why, in words for the user."""


def examine(folder: Path, set_id: str | None, running: Path, limits: TrialLimits) -> str:
    """Return why a set must not be used, in words for the user; "" where it may be.

    Args:
        folder: where it lies.
        set_id: its id; None: any.
        running: where the set in use lies.
        limits: what it may take.
    """
    try:
        verify_set(folder, set_id)
        tried = ModelSet(folder)
        check_models(tried, _opened(running), limits)
        check_senses(tried)
    except SounditError as error:
        return str(error)
    return ""


def check_models(
    tried: ModelSet,
    running: ModelSet | None,
    limits: TrialLimits,
    cpu_s: Callable[[], float] = time.process_time,
    memory: Callable[[], int] | None = None,
) -> None:
    """Load every model of a set, and compare its answer, the time of a call and the memory to what they may be.

    The time is that of the processor, not of the clock: what else the box does costs a call none of it. What the box
    does slow it down all the same, by its heat or its caches, slows the models of the set in use, too, whose calls take
    turns with those on trial: where these exceed their own budgets, the budgets of the set on trial grow as much.

    Args:
        tried: the set.
        running: the set in use; None: its folder is gone, and there is nothing to compare with.
        limits: what it may take.
        cpu_s: returns the seconds that this process has had of the processors.
        memory: returns the bytes of memory that this process has; None: as the system says.

    Raises:
        SetRefused: one takes too long, gives numbers that are none, or all take too much memory.
        InferenceError: one cannot be loaded, or its golden answer is another.
    """
    in_use: dict[str, tuple[_Call, float]] = {}  # with the budget, in milliseconds
    if running is not None:
        for name in tried.manifest.models:
            with contextlib.suppress(InferenceError):  # nothing that the set on trial could help
                in_use[name] = _call_of(running.load(name)), latency_of(running, name, limits)
                in_use[name][0]()
    memory = memory or memory_of_process
    before = memory()
    calls: dict[str, _Call] = {}
    for name in tried.manifest.models:
        model = tried.load(name)
        tried.check_golden(name, model)
        calls[name] = _call_of(model)
        if not all(np.isfinite(answer).all() for answer in calls[name]()):
            raise SetRefused(f"{name} gives numbers that are none")
    grown = memory() - before
    if grown > limits.memory_bytes:
        raise SetRefused(f"it takes {grown >> 20} MB of memory (allowed: {limits.memory_bytes >> 20} MB)")
    for name, call in calls.items():
        allowed_ms = latency_of(tried, name, limits)
        if name in in_use:
            other, budget_ms = in_use[name]
            taken_ms, other_ms = _median_ms([call, other], cpu_s)
            allowed_ms *= max(1.0, other_ms / budget_ms)
        else:
            [taken_ms] = _median_ms([call], cpu_s)
        if taken_ms > allowed_ms:
            raise SetRefused(f"{name} takes {taken_ms:.1f} ms a call (allowed here: {allowed_ms:.1f} ms)")


def check_senses(tried: ModelSet) -> None:
    """Let every sense read a drawn face that speaks, with the models of a set.

    Raises:
        SetRefused: a sense fails.
        InferenceError: a model that a sense needs is missing, or has a shape or labels that it cannot use.
    """
    senses = SenseBuilder(tried).build(MODALITIES)
    frames, sound = list(_frames()), list(_sound())
    for sense in senses.visual:
        for frame in frames:
            _read(sense.name, partial(sense.read, frame))
    for hearing in senses.auditory:
        samples = np.concatenate([block.samples for block in sound])
        _read(hearing.sense.name, partial(hearing.sense.read, Sound(0.0, samples)))


def _opened(running: Path) -> ModelSet | None:
    with contextlib.suppress(InferenceError):  # somebody has removed it, which is no fault of the set on trial
        return ModelSet(running)
    return None


def latency_of(models: ModelSet, name: str, limits: TrialLimits) -> float:
    """Return the milliseconds that a call of a model may take: its budget, or that of models that have none."""
    return models.entry(name).latency_ms or limits.latency_ms


def memory_of_process() -> int:
    """Return the bytes of memory that this process has now (resident set size)."""
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _read(name: str, read: Callable[[], Reading | None]) -> None:
    try:
        read()
    except Exception as error:  # whatever it is: the sense cannot use these models
        raise SetRefused(f"{MODALITIES[name].title}: the sense fails with it ({reason_of(error)})") from error


def _call_of(model: LoadedModel) -> _Call:
    """Return what calls a model with the same numbers again and again."""
    random = np.random.default_rng(0)
    return partial(model.run, *(random.random(spec.shape).astype(np.float32) for spec in model.inputs))


def _median_ms(calls: Sequence[_Call], cpu_s: Callable[[], float]) -> list[float]:
    """Return the median of what each call takes, in milliseconds; they take turns."""
    taken: list[list[float]] = [[] for _ in calls]
    while len(taken[0]) < CALLS and sum(map(sum, taken)) < TIMING_S:
        for call, durations in zip(calls, taken, strict=True):
            began = cpu_s()
            call()
            durations.append(cpu_s() - began)
    return [1000 * statistics.median(durations) for durations in taken]


def _frames() -> Iterator[Frame]:
    for second, emotion in enumerate((Emotion.HAPPY, Emotion.ANGRY)):
        for i in range(_FPS):
            t = second + i / _FPS
            yield Frame(t, draw(POSES[emotion], t))


def _sound() -> Iterator[Sound]:
    voice = Voice(lambda _: POSES[Emotion.HAPPY])
    for _ in range(30):
        yield voice.next_block()
