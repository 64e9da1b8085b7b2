"""Scores films: reads a film and writes the same film with music, with senses and director under the film's clock.

A film's clock counts seconds from the beginning of its file, whatever its first time stamp is.
"""

from __future__ import annotations

from soundit_edge.errors import SounditError


class FilmError(SounditError):
    """A film cannot be scored or written. The message names it and says what to do."""
