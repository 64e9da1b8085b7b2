"""Who is known to the device: its users and its programs, kept in one private file."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.control.actor import Role
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.page.auth.passwords import Passwords, check_password
from soundit_edge.page.auth.refusals import NotSignedIn
from soundit_edge.page.state_file import StateFile

MAX_NAME: Final = 40
MAX_USERS: Final = 50
WRONG: Final = "The name or the password is wrong."


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True)


class User(_Entry):
    """A person who can sign in.

    Attributes:
        id: made once, so that sessions and addresses do not depend on the name.
        name: what they sign in with, in any case.
        role: what they may do.
        password: its slow hash.
    """

    id: str
    name: str
    role: Role
    password: str = Field(repr=False)


class Token(_Entry):
    """A program that may ask.

    Attributes:
        id: names it, where it is revoked.
        name: what it is for.
        role: what it may do.
        digest: hash of the secret that it sends.
        made_at: when, in seconds since 1970.
    """

    id: str
    name: str
    role: Role
    digest: str = Field(repr=False)
    made_at: float


class AccountsFile(_Entry):
    """What accounts.json says."""

    version: int = 1
    users: tuple[User, ...] = ()
    tokens: tuple[Token, ...] = ()


Change = Callable[[User], User | None]
"""Returns what becomes of a user; None: they are removed."""


class Accounts:
    """The users. The device is claimed once there is one."""

    def __init__(self, file: StateFile[AccountsFile], passwords: Passwords) -> None:
        """Look after the users in a file.

        Args:
            file: that they are kept in.
            passwords: hashes theirs.
        """
        self._file = file
        self._passwords = passwords

    @property
    def claimed(self) -> bool:
        """Return whether anybody has claimed the device."""
        return bool(self._file.content.users)

    @property
    def users(self) -> tuple[User, ...]:
        """Return all users, in the order in which they came."""
        return self._file.content.users

    def user(self, user_id: str) -> User | None:
        """Return a user; None where there is none of this id."""
        return next((user for user in self.users if user.id == user_id), None)

    async def claim(self, name: str, password: str) -> User:
        """Make the first administrator.

        Raises:
            InvalidChange: the name or the password will not do.
            NotNow: somebody has claimed the device already, or it cannot be kept.
        """
        first = await self._made(name, password, Role.ADMIN)

        def edit(content: AccountsFile) -> AccountsFile:
            if content.users:
                raise NotNow("This device has been claimed already: sign in.")
            return content.model_copy(update={"users": (first,)})

        await self._file.change(edit)
        return first

    async def add(self, name: str, password: str, role: Role) -> User:
        """Add a user.

        Raises:
            InvalidChange: the name or the password will not do.
            NotNow: there are `MAX_USERS`, nobody has claimed the device, or it cannot be kept.
        """
        new = await self._made(name, password, role)

        def edit(content: AccountsFile) -> AccountsFile:
            if not content.users:
                raise NotNow("Claim this device first: its first user sets it up.")
            if len(content.users) >= MAX_USERS:
                raise NotNow(f"There are {MAX_USERS} users: remove one first.")
            _check_new(new.name, content.users)
            return content.model_copy(update={"users": (*content.users, new)})

        await self._file.change(edit)
        return new

    async def set_role(self, user_id: str, role: Role) -> None:
        """Let a user do more or less from now on.

        Raises:
            NotNow: there is no such user, or none would be an administrator.
        """
        await self._replace(user_id, lambda user: user.model_copy(update={"role": role}))

    async def set_password(self, user_id: str, password: str) -> None:
        """Give a user another password.

        Raises:
            InvalidChange: it will not do.
            NotNow: there is no such user.
        """
        user = self.user(user_id)
        check_password(password, user.name if user else "")
        hashed = await self._passwords.hash(password)
        await self._replace(user_id, lambda user: user.model_copy(update={"password": hashed}))

    async def remove(self, user_id: str) -> None:
        """Remove a user.

        Raises:
            NotNow: there is no such user, or it is the last administrator.
        """
        await self._replace(user_id, lambda user: None)

    async def check(self, name: str, password: str) -> User:
        """Return who signs in. It takes as long for a name that nobody has.

        Raises:
            NotSignedIn: the name or the password is wrong.
        """
        wanted = _key(name)
        user = next((user for user in self.users if _key(user.name) == wanted), None)
        if not await self._passwords.matches(password, user.password if user else None) or user is None:
            raise NotSignedIn(WRONG)
        return user

    async def _made(self, name: str, password: str, role: Role) -> User:
        name = check_name(name)
        _check_new(name, self.users)
        check_password(password, name)
        return User(id=secrets.token_hex(8), name=name, role=role, password=await self._passwords.hash(password))

    async def _replace(self, user_id: str, change: Change) -> None:
        def edit(content: AccountsFile) -> AccountsFile:
            if all(user.id != user_id for user in content.users):
                raise NotNow("There is no such user any more.")
            changed = [change(user) if user.id == user_id else user for user in content.users]
            users = tuple(user for user in changed if user is not None)
            if not any(user.role is Role.ADMIN for user in users):
                raise NotNow("This is the last administrator: make another user one first.")
            return content.model_copy(update={"users": users})

        await self._file.change(edit)


def check_name(name: str) -> str:
    """Return a name as it is kept.

    Raises:
        InvalidChange: it is empty or longer than `MAX_NAME`, or has characters that cannot be seen, such as a line
            break or the marks that turn the direction of writing.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(plain) <= MAX_NAME:
        raise InvalidChange(f"A name has 1 to {MAX_NAME} characters.")
    if not plain.isprintable():
        raise InvalidChange("A name has letters, figures, signs and spaces only.")
    return plain


def digest_of(secret: str) -> str:
    """Return the hash of a random secret of 256 bits: nobody guesses one, so that it need not be slow."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def _check_new(name: str, users: Iterable[User]) -> None:
    if _key(name) in {_key(user.name) for user in users}:
        raise InvalidChange("There is a user of this name already.")
