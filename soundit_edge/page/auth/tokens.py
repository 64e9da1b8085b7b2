"""Tokens: what programs send in the place of a name and a password. Each is shown once, and only its hash is kept."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from soundit_edge.control.actor import Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.page.auth.accounts import AccountsFile, Token, check_name, digest_of
from soundit_edge.page.state_file import StateFile

PREFIX: Final = "soundit_"
"""How every token begins, so that one that lies about is recognised."""
MAX_TOKENS: Final = 50


class Tokens:
    """The programs that may ask."""

    def __init__(self, file: StateFile[AccountsFile], wall: Callable[[], float]) -> None:
        """Look after the tokens in a file.

        Args:
            file: that they are kept in.
            wall: gives the time of day, in seconds since 1970.
        """
        self._file = file
        self._wall = wall

    @property
    def all(self) -> tuple[Token, ...]:
        """Return all tokens, in the order in which they were made."""
        return self._file.content.tokens

    async def make(self, name: str, role: Role) -> tuple[Token, str]:
        """Return a new token, and its secret, which nobody can be shown again.

        Raises:
            InvalidChange: the name will not do.
            NotNow: there are `MAX_TOKENS`, or it cannot be kept.
        """
        secret = PREFIX + secrets.token_urlsafe(32)
        new = Token(
            id=secrets.token_hex(8), name=check_name(name), role=role, digest=digest_of(secret), made_at=self._wall()
        )

        def edit(content: AccountsFile) -> AccountsFile:
            if len(content.tokens) >= MAX_TOKENS:
                raise NotNow(f"There are {MAX_TOKENS} tokens: revoke one first.")
            return content.model_copy(update={"tokens": (*content.tokens, new)})

        await self._file.change(edit)
        return new, secret

    async def revoke(self, token_id: str) -> None:
        """Let a program ask no more, from now on.

        Raises:
            NotNow: there is no such token, or that cannot be kept.
        """

        def edit(content: AccountsFile) -> AccountsFile:
            left = tuple(token for token in content.tokens if token.id != token_id)
            if len(left) == len(content.tokens):
                raise NotNow("There is no such token any more.")
            return content.model_copy(update={"tokens": left})

        await self._file.change(edit)

    def named_by(self, authorization: str) -> Token | None:
        """Return the token that an Authorization header brings; None where it brings none of ours.

        The whole secret is compared, in constant time: an empty one, a beginning of one or another scheme is none.
        """
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        digest, found = digest_of(secret), None
        for token in self.all:
            if hmac.compare_digest(token.digest, digest):
                found = token
        return found
