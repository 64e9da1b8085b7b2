"""The page announced by its name, on loopback: found, taken back, and under another name where it is taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from soundit_edge.page.http import mdns
from soundit_edge.page.http.mdns import TYPE, announce, keep_announced
from soundit_edge.page.own_name import OwnName
from tests.page.http.test_server import ended
from tests.waiting import until

ADDRESSES = ["127.0.0.1"]


def on_loopback() -> AsyncZeroconf:
    return AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)


@pytest_asyncio.fixture
async def network() -> AsyncIterator[AsyncZeroconf]:
    """Somebody else on the same network."""
    async with on_loopback() as zeroconf:
        yield zeroconf


async def found(network: AsyncZeroconf, name: OwnName) -> AsyncServiceInfo | None:
    info = AsyncServiceInfo(TYPE, f"{name.label}.{TYPE}")
    return info if await info.async_request(network.zeroconf, 300) else None


async def test_it_is_found_by_its_name_and_taken_back(tmp_path: Path, network: AsyncZeroconf) -> None:
    name = OwnName(tmp_path)
    announcing = asyncio.create_task(announce(name, 8347, ADDRESSES, on_loopback))
    info = None
    while info is None:
        info = await found(network, name)
    assert (info.server, info.port, info.parsed_addresses()) == (f"{name.host}.", 8347, ADDRESSES)
    assert OwnName(tmp_path).host == name.host  # also after a restart
    await ended(announcing)
    cache = network.zeroconf.cache
    await until(lambda: not cache.async_entries_with_name(f"{name.label}.{TYPE}".lower()) or None)


async def test_a_name_that_another_device_has_is_left_to_it(tmp_path: Path, network: AsyncZeroconf) -> None:
    one, other = OwnName(tmp_path), OwnName(tmp_path / "other")
    first = asyncio.create_task(announce(one, 8347, ADDRESSES, on_loopback))
    while await found(network, one) is None:
        pass
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "device.json").write_text((tmp_path / "device.json").read_text())
    other = OwnName(tmp_path / "other")
    assert other.host == one.host
    second = asyncio.create_task(announce(other, 8348, ADDRESSES, on_loopback))
    await until(lambda: other.host != one.host or None)
    info = None
    while info is None:
        info = await found(network, other)
    assert info.port == 8348
    for task in (first, second):
        await ended(task)


async def test_what_goes_wrong_is_a_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def no_multicast() -> AsyncZeroconf:
        raise OSError(19, "No such device")

    await announce(OwnName(tmp_path), 8347, ADDRESSES, no_multicast)
    (tmp_path / "file").write_text("no folder")
    await announce(OwnName(tmp_path / "file"), 8347, ADDRESSES, on_loopback)
    await announce(OwnName(None), 8347, [], no_multicast)
    lines = [record.getMessage() for record in caplog.records if record.name.endswith("mdns")]
    assert len(lines) == 2
    assert all(line.startswith("the page is not announced") for line in lines)


async def test_a_network_that_comes_after_the_start_and_one_that_changes_are_both_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now: list[str] = []
    announced: list[list[str]] = []
    taken_back = looks = 0

    async def announce(name: OwnName, port: int, addresses: list[str], open_zeroconf: object) -> None:
        nonlocal taken_back
        announced.append(addresses)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            taken_back += 1

    def addresses() -> list[str]:
        nonlocal looks
        looks += 1
        return list(now)

    monkeypatch.setattr(mdns, "LOOK_S", 0.001)
    monkeypatch.setattr(mdns, "announce", announce)
    announcing = asyncio.create_task(keep_announced(OwnName(tmp_path), 8347, addresses))

    async def announces(wanted: list[str]) -> None:
        now[:] = reversed(wanted)
        await until(lambda: announced[-1:] == [wanted])
        seen = looks
        await until(lambda: looks > seen + 2)

    for wanted in ([], ["192.168.1.7"], ["10.0.0.4", "192.168.1.7"], []):
        await announces(wanted)
    assert len(announced) == 4, "what stays is announced once"
    await ended(announcing)
    assert taken_back == 4
