"""Who is there: the claim of the device, signing in and out, and one's own password."""

from __future__ import annotations

from typing import Final, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, SecretStr

from soundit_edge.control.actor import Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.page.auth.access import Access
from soundit_edge.page.auth.accounts import User
from soundit_edge.page.auth.gate import COOKIE, Visit, Visitor
from soundit_edge.page.auth.refusals import NotSignedIn
from soundit_edge.page.auth.sessions import LIFE_S
from soundit_edge.page.route import Route

MAX_CREDENTIALS: Final = 4096
"""Largest body with a name and passwords, in bytes: any character may come as an escape of twelve."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ClaimBody(_Body):
    """The first administrator, and the code that the device shows."""

    name: str
    password: SecretStr
    code: SecretStr = SecretStr("")


class SignInBody(_Body):
    """Who signs in."""

    name: str
    password: SecretStr


class PasswordBody(_Body):
    """Another password for whoever asks, who gives the present one, too."""

    password: SecretStr
    new_password: SecretStr


class MeStatus(BaseModel):
    """Who asks.

    Attributes:
        role: what they may do; "none": nothing before they claim the device or sign in.
        name: of the user or the program; "" for somebody at the device itself who has not signed in.
        signed_in: whether a user has signed in, who can sign out.
        claimed: whether anybody has claimed the device.
        local: whether they ask on the device itself.
        locked: whether the kiosk lock is on.
    """

    role: Literal["none", "viewer", "operator", "admin"]
    name: str
    signed_in: bool
    claimed: bool
    local: bool
    locked: bool


class ClaimStatus(BaseModel):
    """The code by which others can claim the device; null where that is done."""

    code: str | None


def routes(access: Access) -> list[Route]:
    """Return the routes by which somebody says who they are."""

    def me_of(visitor: Visitor) -> MeStatus:
        return MeStatus(
            role=visitor.actor.role.value if visitor.actor else "none",
            name=visitor.actor.name if visitor.actor else "",
            signed_in=visitor.user is not None,
            claimed=access.accounts.claimed,
            local=visitor.local,
            locked=access.page().kiosk_lock,
        )

    async def sign_in_as(user: User, visitor: Visitor, response: Response) -> MeStatus:
        """Give the browser a session of its own, whatever it had before."""
        session_id = await access.sessions.begin(user.id, instead_of=visitor.session_id)
        response.set_cookie(
            COOKIE, session_id, max_age=int(LIFE_S), path="/", secure=visitor.secure, httponly=True, samesite="strict"
        )
        return me_of(access.gate.signed_in(user, visitor))

    async def me(visitor: Visit) -> MeStatus:
        return me_of(visitor)

    async def claim_code() -> ClaimStatus:
        return ClaimStatus(code=access.claim.code)

    async def claim(body: ClaimBody, visitor: Visit, response: Response) -> MeStatus:
        if access.accounts.claimed:
            raise NotNow("This device has been claimed already: sign in.")
        if visitor.actor is None:  # who is at the device itself need not prove it
            access.attempts.take(visitor.address)
            if not access.claim.admits(body.code.get_secret_value()):
                raise NotSignedIn("The code is wrong: it stands on the device's console.")
            access.attempts.forgive(visitor.address)
        first = await access.accounts.claim(body.name, body.password.get_secret_value())
        access.gate.refresh()  # the code is of no use any more
        return await sign_in_as(first, visitor, response)

    async def sign_in(body: SignInBody, visitor: Visit, response: Response) -> MeStatus:
        user = await checked(visitor, body.name, body.password)
        return await sign_in_as(user, visitor, response)

    async def checked(visitor: Visitor, name: str, password: SecretStr) -> User:
        access.attempts.take(visitor.address)
        user = await access.accounts.check(name, password.get_secret_value())
        access.attempts.forgive(visitor.address)
        return user

    async def sign_out(visitor: Visit, response: Response) -> None:
        if visitor.session_id is not None:
            await access.sessions.end(visitor.session_id)
        response.delete_cookie(COOKIE, path="/", secure=visitor.secure, httponly=True, samesite="strict")

    async def set_password(body: PasswordBody, visitor: Visit) -> None:
        user = visitor.user
        if user is None:
            raise NotNow("Sign in first: only users have a password.")
        await checked(visitor, user.name, body.password)
        await access.accounts.set_password(user.id, body.new_password.get_secret_value())
        await access.sessions.end_all(user.id, but=visitor.session_id)

    return [
        Route("GET", "/api/me", None, me),
        Route("PUT", "/api/me/password", Role.VIEWER, set_password, MAX_CREDENTIALS),
        Route("GET", "/api/claim", Role.ADMIN, claim_code),
        Route("POST", "/api/claim", None, claim, MAX_CREDENTIALS),
        Route("POST", "/api/session", None, sign_in, MAX_CREDENTIALS),
        Route("DELETE", "/api/session", None, sign_out),
    ]
