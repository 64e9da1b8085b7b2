"""The roles of a repository, how many keys each has, and how long each one's signatures hold.

Four are the root's. `rollout` is delegated by targets: it says to which share of the devices a set is offered by now,
and nothing else, so that its key can be where the targets' key must not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from tools.publish.errors import PublishError

ROOT: Final = "root"
TARGETS: Final = "targets"
ROLLOUT: Final = "rollout"
SNAPSHOT: Final = "snapshot"
TIMESTAMP: Final = "timestamp"

KEYS: Final = MappingProxyType({ROOT: 3, TARGETS: 1, ROLLOUT: 1, SNAPSHOT: 1, TIMESTAMP: 1})
"""How many keys each role has, in the order in which a device trusts them."""

THRESHOLDS: Final = MappingProxyType({ROOT: 2, TARGETS: 1, ROLLOUT: 1, SNAPSHOT: 1, TIMESTAMP: 1})
"""How many of its keys must sign."""

DAYS: Final = MappingProxyType({ROOT: 400, TARGETS: 90, ROLLOUT: 14, SNAPSHOT: 14, TIMESTAMP: 3})
"""How long a signature of each role holds. A year and a month for root: the yearly ceremony may be late."""

MAX_DAYS: Final = 3650


def days_of(given: Sequence[str]) -> dict[str, int]:
    """Return how many days each role's signatures hold.

    Args:
        given: what differs from `DAYS`, each such as "timestamp=1".

    Raises:
        PublishError: a role that there is not, or no number of days from 1 to `MAX_DAYS`.
    """
    days = dict(DAYS)
    for one in given:
        role, _, number = one.partition("=")
        if role not in days or not number.isdecimal() or not 1 <= int(number) <= MAX_DAYS:
            raise PublishError(f"--days {one}: give ROLE=N, a role of {', '.join(days)} and 1 to {MAX_DAYS} days")
        days[role] = int(number)
    return days


def expiry(now: datetime, days: int) -> datetime:
    """Return when a signature made `now` ends, in whole seconds, as the metadata has it."""
    return now.replace(microsecond=0) + timedelta(days=days)
