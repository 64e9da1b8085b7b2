"""All checks of the doctor. A new one is its file in `checks/` with its `CHECKS`, and one word here."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings

SUBJECTS: Final = (
    "program",
    "places",
    "models",
    "accelerator",
    "camera",
    "sound",
    "groups",
    "power",
    "card",
    "disk",
    "clock",
    "network",
    "service",
)
"""The files of `checks/`, in the order in which people are shown what they find."""
FOLDER: Final = "soundit_edge.doctor.checks"


def all_checks(subjects: Sequence[str] = SUBJECTS) -> Iterator[Check]:
    """Yield all checks; one that finds a package missing or broken in place of those that cannot be loaded.

    Args:
        subjects: files of `checks/`.
    """
    for subject in subjects:
        try:
            yield from importlib.import_module(f"{FOLDER}.{subject}").CHECKS
        except ImportError as error:  # also of a library of C that is missing or of another machine
            yield Check(subject, _Unloadable(error))


class _Unloadable:
    """The look of checks that could not be loaded."""

    def __init__(self, error: ImportError) -> None:
        self._error = error

    def __call__(self, here: Surroundings) -> Iterable[Finding]:
        text = f"{self._error.name or 'a package'} is missing or broken: {self._error}"
        return [Finding("packages", "bad", text, "install soundit again: its package, or `make setup` in a checkout")]
