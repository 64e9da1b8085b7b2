"""The gate: who sends a request, by what it brings, and whether they may ask for what they ask."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import NotAllowed
from soundit_edge.page.auth.accounts import Accounts, AccountsFile, User
from soundit_edge.page.auth.claim import Claim
from soundit_edge.page.auth.refusals import NotSignedIn
from soundit_edge.page.auth.sessions import Sessions, SessionsFile
from soundit_edge.page.auth.tokens import Tokens
from soundit_edge.page.state_file import StateFile
from soundit_edge.settings import PageSettings

COOKIE: Final = "soundit_session"
OWN_HEADER: Final = "x-soundit"
"""Our scripts send it with every change; a form cannot, and no script of another page may."""
_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
_LOCAL_HOSTS: Final = ("localhost", "127.", "[::1]")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a request.

    Attributes:
        actor: what they are to the device; None: nobody who may ask.
        address: that the request comes from.
        local: whether it comes from this computer itself, and through nobody else.
        user: who has signed in, if anybody has.
        session_id: that the browser sends, if it sends one, whether or not it is of any use.
        secure: whether nobody on the way can read it.
    """

    actor: Actor | None
    address: str
    local: bool
    user: User | None = None
    session_id: str | None = None
    secure: bool = False


class Gate:
    """Says who asks, at each request: a role, a session or a token that was taken away is gone at once."""

    def __init__(
        self,
        files: tuple[StateFile[AccountsFile], StateFile[SessionsFile]],
        accounts: Accounts,
        sessions: Sessions,
        tokens: Tokens,
        claim: Claim,
        page: Callable[[], PageSettings],
    ) -> None:
        """Stand before the device.

        Args:
            files: that may be replaced by another process meanwhile, such as `soundit claim --reset`.
            accounts: has the users.
            sessions: has their browsers.
            tokens: has the programs.
            claim: has the code, while nobody has claimed the device.
            page: gives the page's settings in force.
        """
        self._files = files
        self._accounts, self._sessions, self._tokens = accounts, sessions, tokens
        self._claim = claim
        self._page = page

    def refresh(self) -> None:
        """Look whether another process has changed the accounts; have a code while the device is not claimed."""
        for file in self._files:
            file.refresh()
        self._claim.follow(self._accounts.claimed)

    def identify(self, scope: Scope) -> Visitor:
        """Return who sends a request.

        Raises:
            NotSignedIn: it brings a token that is none of ours: it is not let in as somebody else instead.
        """
        self.refresh()
        headers = Headers(scope=scope)
        client = scope.get("client")
        address = str(client[0]) if client else ""
        local = _is_local(address, headers)
        secure = scope.get("scheme") == "https"
        given = headers.getlist("authorization")
        if given:
            token = self._tokens.named_by(given[0]) if len(given) == 1 else None
            if token is None:
                raise NotSignedIn("This token is not known here: make one on the page, under Account.")
            actor = self._locked(Actor(Kind.INTEGRATION, token.role, token.name))
            return Visitor(actor, address, local, secure=secure)
        session_id = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        user_id = None if session_id is None else self._sessions.user_of(session_id)
        user = None if user_id is None else self._accounts.user(user_id)
        visitor = Visitor(self._stranger(local), address, local, None, session_id, secure)
        return visitor if user is None else self.signed_in(user, visitor)

    def signed_in(self, user: User, visitor: Visitor) -> Visitor:
        """Return who a visitor is once they have signed in as a user."""
        return replace(visitor, user=user, actor=self._locked(Actor(Kind.PAGE, user.role, user.name)))

    def admit(self, visitor: Visitor, role: Role | None, method: str, headers: Headers) -> None:
        """Make sure that somebody may ask for what is for `role`.

        Raises:
            NotSignedIn: they have to say who they are first.
            NotAllowed: they may not, or the request may come from another page.
        """
        if role is None:
            return
        if visitor.actor is None:
            if self._accounts.claimed:
                raise NotSignedIn("Sign in to use this device.")
            raise NotSignedIn("This device is not claimed yet: open its page and claim it.")
        if visitor.user is not None and method != "GET" and OWN_HEADER not in headers:
            raise NotAllowed("A change by a signed-in browser needs the header X-Soundit, which our page sends.")
        if not visitor.actor.role.covers(role):
            if visitor.actor.may_change:
                raise NotAllowed(f"This is for the {role}.")
            raise NotAllowed("Who may only look cannot change anything.")

    def _stranger(self, local: bool) -> Actor | None:
        """Return who somebody is that has not signed in."""
        if not local:
            return None
        if not self._accounts.claimed:
            return Actor(Kind.PAGE, Role.ADMIN)
        page = self._page()
        if page.local_role == "none":
            return None
        # While the kiosk is locked the device's own screen is the visitors', whatever it may do otherwise.
        return Actor(Kind.PAGE, Role.VIEWER if page.kiosk_lock else Role(page.local_role))

    def _locked(self, actor: Actor) -> Actor:
        if self._page().kiosk_lock and not actor.may_configure:
            return Actor(actor.kind, Role.VIEWER, actor.name)
        return actor


def visitor_of(request: Request) -> Visitor:
    """Return who sends a request, whom the gate has recognised."""
    visitor: Visitor = request.state.visitor
    return visitor


Visit = Annotated[Visitor, Depends(visitor_of)]
"""Who sends the request, as a parameter of an endpoint that also answers nobody in particular."""


def _is_local(address: str, headers: Headers) -> bool:
    """Return whether a request comes from this computer. What a proxy on it passes on comes from elsewhere."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if not ip.is_loopback or any(name in headers for name in _FORWARDED):
        return False
    return headers.get("host", "").lower().startswith(_LOCAL_HOSTS)
