"""One capture kept running: opened, paced by the clock where it is a recording, reopened where it was lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Final, Literal

from soundit_edge.capture.capture import Capture, CaptureLost, Frame, Sound
from soundit_edge.daemon.ways.picture_watch import PictureWatch
from soundit_edge.errors import SounditError

log = logging.getLogger(__name__)

Role = Literal["camera", "microphone", "clip", "demo"]
State = Literal["on", "off", "lost", "stand-in"]

RETRY_S: Final = 1.0
"""Seconds after which a capture that was lost is looked for."""
MAX_RETRY_S: Final = 30.0
"""The longest of these, where it grows: to a computer elsewhere that does not answer, each time twice as long."""
LARGEST_LAG: Final = 1.0
"""A recording that has fallen behind by more is shown late from there on, instead of hurrying after the clock."""


class CaptureWorker:
    """Delivers what a capture gives, at its time, until stopped."""

    def __init__(
        self,
        role: Role,
        capture: Capture,
        deliver: Callable[[Frame | Sound], None],
        now: Callable[[], float],
        *,
        note: str = "",
        patient: bool = False,
        backs_off: bool = False,
        lit: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Make a worker; nothing is opened before `run`.

        Args:
            role: what it is for the device.
            capture: what is read.
            deliver: takes each item, stamped with the daemon's time; must not wait.
            now: the daemon's clock.
            note: one sentence for the user.
            patient: whether a capture that cannot be opened at first is looked for as one that was lost.
            backs_off: whether it is looked for less and less often, up to every `MAX_RETRY_S`.
            lit: entered before the capture is opened and left once it is closed: it shows that somebody may be sensed.
        """
        self.role: Role = role
        self.state: State = "stand-in" if role == "demo" else "on"
        self.note = note
        self._usual = self.state, note
        self._capture = capture
        self._deliver = deliver
        self._now = now
        self._patient = patient
        self._max_retry_s = MAX_RETRY_S if backs_off else RETRY_S
        self._retry_s = RETRY_S
        self._lit = lit
        self._stopped = threading.Event()
        self.is_open = False
        """Whether the capture is open."""
        self.ended = False
        """Whether `run` has ended."""
        self.steps = 0
        """How many items and attempts to open there were: a thread that hangs in a driver counts no further."""
        self.opened: Future[None] = Future()
        """Done once the capture was opened for the first time or is looked for, or failed with the reason why it cannot
        be opened."""

    @property
    def name(self) -> str:
        """Return the name of the capture."""
        return self._capture.name

    def give_up(self, note: str) -> None:
        """Mark this source as off, because it could not be opened."""
        self.state, self.note = "off", note

    def run(self) -> None:
        """Deliver until `stop`, or to the capture's end; a capture that was lost is looked for until it is back."""
        try:
            self._run()
        finally:
            self.ended = True

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.steps += 1
            try:
                self._read()
                if not self._capture.live:
                    return
            except SounditError as error:
                if not self.opened.done():
                    if not self._patient:
                        self.opened.set_exception(error)
                        return
                    self.opened.set_result(None)
                elif not (self._capture.live or self._patient or isinstance(error, CaptureLost)):
                    raise
                if self.state != "lost":
                    log.warning("%s", error)
                self.state, self.note = "lost", str(error)
                self._stopped.wait(self._retry_s)
                self._retry_s = min(2 * self._retry_s, self._max_retry_s)
            except BaseException as error:
                if not self.opened.done():
                    self.opened.set_exception(error)
                    return
                raise

    def stop(self) -> None:
        """Make `run` return soon."""
        self._stopped.set()

    def _read(self) -> None:
        """Open the capture, deliver until it ends, and close it."""
        try:
            with self._lit(), self._capture as capture:
                self.is_open = True
                self._on_opened()
                if not self._stopped.is_set():  # opening may take seconds
                    self._deliver_all(capture)
        finally:
            self.is_open = False

    def _on_opened(self) -> None:
        if self.state == "lost":
            log.info("%s is back", self._capture.name)
        self.state, self.note = self._usual
        if not self.opened.done():
            self.opened.set_result(None)

    def _deliver_all(self, capture: Capture) -> None:
        begin = self._now()
        picture = PictureWatch(capture.name)
        for item in capture.items():
            self.steps += 1
            self._retry_s = RETRY_S
            if capture.live and isinstance(item, Frame):
                picture.see(item)
                self.note = picture.note or self._usual[1]
                if not picture.readable and not self._stopped.is_set():
                    continue  # what the senses read of it before fades, as that of a room which nobody looks at
            if not capture.live:
                lag = self._now() - (begin + item.t)
                if lag > LARGEST_LAG:
                    begin += lag
                self._stopped.wait(max(0.0, -lag))
                item = replace(item, t=begin + item.t)
            if self._stopped.is_set():
                return
            self._deliver(item)
