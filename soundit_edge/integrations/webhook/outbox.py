"""What waits to be delivered: bounded in number, in age and in attempts, and what is given up is counted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

MAX_WAITING: Final = 32
"""Beyond this number the oldest one is dropped."""
MAX_AGE_S: Final = 900.0
"""What is older is of no use to anybody."""
MAX_ATTEMPTS: Final = 8


@dataclass(slots=True, eq=False)
class Delivery:
    """One event on its way.

    Attributes:
        event: its kind.
        content: what the body says, as JSON has it.
        born: when it was put in, in seconds.
        id: the same at each attempt, and of no other delivery.
        attempts: how many have been made.
    """

    event: str
    content: Mapping[str, object]
    born: float
    id: str = field(default_factory=lambda: uuid4().hex)
    attempts: int = 0


class Outbox:
    """Holds deliveries in their order. To be used in one event loop.

    Attributes:
        dropped: how many were given up.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._waiting: deque[Delivery] = deque()
        self._under_way: Delivery | None = None  # it may arrive yet, so it makes way for nobody
        self._arrived = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, delivery: Delivery) -> None:
        """Put one in at the end. Never waits."""
        self._waiting.append(delivery)
        while len(self._waiting) > MAX_WAITING:
            self._drop(next(one for one in self._waiting if one is not self._under_way))
        self._arrived.set()

    async def first(self) -> Delivery:
        """Wait for one, and return the oldest. It stays until `delivered` or `failed` takes it out."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        self._under_way = self._waiting[0]
        return self._under_way

    def delivered(self, delivery: Delivery) -> None:
        """Take one out that has arrived."""
        if delivery in self._waiting:
            self._waiting.remove(delivery)

    def failed(self, delivery: Delivery, final: bool) -> None:
        """Count an attempt; give the delivery up where it was the last one, or another one is of no use.

        Args:
            delivery: that has not arrived.
            final: whether another attempt is of no use.
        """
        delivery.attempts += 1
        if final or delivery.attempts >= MAX_ATTEMPTS:
            self._drop(delivery)

    def expire(self, now: float) -> None:
        """Give up what is older than `MAX_AGE_S` at `now`, in seconds."""
        for delivery in list(self._waiting):
            if now - delivery.born > MAX_AGE_S:
                self._drop(delivery)

    def withdraw(self, events: Collection[str]) -> None:
        """Take out all of some kinds: they must not be told any more, so they do not count as dropped."""
        self._waiting = deque(delivery for delivery in self._waiting if delivery.event not in events)

    def _drop(self, delivery: Delivery) -> None:
        if delivery in self._waiting:
            self._waiting.remove(delivery)
            self.dropped += 1
