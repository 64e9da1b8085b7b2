"""Everything that decides who may do what, put together over one folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.control.actor import Actor
from soundit_edge.control.claim import ClaimButton, ClaimState
from soundit_edge.control.refusals import NotNow
from soundit_edge.page.auth.accounts import Accounts, AccountsFile
from soundit_edge.page.auth.claim import Claim
from soundit_edge.page.auth.gate import Gate
from soundit_edge.page.auth.passwords import DEVICE_COST, HashCost, Passwords
from soundit_edge.page.auth.rate_limit import RateLimit
from soundit_edge.page.auth.sessions import Sessions, SessionsFile
from soundit_edge.page.auth.tokens import Tokens
from soundit_edge.page.state_file import StateFile
from soundit_edge.settings import PageSettings

ACCOUNTS_FILE: Final = "accounts.json"
SESSIONS_FILE: Final = "sessions.json"


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where the time comes from.

    Attributes:
        now: gives seconds since any moment; they never go back.
        wall: gives the time of day, in seconds since 1970; it may jump.
    """

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


class Access:
    """Users, sessions, tokens, the claim, and the gate that asks them all."""

    def __init__(
        self,
        folder: Path | None = None,
        page: Callable[[], PageSettings] = PageSettings,
        *,
        set_lock: Callable[[bool, Actor], None] | None = None,
        announce: Callable[[str], None] = lambda code: None,
        clocks: Clocks = Clocks(),
        cost: HashCost = DEVICE_COST,
        button: ClaimButton | None = None,
    ) -> None:
        """Read what is kept.

        Args:
            folder: where accounts and sessions lie; None: they are forgotten at the end.
            page: gives the page's settings in force.
            set_lock: turns the kiosk lock on or off in these settings; None: they cannot be changed.
            announce: shows the claim's code to whoever stands before the device.
            clocks: where the time comes from.
            cost: what the hash of a password costs.
            button: opens the claim; None: the device has none.

        Raises:
            StateFileError: a file is there and cannot be read.
        """
        accounts = StateFile(None if folder is None else folder / ACCOUNTS_FILE, AccountsFile())
        sessions = StateFile(None if folder is None else folder / SESSIONS_FILE, SessionsFile())
        self.page = page
        """Gives the page's settings in force."""
        self._set_lock = set_lock
        self._files = accounts, sessions
        self.accounts = Accounts(accounts, Passwords(cost))
        self.tokens = Tokens(accounts, clocks.wall)
        self.sessions = Sessions(sessions, clocks.wall)
        self.claim = Claim(button or ClaimButton(clocks.now), announce)
        self.attempts = RateLimit(clocks.now)
        self.gate = Gate(self._files, self.accounts, self.sessions, self.tokens, self.claim, page)

    @property
    def claim_state(self) -> ClaimState:
        """Return whether somebody has claimed the device; see `ClaimControl`."""
        return self.claim.state

    def open_claim(self) -> None:
        """Let the device be claimed without a code for a while; see `ClaimControl`."""
        self.gate.refresh()
        if self.accounts.claimed:
            raise NotNow("This device has been claimed already: sign in.")
        self.claim.button.press()

    async def reset_claim(self) -> None:
        """Forget everybody; see `ClaimControl`."""
        accounts, sessions = self._files
        await accounts.change(lambda before: AccountsFile())
        await sessions.change(lambda before: SessionsFile())
        self.gate.refresh()

    def lock_kiosk(self, locked: bool, by: Actor) -> None:
        """Let nobody but administrators change anything, or let everybody do again what their role lets them.

        Raises:
            NotNow: nobody could unlock it, or settings cannot be changed here.
        """
        if not self.accounts.claimed:
            raise NotNow("Claim this device first: nobody could unlock it.")
        if self._set_lock is None:
            raise NotNow("The settings of this device cannot be changed.")
        self._set_lock(locked, by)
