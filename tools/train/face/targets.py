"""Labels that are doubtful, and how a network's own answers come to correct them while it learns.

The targets are bootstrapped (Reed et al. 2015) with the running mean of what the network answered to a picture in the
epochs before (temporal ensembling, Laine & Aila 2017).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

OWN_SAY: Final = 0.4
"""How much the network's own answers count against the label in the end."""
OWN_FROM, OWN_FULL = 0.3, 0.7
"""From which share of the epochs on they count, and from which on in full."""
REMEMBERED: Final = 0.7
"""Weight of the answers before in their running mean, as against the newest."""


class Targets:
    """What each picture is taken to show: its label, and by and by what the network answered to it before.

    Attributes:
        answers: float32 [n, classes], the running mean of the network's answers; the labels before the first.
    """

    def __init__(self, shares: npt.NDArray[np.float32], taught: bool = False) -> None:
        """Take the labels as shares of the classes [n, classes].

        Args:
            shares: one 1 in each row, or voters' shares.
            taught: that answers of a trained network will be put in before the start, which count at once.
        """
        self._shares = shares
        self._taught = taught
        self.answers = shares.copy()

    def of(self, rows: npt.NDArray[np.int64], done: float) -> npt.NDArray[np.float32]:
        """Return shares of the labels [len(rows), classes], `done` (0 to 1) of the way through the training."""
        own = OWN_SAY if self._taught else OWN_SAY * min(1.0, max(0.0, (done - OWN_FROM) / (OWN_FULL - OWN_FROM)))
        return np.asarray((1 - own) * self._shares[rows] + own * self.answers[rows], dtype=np.float32)

    def remember(self, rows: npt.NDArray[np.int64], answers: npt.NDArray[np.float32]) -> None:
        """Take in the network's probabilities [len(rows), classes] for those pictures."""
        self.answers[rows] = REMEMBERED * self.answers[rows] + (1 - REMEMBERED) * answers
