"""What a model set on trial may take, and how long a trial lasts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrialLimits:
    """The limits of a trial.

    Attributes:
        check_s: seconds that the check may take: it gives way to everything else on a box that may be slow and busy.
        watch_s: seconds for which the set is watched beside the one in use.
        latency_ms: milliseconds that a call of a model may take whose manifest sets no budget: ten times what the
            slowest of the shipped ones takes on the CPU of a Raspberry Pi 4.
        memory_bytes: by how much the process of the check may grow with the set: a box of 1 GB has this to spare beside
            two sets for as long as a trial lasts.
    """

    check_s: float = 600.0
    watch_s: float = 60.0
    latency_ms: float = 100.0
    memory_bytes: int = 96 << 20
