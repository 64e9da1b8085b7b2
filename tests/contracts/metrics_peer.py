"""The other side of the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, ClassVar


class MetricsPeer:
    """Whoever collects the metrics: they ask the page, and nobody is missed."""

    asks: ClassVar[bool] = False
    leaves: ClassVar[bool] = False
    speaks: ClassVar[bool] = False
    listens: ClassVar[bool] = False

    @property
    def section(self) -> Mapping[str, Any]:
        return {}

    async def appear(self) -> None:
        pass

    async def vanish(self) -> None:
        pass

    async def ask(self, patch: Mapping[str, object]) -> None:
        raise NotImplementedError

    async def rubbish(self, data: bytes) -> None:
        raise NotImplementedError

    async def flood(self, messages: int) -> None:
        raise NotImplementedError

    def occupied(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()
