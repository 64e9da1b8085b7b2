"""Who may do what, for administrators: users, tokens of programs, and the kiosk's lock."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from soundit_edge.control.actor import Role
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.page.auth.access import Access
from soundit_edge.page.auth.accounts import Token, User
from soundit_edge.page.auth.gate import Visit
from soundit_edge.page.route import By, Route
from soundit_edge.page.routes.session import MAX_CREDENTIALS


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewUserBody(_Body):
    """A new user."""

    name: str
    password: SecretStr
    role: Role


class UserPatch(_Body):
    """What becomes of a user; what is left out stays."""

    role: Role | None = None
    password: SecretStr | None = None


class NewTokenBody(_Body):
    """A new token, and what the program that has it may do."""

    name: str
    role: Role


class KioskBody(_Body):
    """Whether only administrators can change anything."""

    locked: bool


class UserStatus(BaseModel):
    """A user, as administrators see them."""

    id: str
    name: str
    role: Role


class TokenStatus(UserStatus):
    """A token of a program; `made_at` in seconds since 1970."""

    made_at: float


class NewTokenStatus(TokenStatus):
    """A token that was just made, with its secret, which is shown this once."""

    token: str = Field(repr=False)


def routes(access: Access) -> list[Route]:
    """Return the routes by which administrators say who may do what."""
    accounts, tokens = access.accounts, access.tokens

    async def list_users() -> list[UserStatus]:
        return [_user(user) for user in accounts.users]

    async def add_user(body: NewUserBody) -> UserStatus:
        return _user(await accounts.add(body.name, body.password.get_secret_value(), body.role))

    async def change_user(user: str, body: UserPatch, visitor: Visit) -> None:
        if body.role is None and body.password is None:
            raise InvalidChange("Say what is to become of the user: a role or a password.")
        if body.password is not None:
            await accounts.set_password(user, body.password.get_secret_value())
            own = visitor.user is not None and visitor.user.id == user
            await access.sessions.end_all(user, but=visitor.session_id if own else None)
        if body.role is not None:
            await accounts.set_role(user, body.role)

    async def remove_user(user: str) -> None:
        await accounts.remove(user)
        await access.sessions.end_all(user)

    async def list_tokens() -> list[TokenStatus]:
        return [_token(token) for token in tokens.all]

    async def make_token(body: NewTokenBody) -> NewTokenStatus:
        token, secret = await tokens.make(body.name, body.role)
        return NewTokenStatus(**_token(token).model_dump(), token=secret)

    async def revoke_token(token: str) -> None:
        await tokens.revoke(token)

    async def lock_kiosk(body: KioskBody, by: By) -> KioskBody:
        access.lock_kiosk(body.locked, by)
        return body

    return [
        Route("PUT", "/api/kiosk", Role.ADMIN, lock_kiosk),
        Route("GET", "/api/users", Role.ADMIN, list_users),
        Route("POST", "/api/users", Role.ADMIN, add_user, MAX_CREDENTIALS),
        Route("PATCH", "/api/users/{user}", Role.ADMIN, change_user, MAX_CREDENTIALS),
        Route("DELETE", "/api/users/{user}", Role.ADMIN, remove_user),
        Route("GET", "/api/tokens", Role.ADMIN, list_tokens),
        Route("POST", "/api/tokens", Role.ADMIN, make_token),
        Route("DELETE", "/api/tokens/{token}", Role.ADMIN, revoke_token),
    ]


def _user(user: User) -> UserStatus:
    return UserStatus(id=user.id, name=user.name, role=user.role)


def _token(token: Token) -> TokenStatus:
    return TokenStatus(id=token.id, name=token.name, role=token.role, made_at=token.made_at)
