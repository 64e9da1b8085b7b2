"""What every request passes: no other page that the same browser shows gets in, and nobody who may not ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soundit_edge.errors import SounditError
from soundit_edge.page.answers import refusal_answer
from soundit_edge.page.auth.gate import Gate
from soundit_edge.page.auth.tokens import PREFIX
from soundit_edge.page.http.hosts import Hosts
from soundit_edge.page.http.request_line import origin_form, without_body
from soundit_edge.page.route import JSON, MAX_JSON, Route

SECRETS: Final = frozenset(
    {"access_token", "api_key", "apikey", "authorization", "password", "secret", "session", "token"}
)
"""What no address may bring: addresses are kept in histories and logs, and sent on as referrers."""

_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), usb=(), serial=(), midi=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, large bodies, and whoever may not ask for a route. What has
    no row in the table of routes is not there. It sets the headers of every answer.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[Route], gate: Gate, hosts: Hosts) -> None:
        """Stand before an application.

        Args:
            app: the application.
            routes: what it answers, and what may come with each request.
            gate: says who sends a request.
            hosts: knows the device's names.
        """
        self._app = app
        self._gate = gate
        self._hosts = hosts
        self._routes = [(route, compile_path(route.path)[0]) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # there is no route for anything else, such as a WebSocket
        scope, target_host = origin_form(scope)
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, without_body(send)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._answer(scope, target_host)(scope, receive, send_guarded)

    def _answer(self, scope: Scope, target_host: str | None) -> ASGIApp:
        """Return what answers a request: the application, or a refusal."""
        headers, method = Headers(scope=scope), scope["method"]
        at_path = [route for route, path in self._routes if path.match(scope["path"])]
        route = next((one for one in at_path if one.method == method), None)
        refusal = refuse(method, headers, target_host, route, self._hosts, scope.get("scheme", "http"))
        if refusal is None and brings_secret(scope):
            refusal = 400, "Secrets do not belong in an address, which is kept in many places: send a header."
        if refusal is not None:
            return PlainTextResponse(refusal[1] + "\n", refusal[0])
        if route is None:
            allowed = {"allow": ", ".join(sorted({one.method for one in at_path}))} if at_path else None
            return PlainTextResponse("There is nothing here.\n", 405 if at_path else 404, allowed)
        try:
            visitor = self._gate.identify(scope)
            self._gate.admit(visitor, route.role, method, headers)
        except SounditError as error:
            return refusal_answer(error)
        scope.setdefault("state", {}).update(actor=visitor.actor, visitor=visitor)

        async def answer_while_admitted(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app(scope, receive, ending(send, lambda: self._may_go_on(scope, route)))

        return answer_while_admitted

    def _may_go_on(self, scope: Scope, route: Route) -> bool:
        try:
            self._gate.admit(self._gate.identify(scope), route.role, scope["method"], Headers(scope=scope))
        except SounditError:
            return False
        return True


def ending(send: Send, may_go_on: Callable[[], bool]) -> Send:
    """Return a `send` that ends an answer before its next part once its reader may not go on: a stream lasts for days,
    and who has signed out, or was removed, must not go on reading it."""
    ended = False

    async def send_or_end(message: Message) -> None:
        nonlocal ended
        if ended:
            return
        if message["type"] == "http.response.body" and message.get("more_body") and not may_go_on():
            ended, message = True, {"type": "http.response.body", "body": b""}
        await send(message)

    return send_or_end


def brings_secret(scope: Scope) -> bool:
    """Return whether the address of a request has a secret in it, by its name or by how our tokens begin."""
    query = scope.get("query_string", b"").decode("ascii", "replace")
    if PREFIX in scope["path"] or PREFIX in query:
        return True
    return any(name.lower() in SECRETS for name, _ in parse_qsl(query, keep_blank_values=True))


def refuse(
    method: str, headers: Headers, target_host: str | None, route: Route | None, hosts: Hosts, scheme: str
) -> tuple[int, str] | None:
    """Return the status code and the words to refuse a request with, or None where it may pass.

    Args:
        method: of the request, which is never HEAD: that comes as GET.
        headers: of the request.
        target_host: the host in an absolute target, or None. It counts instead of the Host header, which must be of
            this machine all the same.
        route: that is asked for, which says what may come with it; None: there is none.
        hosts: knows the device's names.
        scheme: by which the request came, "http" or "https".
    """
    given = headers.getlist("host")
    named = given if target_host is None else [*given, target_host]
    # A rebound name resolves to this machine, so its requests look like the page's own but for the name in them.
    if len(given) != 1 or not all(hosts.knows(host) for host in named):
        return 400, "This page answers to its own names and addresses only: add another one to hosts in the settings."
    site = headers.get("sec-fetch-site", "same-origin")
    opened_by_hand = method == "GET" and (site == "none" or headers.get("sec-fetch-mode") == "navigate")
    if site != "same-origin" and not opened_by_hand:
        return 403, "Other pages may not use this one."
    # Every browser of today names the origin of a request that may change something; what names none is no browser.
    own = f"{scheme}://{named[-1]}"
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
