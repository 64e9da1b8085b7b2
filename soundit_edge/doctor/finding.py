"""What a check has found, and what a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from soundit_edge.doctor.surroundings import Surroundings

State = Literal["ok", "note", "bad"]
USUAL_LIMIT_S: Final = 2.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: what.
        state: "ok"; "note": the device runs, and could run better; "bad": something has to be mended.
        text: what was found, one sentence.
        mend: how to mend it, one sentence or a command; "" where there is nothing to mend.
    """

    subject: str
    state: State
    text: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One look at one subject.

    Attributes:
        subject: what is looked at; of the finding where the look fails or takes too long, too.
        look: finds; it may raise `SounditError` or `OSError`, which then is what was found.
        limit_s: seconds after which nobody waits for it any more.
    """

    subject: str
    look: Callable[[Surroundings], Iterable[Finding]]
    limit_s: float = USUAL_LIMIT_S
