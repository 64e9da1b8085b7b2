"""The other side of the metrics."""

from __future__ import annotations

from typing import ClassVar

from tests.contracts.peer import Peer


class MetricsPeer(Peer):
    """Whoever collects the metrics: they ask the page, and nobody is missed."""

    asks: ClassVar[bool] = False
    leaves: ClassVar[bool] = False
    speaks: ClassVar[bool] = False

    async def appear(self) -> None:
        pass

    async def vanish(self) -> None:
        pass
