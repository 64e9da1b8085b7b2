"""The real page over a fake device, served from a thread, so that a test can drive a browser meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType

from soundit_edge.page.app import create_app
from soundit_edge.page.auth.access import Access
from soundit_edge.page.http.server import listen, serve
from soundit_edge.page.route import Route
from tests.fakes.control import FakeControl


class PageThread:
    """Serves a control surface at `address` while entered. It may be entered again: the device has restarted.

    Attributes:
        control: what is shown.
        more: routes of what the device has beside it.
        port: 0 until it was first entered, then always the same.
        more: routes of what the device has beside it.
    """

    def __init__(self, control: FakeControl, more: Sequence[Route] = (), access: Callable[[], Access] = Access) -> None:
        self.control = control
        self.more = more
        self._access = access
        self.port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> PageThread:
        sock = listen(self.port)
        self.port = sock.getsockname()[1]
        began = threading.Event()

        async def run() -> None:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(serve(create_app(self.control, self.more, self._access()), sock))
            began.set()
            with suppress(asyncio.CancelledError):
                await self._task

        self._thread = threading.Thread(target=asyncio.run, args=(run(),), name="page")
        self._thread.start()
        began.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._task is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
