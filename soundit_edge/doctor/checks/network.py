"""The network: an address, a way out, names, and the name by which phones find the device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.settings import SettingsError

UP: Final = 0x1
LOOPBACK: Final = 0x8
MULTICAST: Final = 0x1000
"""Flags of an interface (netdevice(7))."""
NO_ROUTE: Final = "plug the cable in or join a Wi-Fi; the device plays without, and its page opens on this computer"


def look(here: Surroundings) -> Iterator[Finding]:
    """Find what of the network is missing; the device plays without it."""
    up = [path.parent.name for path in here.found("sys/class/net/*/flags") if _flags(here, path) & UP]
    ways = [name for name in up if not _flags(here, here.root / f"sys/class/net/{name}/flags") & LOOPBACK]
    if not ways:
        yield Finding("network", "note", "none: no cable and no Wi-Fi is connected", NO_ROUTE)
        return
    if not has_route(here):
        mend = "look whether the router is on: it gives no address, or none that leads on"
        yield Finding("network", "note", f"{', '.join(ways)}, and no way out of it", mend)
    elif not name_servers(here):
        mend = "let the network give one (DHCP), or name one in /etc/resolv.conf"
        yield Finding("network", "note", f"{', '.join(ways)}, and no name service", mend)
    else:
        yield Finding("network", "ok", ", ".join(ways))
    yield from _look_at_own_name(here, ways)


def _look_at_own_name(here: Surroundings, ways: list[str]) -> Iterator[Finding]:
    try:
        open_to_others = here.settings.page.network
    except SettingsError:  # which the check of the settings says
        return
    if not open_to_others:
        return
    if any(_flags(here, here.root / f"sys/class/net/{name}/flags") & MULTICAST for name in ways):
        yield Finding("mdns", "ok", "phones find the page by the name that the device prints at its start")
    else:
        text = "the network takes no multicast: phones do not find the page by its name"
        yield Finding("mdns", "note", text, "open the page by the device's address")


def has_route(here: Surroundings) -> bool:
    """Return whether the kernel knows a way to everywhere, of either kind of address."""
    old = (line.split() for line in (here.text("proc/net/route") or "").splitlines()[1:])
    new = (line.split() for line in (here.text("proc/net/ipv6_route") or "").splitlines())
    return any(len(row) > 7 and row[1] == row[7] == "00000000" for row in old) or any(
        len(row) > 9 and set(row[0]) == {"0"} and row[1] == "00" and row[9] != "lo" for row in new
    )


def name_servers(here: Surroundings) -> list[str]:
    """Return the addresses of the servers of names."""
    rows = (line.split() for line in (here.text("etc/resolv.conf") or "").splitlines())
    return [row[1] for row in rows if len(row) > 1 and row[0] == "nameserver"]


def _flags(here: Surroundings, path: Path) -> int:
    return here.number(path, 16) or 0


CHECK: Final = Check("network", look)
CHECKS: Final = (CHECK,)
