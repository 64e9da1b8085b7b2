"""Sessions: who has signed in with which browser. A browser keeps the random id, the device only its hash."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.page.auth.accounts import digest_of
from soundit_edge.page.state_file import StateFile

LIFE_S: Final = 30 * 24 * 3600.0
"""How long a session lasts after the sign-in, in seconds."""
MAX_SESSIONS: Final = 200
"""So many are kept; beyond that, the oldest ends."""


class Session(BaseModel):
    """One browser of one user.

    Attributes:
        digest: hash of its id.
        user: id of the user.
        ends_at: in seconds since 1970.
    """

    model_config = ConfigDict(frozen=True)

    digest: str = Field(repr=False)
    user: str
    ends_at: float


class SessionsFile(BaseModel):
    """What sessions.json says."""

    model_config = ConfigDict(frozen=True)

    version: int = 1
    sessions: tuple[Session, ...] = ()


class Sessions:
    """The browsers that are signed in; they stay so when the device restarts."""

    def __init__(self, file: StateFile[SessionsFile], wall: Callable[[], float]) -> None:
        """Look after the sessions in a file.

        Args:
            file: that they are kept in.
            wall: gives the time of day, in seconds since 1970; where it jumps, sessions end sooner or later.
        """
        self._file = file
        self._wall = wall

    async def begin(self, user_id: str, instead_of: str | None = None) -> str:
        """Begin a session and return its id, which is always a new one.

        Args:
            user_id: who has signed in.
            instead_of: the id that the browser had, whose session ends.

        Raises:
            NotNow: it cannot be kept.
        """
        session_id = secrets.token_urlsafe(32)
        new = Session(digest=digest_of(session_id), user=user_id, ends_at=self._wall() + LIFE_S)
        gone = None if instead_of is None else digest_of(instead_of)
        await self._keep(lambda session: session.digest != gone, new)
        return session_id

    async def end(self, session_id: str) -> None:
        """End the session of an id, if there is one.

        Raises:
            NotNow: that cannot be kept.
        """
        digest = digest_of(session_id)
        await self._keep(lambda session: session.digest != digest)

    async def end_all(self, user_id: str, but: str | None = None) -> None:
        """End all sessions of a user, but the one of the id `but`.

        Raises:
            NotNow: that cannot be kept.
        """
        kept = None if but is None else digest_of(but)
        await self._keep(lambda session: session.user != user_id or session.digest == kept)

    def user_of(self, session_id: str) -> str | None:
        """Return the id of the user whose session an id is of; None where it is of none, or of one that has ended."""
        digest, found = digest_of(session_id), None
        for session in self._file.content.sessions:
            if hmac.compare_digest(session.digest, digest) and session.ends_at > self._wall():
                found = session.user
        return found

    async def _keep(self, wanted: Callable[[Session], bool], *new: Session) -> None:
        def edit(content: SessionsFile) -> SessionsFile:
            left = [one for one in content.sessions if one.ends_at > self._wall() and wanted(one)]
            return content.model_copy(update={"sessions": tuple([*left, *new][-MAX_SESSIONS:])})

        await self._file.change(edit)
