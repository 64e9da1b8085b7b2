"""Safe mode as the page asks for it: music and page only, for a device that does not work as it should."""

from __future__ import annotations

from typing import Protocol


class SafeModeControl(Protocol):
    """Lets the device start again, in safe mode or out of it."""

    @property
    def safe_mode(self) -> bool:
        """Return whether this start is in safe mode."""
        ...

    def set_safe_mode(self, on: bool) -> None:
        """Let the device start again soon.

        Args:
            on: whether in safe mode, which lasts until somebody leaves it or starts the device again.

        Raises:
            NotNow: it is so already, or it cannot be remembered.
        """
        ...
