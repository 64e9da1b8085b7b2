"""How many wrong passwords and codes may come: from one address, and from all together."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from soundit_edge.page.auth.refusals import TooManyAttempts


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` within `window_s` seconds."""

    attempts: int
    window_s: float


PER_ADDRESS: Final = (Limit(5, 60.0), Limit(20, 3600.0))
OVERALL: Final = (Limit(30, 60.0), Limit(200, 3600.0))
"""Of all other computers together; who sits at the device itself cannot be kept out by them."""
MAX_ADDRESSES: Final = 1024
"""So many addresses are remembered; beyond that, the one that was silent for longest is forgotten."""


class RateLimit:
    """Counts attempts before they are looked at, so that many at once are not more than one after the other."""

    def __init__(
        self,
        now: Callable[[], float],
        per_address: Sequence[Limit] = PER_ADDRESS,
        overall: Sequence[Limit] = OVERALL,
    ) -> None:
        """Begin with no attempts.

        Args:
            now: gives seconds since any moment; they never go back.
            per_address: limits for one address; an IPv6 network of 64 bits counts as one.
            overall: limits for all that are not on this computer.
        """
        self._now = now
        self._per_address, self._overall = per_address, overall
        self._by_address: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque()

    def take(self, address: str) -> None:
        """Count an attempt as a wrong one; take that back with `forgive` once it has turned out to be right.

        Raises:
            TooManyAttempts: there were too many already; this one does not count, so that the limit ends.
        """
        key, now = _key(address), self._now()
        own = self._by_address.get(key, deque())
        wait = _wait(own, self._per_address, now)
        if key != _LOCAL:
            wait = max(wait, _wait(self._all, self._overall, now))
        if wait > 0:
            raise TooManyAttempts(wait)
        own.append(now)
        self._by_address[key] = own
        self._by_address.move_to_end(key)
        if len(self._by_address) > MAX_ADDRESSES:
            self._by_address.popitem(last=False)
        if key != _LOCAL:
            self._all.append(now)

    def forgive(self, address: str) -> None:
        """Take the newest attempt from an address back: it was right."""
        key = _key(address)
        if own := self._by_address.get(key):
            taken = own.pop()
            if key != _LOCAL and taken in self._all:
                self._all.remove(taken)


_LOCAL: Final = "this computer"


def _key(address: str) -> str:
    """Return what stands for everybody who can send from an address: whoever has an IPv6 network has 2^64 of them."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return _LOCAL if ip.is_loopback else str(ipaddress.ip_network((ip, 64), strict=False))
        ip = ip.ipv4_mapped
    return _LOCAL if ip.is_loopback else str(ip)


def _wait(attempts: deque[float], limits: Sequence[Limit], now: float) -> float:
    """Return how many seconds to wait until another attempt is within all limits; 0 for none."""
    longest = max((limit.window_s for limit in limits), default=0.0)
    while attempts and attempts[0] <= now - longest:
        attempts.popleft()
    wait = 0.0
    for limit in limits:
        within = [at for at in attempts if at > now - limit.window_s]
        if len(within) >= limit.attempts:
            wait = max(wait, within[-limit.attempts] + limit.window_s - now)
    return wait
