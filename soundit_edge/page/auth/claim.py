"""The claim: the first administrator proves to stand before the device, by its code or by its button."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from soundit_edge.control.claim import ClaimButton, ClaimState

ALPHABET: Final = "ACDEFGHJKMNPQRTUVWXY34679"
"""Characters that nobody takes for another one: no 0 and O, no 1, I and L, no 2 and Z, no 5 and S, no 8 and B."""
LENGTH: Final = 8


class Claim:
    """Has the code while nobody has claimed the device: another one at each start, kept nowhere."""

    def __init__(self, button: ClaimButton, announce: Callable[[str], None]) -> None:
        """Have no code yet.

        Args:
            button: opens the claim without a code.
            announce: shows a new code to whoever stands before the device; it must be written to no file.
        """
        self.button = button
        """Opens the claim without a code."""
        self._announce = announce
        self._code: str | None = None

    @property
    def code(self) -> str | None:
        """Return the code as it is shown, such as "ACDE-3467"; None where the device is claimed."""
        return self._code

    @property
    def state(self) -> ClaimState:
        """Return whether somebody has claimed the device."""
        if self._code is None:
            return "claimed"
        return "open" if self.button.open else "unclaimed"

    def follow(self, claimed: bool) -> None:
        """Have a code exactly while the device is not claimed, and announce a new one."""
        if claimed:
            self._code = None
            self.button.release()
        elif self._code is None:
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            self._code = f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
            self._announce(self._code)

    def admits(self, code: str) -> bool:
        """Return whether somebody who gives this code, or none, may claim the device now."""
        if self._code is None:
            return False
        given = "".join(code.upper().replace("-", " ").split()).encode()
        return hmac.compare_digest(given, self._code.replace("-", "").encode()) or self.button.open
