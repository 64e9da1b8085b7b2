"""The parent's handle on the audio process.

Music is rendered in a process of its own, because one busy Python thread beside it would make it stutter. Both
directions are newest-value snapshots in shared memory: neither process ever waits for the other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music import child, commands, statistics
from soundit_edge.music.commands import Commands
from soundit_edge.music.piece import Piece
from soundit_edge.music.shelf import SHELF_BYTES
from soundit_edge.music.snapshot import Reader, Writer, snapshot_bytes
from soundit_edge.music.statistics import PlayerStatistics
from soundit_edge.music.target import NEUTRAL, MusicTarget

DEFAULT_SEED: Final = 1
MOST_RESTARTS: Final = 20
"""A process that keeps dying has a cause that no new one mends."""
STOP_S: Final = 2.0  # what a stop takes at the very most; usually it is 0.3 s


class PlayerError(SounditError):
    """The audio process died."""


class Player:
    """Plays the theme, morphed to the newest target, to a speaker, in a process of its own."""

    def __init__(
        self,
        speaker: str = "default",
        seconds: float | None = None,
        seed: int = DEFAULT_SEED,
        track: Path | None = None,
    ) -> None:
        """Make ready to play.

        Args:
            speaker: a device's name, "default", "file:OUT.wav" or "off".
            seconds: how long to play, to the sample; None: until stopped.
            seed: of the theme.
            track: a sound file to play in place of the theme.
        """
        self._context = context = multiprocessing.get_context("spawn")
        down = context.RawArray("B", snapshot_bytes(commands.LENGTH))
        up = context.RawArray("B", snapshot_bytes(statistics.LENGTH))
        self._commands = Writer(memoryview(down).cast("B"), commands.LENGTH)
        self._statistics = Reader(memoryview(up).cast("B"), statistics.LENGTH)
        self._target = NEUTRAL
        self._volume = 1.0
        self._arguments = (down, up, context.RawArray("B", SHELF_BYTES), speaker, seconds, seed, track)
        self._make_process()
        self._started = 0.0
        self._stopped = False
        self._restarts = 0
        self._speaker_name: str | None = None
        self.piece: Piece | None = None
        """What is played; None until `ready`."""
        self._failure: SounditError | None = None

    def start(self) -> None:
        """Start the audio process; returns at once. May be called once."""
        self._started = time.monotonic()
        self._launch()

    def restart(self) -> bool:
        """Start a new process in the place of one that died: it goes on where the music was, under what was set last.

        Returns:
            Whether it was started. It is not where none died, or too many have.
        """
        died = isinstance(self.failure, PlayerError) and not self.alive
        if not died or self._stopped or self._restarts >= MOST_RESTARTS:
            return False
        self._restarts += 1
        self._report.close()
        self._failure = self._speaker_name = None
        self._make_process()
        self._launch()
        return True

    def _make_process(self) -> None:
        down, up, shelf, speaker, seconds, seed, track = self._arguments
        self._report, self._there = self._context.Pipe(duplex=False)
        self._process = self._context.Process(
            target=child.main,
            args=(os.getpid(), down, up, shelf, self._there, speaker, seconds, seed, track),
            name="soundit-music",
            daemon=True,
        )

    def _launch(self) -> None:
        resource_tracker.ensure_running()  # it would unblock the signals below, so have it started before
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            self._there.close()

    def ready(self, timeout_s: float = 20.0) -> str:
        """Wait until the speaker is open. Gives what it is called.

        Raises:
            NoSpeaker: the default speaker was asked for, and there is none.
            SounditError: the speaker is not there or cannot be used, or the process died; or it takes too long.
        """
        deadline = time.monotonic() + timeout_s
        while self._speaker_name is None:
            alive = self.alive
            if self.failure is not None:
                raise self.failure
            if not alive and self._speaker_name is None:
                raise PlayerError("the audio process was stopped before it was ready")
            if time.monotonic() > deadline:
                raise PlayerError(f"the audio process is not ready after {timeout_s:g} s")
            self._report.poll(0.05)
        return self._speaker_name

    def set(self, target: MusicTarget) -> None:
        """Set out for `target`; the newest one counts."""
        self._target = target
        self._send()

    def set_volume(self, volume: float) -> None:
        """Set out for a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._volume = min(1.0, max(0.0, volume))
        self._send()

    def statistics(self) -> PlayerStatistics:
        """The newest moment that the audio process told of."""
        newest = self._statistics.read()
        return PlayerStatistics() if newest is None else PlayerStatistics.from_row(newest[1])

    @property
    def first_sound_s(self) -> float | None:
        """Seconds from `start` to the first block that was handed to the speaker; None before."""
        begin = self.statistics().first_sound
        return begin - self._started if begin else None

    @property
    def alive(self) -> bool:
        """Whether the process runs. It ends by itself after its seconds, by `stop` and by failing."""
        return self._process.is_alive()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def failure(self) -> SounditError | None:
        """What ended the process, if it failed."""
        alive = self.alive  # before the report is read: what a process says last is there when it is gone
        self._listen()
        if self._failure is None and not alive and self._process.exitcode:
            self._failure = PlayerError(f"the audio process died (exit code {self._process.exitcode})")
        return self._failure

    def stop(self) -> None:
        """Fade out, finish the file or let go of the device, and end the process. Stopping again does nothing."""
        self._stopped = True
        self._send(stop=True)
        if self._process.pid is None:
            return
        self._process.join(STOP_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _send(self, stop: bool = False) -> None:
        self._commands.write(Commands(self._target, self._volume, stop).to_row())

    def _listen(self) -> None:
        try:
            while self._report.poll():
                message = self._report.recv()
                if isinstance(message, SounditError):
                    self._failure = message
                else:
                    self._speaker_name, self.piece = message
        except (EOFError, OSError):
            pass  # the process is gone; its exit code says how
