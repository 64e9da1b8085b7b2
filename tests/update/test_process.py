"""An update in a process of its own: what comes back, what it costs, and that it leaves the daemon's memory alone."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soundit_edge.update.messages import UpdateProgress, UpdateRequest, UpdateStage
from soundit_edge.update.process import run_update
from tests.update.made_sets import make_set
from tests.update.mirrors.web_server import web_server
from tests.update.receiver import Receiver
from tests.update.repository import Repository

LIGHT = ("active", "folder", "garbage", "lock", "records", "set_id", "staging", "store", "verify")
IMPORTS = "import sys\n" + "".join(f"import soundit_edge.update.sets.{name}\n" for name in LIGHT)
IMPORTS += "import soundit_edge.update.process, soundit_edge.update.choose, soundit_edge.update.clock\n"
IMPORTS += (
    "print(*sorted({'tuf', 'securesystemslib', 'cryptography', 'urllib3', 'http.client'} & sys.modules.keys()))\n"
)


def request(device: Receiver, *urls: str) -> UpdateRequest:
    return UpdateRequest(
        mirrors=urls,
        device_id="this-one",
        hardware=frozenset({"x86_64"}),
        version="0.1.0",
        fetch=True,
        root=device.root,
        sets=device.store.folder,
        lists=device.lists,
        shipped=device.store.shipped,
    )


@pytest.fixture
def repository() -> Repository:
    return Repository(now=time.time())


async def test_two_mebibytes_over_loopback(device: Receiver, repository: Repository) -> None:
    """In less than 3 s of the processor's time, with the start of Python, and with progress."""
    made = make_set(1, card=os.urandom(2 << 20))
    repository.offer(made)
    heard: list[UpdateProgress] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with web_server(repository.served) as server:
        result = await run_update(request(device, server.url), heard.append)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (result.ended, result.set_id) == ("fetched", made.set_id), result.why
    assert device.store.is_whole(made.set_id)
    assert heard[0].stage == UpdateStage.ASKING
    assert 3 <= len(heard) <= 20
    spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent_s < 3.0


async def test_an_update_that_is_cancelled_is_no_more(device: Receiver, repository: Repository) -> None:
    repository.offer(make_set(1))
    with web_server(repository.served) as server:
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()

        def silent(handler: object) -> None:
            loop.call_soon_threadsafe(asked.set)
            server.closing.wait(30)

        server.answer = silent
        updating = asyncio.create_task(run_update(request(device, server.url), lambda progress: None))
        await asked.wait()
        updating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await updating
    device.now = repository.now
    assert device.update().ended == "fetched"  # its lock is free


async def test_an_update_that_takes_too_long(device: Receiver) -> None:
    result = await run_update(request(device), lambda progress: None, max_s=0.0)
    assert result.ended == "failed"
    assert "too long" in result.why


async def test_a_process_that_says_nothing(device: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A model that brings its runtime down takes the updater with it, and nothing else."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    result = await run_update(request(device), lambda progress: None)
    assert result.ended == "failed"
    assert "broken off" in result.why


async def test_a_process_that_cannot_be_started(device: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert "cannot be started" in (await run_update(request(device), lambda progress: None)).why


def test_what_the_daemon_needs_imports_no_updater() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
