"""The whole device with users who watch it and turn the volume without end; prints the long calls in its event loop.

A program of its own: `python -m tests.daemon.loop_load FOLDER`. Its last line is a list of [seconds, what was called].
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from soundit_edge.daemon.daemon import Daemon
from soundit_edge.daemon.health.starts import CountedStart
from soundit_edge.daemon.launch import LaunchConfig
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.registry import settings_model
from soundit_edge.page.http.server import listen
from soundit_edge.support.report import report_of
from tests.waiting import until

MAX_S: Final = 0.02
"""So long one call in the loop may compute, in seconds."""
WATCHERS: Final = 4
LOOKS: Final = 100


@contextlib.contextmanager
def measured() -> Iterator[list[tuple[float, str]]]:
    """Gives the processor time of each call in a loop that computes for longer than `MAX_S`, with what was called."""
    taken: list[tuple[float, str]] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        if (seconds := time.thread_time() - began) > MAX_S:
            taken.append((seconds, repr(handle)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        yield taken


async def use(address: str) -> None:
    """Watch in several windows, and turn the volume."""
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


async def run(folder: Path) -> list[tuple[float, str]]:
    """Run the device, and use it once its senses read."""
    sock = listen(0)
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    config = LaunchConfig(None, "auto", "off", "off", (), None, 0)
    daemon = Daemon(
        config, SettingsStore(settings_model()(), folder / "settings.toml"), sock, CountedStart(None), report_of
    )
    running = asyncio.create_task(daemon.run())

    def readings() -> int:
        return daemon._sensing.room.statistics()["face"].readings

    await until(lambda: running.done() or readings() > 5)
    with measured() as taken:
        await use(address)
    assert readings() > 10
    running.cancel()
    await running
    return taken


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(run(Path(sys.argv[1])))) + "\n")
