"""Whom a piece of composed music is written for."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Ensemble(StrEnum):
    """The kinds of players, by the names that options and settings have for them."""

    CHAMBER = "chamber"
    ELECTRONIC = "electronic"
    BAND = "band"


AUTO: Final = "auto"
"""The name of leaving it to the seed."""


def ensemble_named(name: str) -> Ensemble | None:
    """Return the ensemble of a setting; None for `AUTO`.

    Raises:
        ValueError: there is no such ensemble.
    """
    return None if name == AUTO else Ensemble(name)
