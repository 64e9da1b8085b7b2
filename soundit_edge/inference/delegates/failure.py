"""What can go wrong with an accelerator."""

from __future__ import annotations

from enum import StrEnum

from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.text import presentable


class Failure(StrEnum):
    """A kind of failure; the values stand in the cache of verdicts."""

    ABSENT = "absent"
    """A file is not there, or its place is not known."""
    UNUSABLE = "unusable"
    """The library is no library, or no delegate."""
    REFUSED = "refused"
    """The library makes no delegate: most often no device is plugged in."""
    CRASHED = "crashed"
    HUNG = "hung"
    FAILED = "failed"
    """It says itself that it could not do what it was asked for."""
    WRONG = "wrong"
    """Its answers differ from the right ones, in value or in shape."""

    @property
    def lasts(self) -> bool:
        """Return whether trying it again promises nothing before the library or the models change."""
        return self in (Failure.UNUSABLE, Failure.CRASHED, Failure.HUNG)


class DelegateError(InferenceError):
    """An accelerator cannot be used.

    Attributes:
        failure: the kind of failure.
    """

    def __init__(self, failure: Failure, text: str) -> None:
        """Describe the failure in one line."""
        super().__init__(presentable(text))
        self.failure = failure

    def __reduce__(self) -> tuple[type[DelegateError], tuple[Failure, str]]:
        """Say how this is sent from process to process."""
        return DelegateError, (self.failure, str(self))
