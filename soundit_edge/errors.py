"""The base class of errors that are expected and that the user can correct."""

from __future__ import annotations


class SounditError(Exception):
    """Base of all expected errors. Its text is one clear line for the user: what is wrong and what to do."""


def first_of(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first of the failures in a group, however deep it lies in groups of groups."""
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
