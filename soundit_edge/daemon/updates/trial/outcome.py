"""What a trial of a model set says of itself: how far it is, and how it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """How far a trial is.

    Attributes:
        stage: "checking" (in a process of its own) or "watching" (beside the set in use).
        done: share of the stage, 0 to 1.
        set_id: the set.
    """

    stage: Literal["checking", "watching"]
    done: float
    set_id: str


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """How a trial has ended.

    Attributes:
        set_id: the set.
        kept: whether it is in use now.
        why: in one or two sentences for the user: why it is not, or what is to be known of it; "" where there is
            nothing to be said.
    """

    set_id: str
    kept: bool
    why: str
