"""Counts what is dropped, and says so once of each kind: a flood must not fill the log either."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Final

log = logging.getLogger(__name__)

TOO_LARGE: Final = "a datagram is too large"
MALFORMED: Final = "a datagram is no OSC that is understood here"
STRANGER: Final = "somebody sends who may not"
TOO_MANY: Final = "more is sent than is read"
WRONG_TIME: Final = "a bundle is not for now"
UNKNOWN: Final = "there is no such address"
REFUSED: Final = "a message was not followed"
UNSENT: Final = "the network takes no more"


class Tally:
    """What was dropped since the start.

    Attributes:
        counts: by the kind, one of the constants of this file.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, kind: str, detail: str = "", count: int = 1) -> None:
        """Count; the first of a kind is logged, with its `detail`."""
        if not self.counts[kind]:
            log.warning("osc: %s%s (said once, and counted)", kind, f": {detail}" if detail else "")
        self.counts[kind] += count

    def sum_up(self) -> None:
        """Log the counts, where there are any."""
        if self.counts:
            log.info("osc: since the start: %s", "; ".join(f"{kind}: {n}" for kind, n in self.counts.items()))
