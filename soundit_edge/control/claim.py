"""The button by which whoever stands before the device lets it be claimed: the panel presses it, the page asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, Protocol

ClaimState = Literal["claimed", "unclaimed", "open"]
"""Whether somebody has claimed the device; "open": nobody has, and for now it needs no code."""

OPEN_S: Final = 120.0
"""How long after a press the device can be claimed without a code, in seconds."""


class ClaimControl(Protocol):
    """What the button on the device does to the claim."""

    @property
    def claim_state(self) -> ClaimState:
        """Return whether somebody has claimed the device."""
        ...

    def open_claim(self) -> None:
        """Let the device be claimed without a code for `OPEN_S`.

        Raises:
            NotNow: somebody has claimed it.
        """
        ...

    async def reset_claim(self) -> None:
        """Forget all users, their sessions and their tokens, so that the device can be claimed once more.

        Raises:
            NotNow: that cannot be written.
        """
        ...


class ClaimButton:
    """Remembers when it was pressed. A press proves nothing else than that somebody is in the room."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Begin unpressed.

        Args:
            now: gives seconds since any moment; they never go back.
        """
        self._now = now
        self._open_until: float | None = None

    def press(self) -> None:
        """Open the claim for `OPEN_S` from now on."""
        self._open_until = self._now() + OPEN_S

    def release(self) -> None:
        """Close the claim again, because the device has been claimed."""
        self._open_until = None

    @property
    def open(self) -> bool:
        """Return whether the device can be claimed without a code at this moment."""
        return self._open_until is not None and self._now() < self._open_until
