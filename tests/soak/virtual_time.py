"""An event loop whose time is virtual: where everybody sleeps, it leaps to whoever wakes first."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class _LeapingSelector(selectors.DefaultSelector):
    """Waits only for what is real: files, and threads that work."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.working = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or (timeout is None and not self.working):
            return found or super().select(None)
        if self.working:
            return super().select(0.05)  # a thread that ends wakes the loop
        self.now += max(0.0, timeout or 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Seconds cost nothing while all sleep. Threads of `asyncio.to_thread` take real time, and no virtual one."""

    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        self._leaping.working += 1
        future.add_done_callback(self._ended)
        return future

    def _ended(self, future: object) -> None:
        self._leaping.working -= 1


class LoopClock:
    """The clock of the running loop, for what takes a clock."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()
