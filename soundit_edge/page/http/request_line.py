"""Request lines beside the usual one: the method HEAD, and targets with a scheme and a host."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from starlette.types import Message, Scope, Send

_ABSOLUTE: Final = re.compile(rb"http://([^/]*)(/.*)?", re.IGNORECASE | re.DOTALL)


def origin_form(scope: Scope) -> tuple[Scope, str | None]:
    """Return the request with a target that is a path alone, and the host that its target named, if it named one.

    Every server must accept a target in absolute form, and that target's host counts (RFC 9112, 3.2.2).
    """
    absolute = _ABSOLUTE.fullmatch(scope.get("raw_path", b""))
    if absolute is None:
        return scope, None
    path = absolute[2] or b"/"
    return {**scope, "path": unquote(path.decode("ascii")), "raw_path": path}, absolute[1].decode("ascii")


def without_body(send: Send) -> Send:
    """Return a `send` that passes the head of an answer on and ends it there, as HEAD wants it (RFC 9110, 9.3.2)."""
    ended = False

    async def send_head(message: Message) -> None:
        nonlocal ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not ended:  # a stream would go on until it sees that the answer has ended
            ended = True
            await send({"type": "http.response.body", "body": b""})

    return send_head
