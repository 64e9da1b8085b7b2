"""What fingers mean: presses and long presses out of edges that bounce. Time is an argument, and nothing waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

BOUNCE_S: Final = 0.02
"""A level counts once it has lasted so long: contacts bounce for a few milliseconds."""
STUCK_S: Final = 30.0
"""A button that is down for longer is stuck: it neither counts nor hinders others until it is released."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A button was pressed or released, or bounced.

    Attributes:
        button: its name.
        pressed: whether it is pressed from now on.
        t: when, in seconds of a clock that never goes back.
    """

    button: str
    pressed: bool
    t: float


class Length(Enum):
    """How long a button was pressed."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed on purpose."""

    button: str
    length: Length


class _Button:
    """One button, with its bounces taken out.

    Attributes:
        level: what its pin said last.
        down_since: since when it is down; None: it is not.
        spent: whether this press counts no more: it has counted, or another button came down beside it.
    """

    def __init__(self, long_s: float | None, pressed: bool, t: float) -> None:
        self._long_s = long_s
        self.level, self._level_since = pressed, t
        # Nobody saw it go down: it is taken for stuck.
        self.down_since = t - STUCK_S if pressed else None
        self.spent = pressed

    def take(self, pressed: bool, t: float) -> None:
        if pressed != self.level:
            self.level, self._level_since = pressed, t

    def step(self, t: float, held: bool) -> Length | None:
        """Return how long the button was pressed, where that is known at `t`.

        Args:
            t: the moment.
            held: whether one that is down at that moment is known to be held.
        """
        if self.level != (self.down_since is not None) and t - self._level_since >= BOUNCE_S:
            if self.level:
                self.down_since, self.spent = self._level_since, False
            else:
                self.down_since, counts = None, not self.spent
                return Length.SHORT if counts else None
        if not self.level or self.spent or self.down_since is None:
            return None
        if held and self._long_s is not None and t - self.down_since >= self._long_s:
            self.spent = True
            return Length.LONG
        self.spent = t - self.down_since >= STUCK_S
        return None

    def is_held(self, t: float) -> bool:
        return self.down_since is not None and t - self.down_since < STUCK_S

    def due_at(self) -> float | None:
        """Return when the next step may have something to say, if no edge comes before."""
        if self.level != (self.down_since is not None):
            return self._level_since + BOUNCE_S
        if self.down_since is None or self.spent:
            return None
        return self.down_since + (STUCK_S if self._long_s is None else self._long_s)


class Buttons:
    """All buttons of the panel. Of two that are down at once neither counts: somebody wipes or carries the box."""

    def __init__(self, long_s: Mapping[str, float | None], pressed: Mapping[str, bool], t: float) -> None:
        """Begin. A button that is down already counts from when it is pressed next.

        Args:
            long_s: by name of the button, after how many seconds it has been pressed long; None: it knows one length.
            pressed: which are down.
            t: the moment.
        """
        self._buttons = {name: _Button(after, pressed[name], t) for name, after in long_s.items()}

    def take(self, edge: Edge) -> list[Press]:
        """Take an edge, and return what had been pressed before it."""
        presses = self._step(edge.t, held=False)
        self._buttons[edge.button].take(edge.pressed, edge.t)
        return presses

    def confirm(self, button: str, pressed: bool, t: float) -> None:
        """Take what a pin says at the moment `t`, before `step`: an edge may have been lost."""
        self._buttons[button].take(pressed, t)

    def step(self, t: float) -> list[Press]:
        """Return what has been pressed up to the moment `t`, and what has been held for long until then."""
        return self._step(t, held=True)

    def _step(self, t: float, *, held: bool) -> list[Press]:
        presses = []
        for name, button in self._buttons.items():
            was_down = button.down_since is not None
            length = button.step(t, held)
            if not was_down and button.down_since is not None:
                self._cancel_beside(name, t)
            if length is not None:
                presses.append(Press(name, length))
        return presses

    def held_s(self, name: str, t: float) -> float:
        """Return for how many seconds a button has been down that has not counted yet; 0 where it is not."""
        button = self._buttons[name]
        return 0.0 if button.down_since is None or button.spent else t - button.down_since

    def due_at(self) -> float | None:
        """Return when `step` may next have something to say, if no edge comes before; None: never."""
        return min((due for one in self._buttons.values() if (due := one.due_at()) is not None), default=None)

    def _cancel_beside(self, name: str, t: float) -> None:
        others = [one for other, one in self._buttons.items() if other != name and one.is_held(t)]
        for button in others:
            button.spent = True
        if others:
            self._buttons[name].spent = True
