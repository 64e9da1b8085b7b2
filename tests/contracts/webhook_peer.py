"""The other side of the webhook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.contracts.peer import SECRET, Peer
from tests.fakes.receiver import Receiver


class WebhookPeer(Receiver, Peer):
    """A web server. What it is sent to may be a secret, as it is for many chats: it is the suite's."""

    asks: ClassVar[bool] = False
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = False  # it answers only

    @property
    def section(self) -> Mapping[str, Any]:
        return {"address": f"http://127.0.0.1:{self.port}/hooks/{SECRET}"}
