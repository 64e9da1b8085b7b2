"""A state that does not flap: it changes once the opposite has been seen for some time."""

from __future__ import annotations


class Steady:
    """Whether something is so, by what was seen again and again.

    Attributes:
        state: whether it is so.
    """

    def __init__(self, on_s: float, off_s: float) -> None:
        """Begin with no.

        Args:
            on_s: seconds for which it has to be seen before it is so.
            off_s: seconds for which the opposite has to be seen before it is not.
        """
        self.state = False
        self._patience = {True: on_s, False: off_s}
        self._since: float | None = None

    def changes(self, seen: bool, now: float) -> bool:
        """Take what is seen at `now`, in seconds; returns whether the state changes with it."""
        if seen == self.state:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        if now - self._since < self._patience[seen]:
            return False
        self.state, self._since = seen, None
        return True
