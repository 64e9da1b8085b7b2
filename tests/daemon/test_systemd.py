"""What the service manager hears, over a real datagram socket."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundit_edge.daemon.systemd import ServiceManager
from tests.fakes.clock import ManualClock
from tests.fakes.service_manager import Listener


@pytest.fixture(params=["file", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    address = str(tmp_path / "notify") if request.param == "file" else f"@soundit-{secrets.token_hex(8)}"
    made = Listener(address)
    yield made
    made.close()


def test_it_hears_that_the_device_is_ready_and_that_it_stops(listener: Listener) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": listener.address})
    manager.ready()
    manager.status("playing\nREADY=0 \udce9")
    manager.stopping()
    assert listener.heard() == ["READY=1", "STATUS=playing READY=0 \ufffd", "STOPPING=1"]


def test_the_watchdog_hears_of_life_often_enough_and_no_oftener(listener: Listener) -> None:
    clock = ManualClock(100.0)
    manager = ServiceManager({"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "3000000"}, clock.now)
    moments = []
    for _ in range(100):
        manager.alive()
        moments += [clock.now() for _ in listener.heard()]
        clock.advance(0.1)
    assert len(moments) == 10
    assert max(b - a for a, b in itertools.pairwise(moments)) < 1.5


@pytest.mark.parametrize(
    "variables", [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": str(os.getpid() + 1)}]
)
def test_a_watchdog_that_does_not_watch_this_process_hears_nothing(
    listener: Listener, variables: dict[str, str]
) -> None:
    ServiceManager({"NOTIFY_SOCKET": listener.address, **variables}).alive()
    assert listener.heard() == []


@pytest.mark.parametrize("variables", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/notify"}])
def test_without_a_service_manager_nothing_is_done(variables: dict[str, str]) -> None:
    manager = ServiceManager({**variables, "WATCHDOG_USEC": "1000000"})
    manager.ready()
    manager.alive()
    manager.status("playing")
    manager.stopping()
    assert manager.present == bool(variables.get("NOTIFY_SOCKET"))


def test_a_service_manager_that_does_not_read_holds_nothing_up(listener: Listener) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": listener.address})
    for _ in range(10_000):
        manager.ready()
    assert 0 < len(listener.heard()) < 10_000
