"""What stands between the page and the other pages that the same browser shows: it lets only the page itself in.

Nothing here asks who the user is: whoever sits at this machine may see the page and set what it lets one set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soundit_edge.control.actor import Actor
from soundit_edge.page.http.request_line import origin_form, without_body
from soundit_edge.page.route import JSON, MAX_JSON, Route

_HOST: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)

_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), midi=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """ASGI middleware: refuses foreign hosts and origins and large bodies, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route], who: Callable[[Scope], Actor]) -> None:
        """Stand before an application.

        Args:
            app: the application.
            routes: what it answers, and what may come with each request.
            who: returns who sends a request.
        """
        self._app = app
        self._who = who
        self._routes = [(route, compile_path(route.path)[0]) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope, target_host = origin_form(scope)
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, without_body(send)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        route = self._route(scope)
        refusal = refuse(scope["method"], Headers(scope=scope), target_host, route)
        if refusal is None:
            scope.setdefault("state", {})["actor"] = self._who(scope)
        answer = self._app if refusal is None else PlainTextResponse(refusal[1] + "\n", refusal[0])
        await answer(scope, receive, send_guarded)

    def _route(self, scope: Scope) -> Route | None:
        asked = scope["method"], scope["path"]
        return next((one for one, path in self._routes if one.method == asked[0] and path.match(asked[1])), None)


def refuse(
    method: str, headers: Headers, target_host: str | None, route: Route | None = None
) -> tuple[int, str] | None:
    """Return the status code and the words to refuse a request with, or None where it may pass.

    Args:
        method: of the request, which is never HEAD: that comes as GET.
        headers: of the request.
        target_host: the host in an absolute target, or None. It counts instead of the Host header, which must be of
            this machine all the same.
        route: that is asked for, which says what may come with it; None: there is none.
    """
    given = headers.getlist("host")
    hosts = given if target_host is None else [*given, target_host]
    # A rebound name resolves to this machine, so its requests look like the page's own but for the name in them.
    if len(given) != 1 or not all(_HOST.fullmatch(host) for host in hosts):
        return 400, "This page answers only to localhost."
    site = headers.get("sec-fetch-site", "same-origin")
    opened_by_hand = method == "GET" and (site == "none" or headers.get("sec-fetch-mode") == "navigate")
    if site != "same-origin" and not opened_by_hand:
        return 403, "Other pages may not use this one."
    # Every browser of today names the origin of a request that may change something; what names none is no browser.
    own = f"http://{hosts[-1]}"
    if headers.get("origin", own).lower() != own.lower():
        return 403, "Other pages may not use this one."
    if method == "GET":
        return None
    types, limit = (route.body_types, route.max_body) if route else ((JSON,), MAX_JSON)
    given_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not any(given_type == one or (one.endswith("/") and given_type.startswith(one)) for one in types):
        return 415, f"The body must be {' or '.join(types)}."
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return 411, "The length of the body must be given."
    if int(length) > limit:
        return 413, f"The body must not be longer than {limit} bytes."
    return None
