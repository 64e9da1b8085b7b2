"""How long caches between a repository and its devices may keep each kind of file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Caching:
    """A kind of file.

    Attributes:
        kind: in words.
        pattern: a regular expression that its paths in the repository match.
        max_age_s: how long a cache may answer without asking, in seconds.
        is_immutable: whether the file at a path never changes.
    """

    kind: str
    pattern: str
    max_age_s: int
    is_immutable: bool

    @property
    def header(self) -> str:
        """Return the value of the `Cache-Control` header."""
        return f"public, max-age={self.max_age_s}{', immutable' if self.is_immutable else ''}"


YEAR_S: Final = 365 * 86400
SOON_S: Final = 300
"""How late devices may see what is new, and a revocation: five minutes at the most."""

CACHING: Final = (
    Caching("`metadata/timestamp.json`, `metadata/root.json`", r"metadata/(timestamp|root)\.json", SOON_S, False),
    Caching(
        "`metadata/N.root.json`, `N.targets.json`, `N.rollout.json`, `N.snapshot.json`",
        r"metadata/\d+\.\w+\.json",
        YEAR_S,
        True,
    ),
    Caching("`targets/`", r"targets/.+", YEAR_S, True),
)
MISSING: Final = Caching("what is not there (404): the next `N.root.json`", r"", SOON_S, False)


def caching_of(path: str) -> Caching:
    """Return the kind of a file of a repository, by its path in it.

    Raises:
        ValueError: it is no file of a repository.
    """
    for caching in CACHING:
        if re.fullmatch(caching.pattern, path):
            return caching
    raise ValueError(f"{path}: no file of a repository")
