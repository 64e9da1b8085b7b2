"""A Snapcast server as a speaker: the same music in every room, in step. See docs/rooms.md.

The music goes on by our own clock, whether the server is there or not. Clocks that are set by the network (NTP) keep
both computers at the same pace.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from soundit_edge.audio.dither import dithered
from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.audio.snapcast_connection import SnapcastAddress, SnapcastConnection, parse_address
from soundit_edge.audio.speaker import SpeakerError
from soundit_edge.text import reason

log = logging.getLogger(__name__)

LEAD_S: Final = 0.1
"""Seconds of silence that are sent before the music: a block that is late by less is not heard to be late."""
CHUNK_S: Final = 0.02
"""Seconds that a server reads at a time: it counts its buffer from the beginning of what it has read."""
RETRY_S: Final = 1.0
"""Seconds from one attempt to connect to the next."""
PROOF_S: Final = 1.5
"""Only a server that has taken so much sound is known to play it: a part of it, the system takes in its place."""
STALL_S: Final = 5.0
"""A server that has taken nothing for so many seconds is gone."""
_SECOND: Final = RATE * CHANNELS * 2
"""Bytes of a second of sound."""
_LEAD: Final = bytes(round(LEAD_S * RATE) * CHANNELS * 2)


class _Attempt(threading.Thread):
    """One attempt to connect, in a thread of its own, for it may take long.

    Attributes:
        outcome: the connection, or why there is none; None as long as the thread runs.
    """

    def __init__(self, address: SnapcastAddress) -> None:
        super().__init__(name="snapcast", daemon=True)  # a look-up of a name that hangs holds nobody up
        self.outcome: SnapcastConnection | OSError | None = None
        self._address = address
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self._address.connect()
        except OSError as error:
            self.outcome = error


class SnapcastSpeaker:
    """Sends the music to a Snapcast server; while that is away, drops it and looks for the server.

    Attributes:
        name: as the user chooses it.
        underruns: how often sound was dropped because the server took less than it was given.
    """

    is_clock_source = False
    fill = 1.0

    def __init__(self, address: SnapcastAddress, now: Callable[[], float]) -> None:
        """Begin to look for the server; it need not be there.

        Args:
            address: of the server.
            now: returns the seconds of a steady clock.
        """
        self.name = f"snapcast:{address}"
        self.underruns = 0
        self._address = address
        self._now = now
        self._random = np.random.default_rng()
        self._connection: SnapcastConnection | None = None
        self._attempt: _Attempt | None = None
        self._attempt_due = now()
        self._sent_at = 0.0  # when the server took something
        self._full = False  # whether the last block was dropped
        self._trouble = ""  # that was logged, until the server plays again
        self._look()

    @property
    def lost(self) -> bool:
        """Return whether the server is away, or has not yet shown that it plays."""
        return self._connection is None or self._connection.sent < PROOF_S * _SECOND

    @property
    def latency_s(self) -> float:
        """Return how many seconds from now the end of what was written is heard; 0 while the server is away."""
        return 0.0 if self._connection is None else max(0.0, LEAD_S + self._address.buffer_s - CHUNK_S)

    def write(self, block: Stereo) -> None:
        """Send the block, or drop it where the server is away or has no room; never waits. See `Speaker.write`."""
        if self._connection is None:
            self._look()
        if self._connection is None:
            return
        try:
            self._send(self._connection, dithered(block, random=self._random).tobytes())
        except OSError as error:
            self._hang_up(self._connection, reason(error))

    def close(self) -> None:
        """Hang up; the server plays what it was sent to its end. Closing again does nothing."""
        self._attempt_due = float("inf")
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._attempt is not None:
            self._attempt.join(RETRY_S)
            if isinstance(self._attempt.outcome, SnapcastConnection):
                self._attempt.outcome.close()
            self._attempt = None

    def _look(self) -> None:
        """Begin an attempt to connect where one is due, or take the outcome of one that is over."""
        if self._attempt is None:
            if self._now() >= self._attempt_due:
                self._attempt_due = self._now() + RETRY_S
                self._attempt = _Attempt(self._address)
            return
        outcome = self._attempt.outcome
        if outcome is None:
            return
        self._attempt = None
        if isinstance(outcome, OSError):
            self._say(reason(outcome))
            return
        self._connection, self._sent_at, self._full = outcome, self._now(), False

    def _send(self, connection: SnapcastConnection, sound: bytes) -> None:
        before = connection.sent
        had_room = connection.send(sound if before else _LEAD + sound)
        if connection.sent > before:
            self._sent_at = self._now()
        elif self._now() - self._sent_at >= STALL_S:
            raise TimeoutError("it takes no sound; perhaps another device plays to it")
        self.underruns += not (had_room or self._full or self.lost)
        self._full = not had_room
        if self._trouble and not self.lost:
            log.info("%s plays again", self.name)
            self._trouble = ""

    def _hang_up(self, connection: SnapcastConnection, why: str) -> None:
        connection.close()
        self._connection = None
        self._say(why)

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:  # once, not at every attempt
            log.warning("%s cannot be reached: %s", self.name, trouble)
            self._trouble = trouble


def open_snapcast(address: str) -> SnapcastSpeaker:
    """Return a speaker at an address, see `parse_address`; the server need not be there.

    Raises:
        SpeakerError: it is no address.
    """
    return SnapcastSpeaker(parse_address(address), time.monotonic)


def check_snapcast(address: str) -> None:
    """Make sure that a server takes sound at an address; may take many seconds.

    Raises:
        SpeakerError: it is no address, or no server is there.
    """
    try:
        parse_address(address).connect().close()
    except OSError as error:
        raise SpeakerError(
            f"there is no Snapcast server that takes sound at {address}: {reason(error)}; see docs/rooms.md"
        ) from error
