"""How a model is run here: on which runtime, with how many threads, and who said so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.tuning.verdicts import MAX_THREADS, read_verdicts


@dataclass(frozen=True, slots=True)
class Choice:
    """How one model is run.

    Attributes:
        runtime: its name; None: the best that is installed.
        threads: within one call.
        origin: where this comes from, in words for people.
    """

    runtime: str | None
    threads: int
    origin: str

    def __str__(self) -> str:
        """Return the choice in words for people."""
        runtime = self.runtime or next(iter(available_runtimes()), "no runtime")
        return f"{in_words(runtime, self.threads)} ({self.origin})"


DEFAULT: Final = Choice(None, 1, "not measured yet")
"""One thread: more made calls slower on a busy two-core machine."""
_fixed: ContextVar[int | None] = ContextVar("threads", default=None)


def choice_for(sha256: str) -> Choice:
    """Return how to run a model: as was measured here, else the default; with the user's number of threads, if any.

    Args:
        sha256: of the model's file.
    """
    verdict, threads = read_verdicts().get(sha256), _fixed.get()
    choice = DEFAULT
    if verdict is not None:
        choice = Choice(verdict.runtime, verdict.threads, f"measured on {verdict.measured}")
    return choice if threads is None else Choice(choice.runtime, threads, "threads set by you")


def in_words(runtime: str, threads: int) -> str:
    """Return a way to run a model in words for people."""
    return f"{runtime}, {threads} thread{'s' if threads > 1 else ''}"


@contextlib.contextmanager
def with_threads(threads: int | None) -> Iterator[None]:
    """Give models that are loaded within the block this number of threads.

    Args:
        threads: the user's setting; None, or a number that is out of range: as was measured.
    """
    token = _fixed.set(None if objection(threads) else threads)
    try:
        yield
    finally:
        _fixed.reset(token)


def objection(threads: int | None) -> str:
    """Return why the user's number of threads is not used, in one line; "" where it is, or there is none."""
    if threads is None or 1 <= threads <= MAX_THREADS:
        return ""
    return (
        f"inference.threads is {threads}, and may be 1 to {MAX_THREADS}: models get the threads measured here instead"
    )
