"""Why somebody is not let in. The text of each is one line for whoever asked."""

from __future__ import annotations

from soundit_edge.errors import SounditError


class NotSignedIn(SounditError):
    """Who asks has to say who they are first, or has said it wrongly."""


class TooManyAttempts(SounditError):
    """Too many wrong passwords or codes came lately.

    Attributes:
        retry_s: how many seconds to wait.
    """

    def __init__(self, retry_s: float) -> None:
        self.retry_s = retry_s
        minutes = max(1, round(retry_s / 60))
        wait = f"{max(1, round(retry_s))} seconds" if retry_s < 90 else f"{minutes} minutes"
        super().__init__(f"Too many wrong attempts: wait {wait} and try again.")
