"""A source that gives what a test wrote down for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from soundit_edge.capture.capture import Frame, Sound

Step = Frame | Sound | BaseException | Callable[[], None]


class ScriptedCapture:
    """Plays one script for each time that it is opened; after the last one it plays nothing.

    A step of a script is an item to give, an exception to raise, or a function to call. An exception in place of a
    whole script is raised by opening.

    Attributes:
        opened, closed: how often.
    """

    def __init__(self, *scripts: Sequence[Step] | BaseException, live: bool = True, name: str = "scripted") -> None:
        self.name = name
        self.live = live
        self.opened = 0
        self.closed = 0
        self._scripts = list(scripts)
        self._script: Sequence[Step] = ()

    def __enter__(self) -> ScriptedCapture:
        script = self._scripts.pop(0) if self._scripts else ()
        if isinstance(script, BaseException):
            raise script
        self._script = script
        self.opened += 1
        return self

    def __exit__(self, *exc: object) -> None:
        self.closed += 1

    def items(self) -> Iterator[Frame | Sound]:
        for step in self._script:
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, Frame | Sound):
                yield step
            else:
                step()
