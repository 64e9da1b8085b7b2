"""The script of a soak: which fault comes when and for how long, the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

CALM_S: Final = 60.0
"""Seconds without faults at the beginning and at the end."""
BETWEEN_S: Final = (10.0, 40.0)
"""From the end of one fault to the beginning of the next, from and to."""
KINDS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "speaker": (3.0, 15.0),
        "music": (1.0, 1.0),
        "page": (3.0, 8.0),
        "processor": (5.0, 25.0),
        "broker": (10.0, 40.0),
        "disk": (10.0, 40.0),
        "clock": (10.0, 60.0),
        "accelerator": (5.0, 20.0),
    }
)
"""How long a fault of each kind lasts, in seconds, from and to."""


@dataclass(frozen=True, slots=True)
class ScriptedFault:
    """One fault.

    Attributes:
        kind: one of `KINDS`.
        begin_s: seconds from the beginning.
        end_s: when it is over.
    """

    kind: str
    begin_s: float
    end_s: float


def script(seconds: float, seed: int) -> list[ScriptedFault]:
    """Return the faults of so many seconds, one after the other, each kind about as often as any other.

    Args:
        seconds: how long the soak takes.
        seed: another one is another script.
    """
    random = np.random.default_rng(seed)
    faults: list[ScriptedFault] = []
    kinds: list[str] = []
    t = CALM_S
    while True:
        if not kinds:
            kinds = [str(kind) for kind in random.permutation(list(KINDS))]
        kind = kinds.pop()
        begin = t + float(random.uniform(*BETWEEN_S))
        end = begin + float(random.uniform(*KINDS[kind]))
        if end > seconds - CALM_S:
            return faults
        faults.append(ScriptedFault(kind, begin, end))
        t = end
