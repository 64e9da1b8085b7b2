"""The other side of the webhook."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, ClassVar

from tests.fakes.receiver import Receiver


class WebhookPeer(Receiver):
    """A web server. What it is sent to may be a secret, as it is for many chats: it is the suite's."""

    asks: ClassVar[bool] = False
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = False  # it answers only
    listens: ClassVar[bool] = False

    @property
    def section(self) -> Mapping[str, Any]:
        return {"address": f"http://127.0.0.1:{self.port}/hooks/Kgbx7fWq"}

    async def ask(self, patch: Mapping[str, object]) -> None:
        raise NotImplementedError

    async def rubbish(self, data: bytes) -> None:
        raise NotImplementedError

    async def flood(self, messages: int) -> None:
        raise NotImplementedError

    def occupied(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()
