"""What can go wrong in a way that the user can mend."""

from __future__ import annotations


class SounditError(Exception):
    """Base of all expected failures. Its text is one clear line for the user: what is wrong and what to do."""
