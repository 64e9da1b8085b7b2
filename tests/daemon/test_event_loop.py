"""The event loop of the whole device at work: no call in it computes for long, whatever the page and the room do.

Processor time counts, of the loop's own thread: how long others keep it from a processor, or from the interpreter, says
more of the machine. What that comes to is measured in benches/soak_faults.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from soundit_edge.daemon.daemon import Daemon
from soundit_edge.daemon.launch import LaunchConfig
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.page.server import listen
from soundit_edge.settings import Settings
from tests.waiting import until

MAX_S: Final = 0.02
"""So long one call in the loop may compute, in seconds."""
WATCHERS: Final = 4
LOOKS: Final = 150


@contextlib.contextmanager
def measured() -> Iterator[list[tuple[float, str]]]:
    """Gives the processor time of every call in the loop, with what was called."""
    taken: list[tuple[float, str]] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        if (seconds := time.thread_time() - began) > MAX_S / 4:
            taken.append((seconds, repr(handle)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        yield taken


async def load(address: str) -> None:
    """Do what users do, all at once: watch in several windows, and turn the volume without end."""
    async with (
        httpx.AsyncClient(base_url=address, timeout=None, verify=False) as page,
        contextlib.AsyncExitStack() as stack,
    ):
        streams = [await stack.enter_async_context(page.stream("GET", "/api/events")) for _ in range(WATCHERS)]
        news = [stream.aiter_lines() for stream in streams]
        for look in range(LOOKS):
            (await page.put("/api/volume", json={"volume": look % 10 / 10})).raise_for_status()
            for lines in news:
                await anext(lines)


def test_no_call_in_the_loop_computes_for_long(tmp_path: Path) -> None:
    async def run() -> list[tuple[float, str]]:
        sock = listen(0)
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        config = LaunchConfig(None, "auto", "off", "off", (), None, 0)
        daemon = Daemon(config, SettingsStore(Settings(), tmp_path / "settings.toml"), sock)
        running = asyncio.create_task(daemon.run())
        readings = lambda: daemon._room.statistics()["face"].readings  # noqa: E731
        await until(lambda: running.done() or readings() > 5)
        with measured() as taken:
            await load(address)
        assert readings() > 10
        running.cancel()
        await running
        return taken

    taken = asyncio.run(run())
    gc.collect()  # the models and the music's process go with the device, which refers to itself
    assert [call for call in taken if call[0] > MAX_S] == []


def test_a_call_that_computes_is_noticed() -> None:
    def compute() -> None:
        began = time.thread_time()
        while time.thread_time() - began < 2 * MAX_S:
            pass

    async def run() -> None:
        asyncio.get_running_loop().call_soon(compute)
        await asyncio.sleep(0)

    with measured() as taken:
        asyncio.run(run())
    assert [call for call in taken if call[0] > MAX_S]
