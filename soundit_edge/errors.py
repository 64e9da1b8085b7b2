"""The base class of errors that are expected and that the user can correct."""

from __future__ import annotations


class SounditError(Exception):
    """Base of all expected errors. Its text is one clear line for the user: what is wrong and what to do."""
