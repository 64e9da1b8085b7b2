"""The page announced in the network by mDNS (zeroconf), so that it is found by the device's name."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Sequence
from typing import Final

from zeroconf import IPVersion, NonUniqueNameException, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from soundit_edge.page.own_name import OwnName

log = logging.getLogger(__name__)

TYPE: Final = "_http._tcp.local."
MAX_NAMES: Final = 8
"""So many names are tried before the device does without one."""
LOOK_S: Final = 10.0
"""Seconds from one look at this computer's addresses to the next."""
GOODBYE_S: Final = 1.0
"""How long taking the name back may hold up the end of the device, in seconds."""


def on_all_interfaces() -> AsyncZeroconf:
    """Open the sockets of mDNS on every interface."""
    return AsyncZeroconf(ip_version=IPVersion.All if socket.has_ipv6 else IPVersion.V4Only)


async def keep_announced(
    name: OwnName,
    port: int,
    addresses: Callable[[], Sequence[str]],
    open_zeroconf: Callable[[], AsyncZeroconf] = on_all_interfaces,
) -> None:
    """Announce the page until cancelled, and again whenever this computer has got other addresses.

    A box is often up before its network is, and gets another address when the router starts again.

    Args:
        name: of the device.
        port: of the page.
        addresses: gives those of this computer; called in a thread.
        open_zeroconf: opens the sockets.
    """
    known: list[str] | None = None
    announcing: asyncio.Task[None] | None = None
    try:
        while True:
            now = sorted(await asyncio.to_thread(addresses))
            if now != known:
                await _end(announcing)
                known, announcing = now, asyncio.create_task(announce(name, port, now, open_zeroconf), name="mdns")
            await asyncio.sleep(LOOK_S)
    finally:
        await _end(announcing)


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait({task})


async def announce(
    name: OwnName,
    port: int,
    addresses: Sequence[str],
    open_zeroconf: Callable[[], AsyncZeroconf] = on_all_interfaces,
) -> None:
    """Announce the page until cancelled, then take that back. What fails is one line in the log.

    Args:
        name: of the device; it is changed where another device has it.
        port: of the page.
        addresses: of this computer; where there are none, nothing is announced.
        open_zeroconf: opens the sockets.
    """
    if not addresses:
        log.info("the page is not announced: there is no network")
        return
    try:
        await name.keep()
        zeroconf = open_zeroconf()
    except Exception as error:  # no multicast, no socket left, a full disk: the device plays all the same
        log.warning("the page is not announced in the network: %s", error)
        return
    try:
        await _register(zeroconf, name, port, addresses)
        await asyncio.get_running_loop().create_future()  # until cancelled
    except Exception as error:
        log.warning("the page is not announced in the network: %s", error)
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await zeroconf.async_close()


async def _register(zeroconf: AsyncZeroconf, name: OwnName, port: int, addresses: Sequence[str]) -> None:
    for _ in range(MAX_NAMES):
        info = ServiceInfo(
            TYPE,
            f"{name.label}.{TYPE}",
            port=port,
            server=f"{name.host}.",
            parsed_addresses=list(addresses),
            properties={"path": "/"},
        )
        try:
            await (await zeroconf.async_register_service(info))
        except NonUniqueNameException:
            log.info("%s is taken by another device", name.host)
            await name.change()
        else:
            log.info("the page is announced as %s", name.host)
            return
    log.warning("the page is not announced in the network: %d names were taken", MAX_NAMES)
