"""A film in, the same film with music out: the whole device under a film's clock.

A film's clock counts seconds from the beginning of its file, whatever its time stamps begin with.
"""

from __future__ import annotations

from soundit_edge.errors import SounditError


class FilmError(SounditError):
    """A film cannot be scored or written. The message names it and says what to do."""
