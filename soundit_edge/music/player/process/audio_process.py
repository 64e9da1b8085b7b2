"""The audio process. Nothing heavy is imported before it runs: this module is read by its parent, too."""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

from soundit_edge import logfile
from soundit_edge.errors import SounditError
from soundit_edge.text import reason

if TYPE_CHECKING:
    from soundit_edge.music.morph.deck_protocol import OpenDeck
    from soundit_edge.music.player.process.incoming import IncomingDecks

_PRIORITY: Final = 10
_LOOK_S: Final = 0.05


def main(
    parent: int,
    commands_memory: Any,
    statistics_memory: Any,
    tracks: Connection,
    report: Connection,
    speaker: str,
    seconds: float | None,
) -> None:
    """Play until the parent, a signal or the time limit ends it.

    `report` gets the speaker's name once the speaker is open, and a `SounditError` if one ends the process.

    Args:
        parent: the parent's process id; this process ends when the parent is gone.
        commands_memory: shared memory that the parent writes `Commands` to.
        statistics_memory: shared memory for `PlayerStatistics`; where an earlier process has published some, playback
            resumes from them.
        tracks: an end of `fd_channel.pair` over which the parent sends (number, source, title, transition),
            with the open file of a shared track unless the source is composed. The first track is played from
            its start, each later one is crossfaded to.
        report: the connection back to the parent.
        speaker: the name that `open_speaker` takes.
        seconds: how long to play, or None for no limit.
    """
    stop = _StopSignal(parent)
    _raise_priority()  # first: while this imports what it needs, there is silence
    logfile.start()
    # One core is all that this process may have; the pools of the numerical libraries would only cost memory.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    try:
        _play(commands_memory, statistics_memory, tracks, report, speaker, seconds, stop)
    except SounditError as error:
        _report(report, error)
    except OSError as error:
        _report(report, SounditError(f"the music stopped: {reason(error)}"))
    except Exception as error:
        _report(report, SounditError(f"the music stopped: {type(error).__name__}: {error}"))


class _StopSignal:
    """Knows whether the parent is dead or SIGTERM came (systemd sends it to all processes of a service at once)."""

    def __init__(self, parent: int) -> None:
        # The parent left the signals blocked when it started us, so that none could hit a half-made interpreter. It is
        # the one that acts on Ctrl-C and on a closed terminal.
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._terminate)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
        self._parent = parent
        self._terminated = False

    def _terminate(self, *_: object) -> None:
        self._terminated = True

    def __call__(self) -> bool:
        return self._terminated or os.getppid() != self._parent


def _play(
    commands_memory: Any,
    statistics_memory: Any,
    tracks: Connection,
    report: Connection,
    speaker_name: str,
    seconds: float | None,
    stop: _StopSignal,
) -> None:
    from soundit_edge.audio.open_speaker import open_speaker
    from soundit_edge.music.morph.engine import MorphEngine
    from soundit_edge.music.player import commands, statistics
    from soundit_edge.music.player.commands import Commands
    from soundit_edge.music.player.double_buffer import Reader, Writer
    from soundit_edge.music.player.process.incoming import IncomingDecks
    from soundit_edge.music.player.process.render_loop import RenderLoop, Time
    from soundit_edge.music.player.process.resume import resume_engine
    from soundit_edge.music.player.statistics import PlayerStatistics

    command_reader = Reader(memoryview(commands_memory).cast("B"), commands.LENGTH)
    memory = memoryview(statistics_memory).cast("B")
    last = Reader(memory, statistics.LENGTH).read()
    statistics_writer = Writer(memory, statistics.LENGTH)

    def stopped() -> bool:
        row = command_reader.read()
        return stop() or (row is not None and Commands.from_row(row[1]).stop)

    # The track first: an open device that is not written to would run dry while it is made ready.
    incoming = IncomingDecks(tracks)
    first = _wait_for_first_track(tracks, incoming, stopped)
    if first is None:
        return
    number, open_deck = first
    before = None
    if last is None:
        engine = MorphEngine(open_deck(None))
    else:
        before = PlayerStatistics.from_row(last[1])
        engine = resume_engine(open_deck, before.bars, before.in_force)
        engine.set_volume(before.volume)
    # The objects made so far live as long as the process: the collector must not scan them again and make blocks late.
    gc.collect()
    gc.freeze()
    speaker = open_speaker(speaker_name)
    try:
        _report(report, speaker.name)
        clock = Time(time.monotonic, time.process_time, time.sleep)
        loop = RenderLoop(engine, speaker, command_reader, statistics_writer, clock, number, incoming, before)
        loop.run(stop, seconds)
    finally:
        speaker.close()


def _wait_for_first_track(
    tracks: Connection, incoming: IncomingDecks, stopped: Callable[[], bool]
) -> tuple[int, OpenDeck] | None:
    """Wait for the first track and its number; return None if a stop is asked for before."""
    while not stopped():
        select.select([] if incoming.opening else [tracks], [], [], _LOOK_S)
        if (received := incoming()) is not None:
            return received[:2]
    return None


def _report(report: Connection, message: str | SounditError) -> None:
    """Send a message to the parent; a parent that no longer listens is no error."""
    with contextlib.suppress(OSError):
        report.send(message)


def _raise_priority() -> None:
    """Raise this process's priority as far as the system allows: sound is the only work here that cannot wait."""
    with contextlib.suppress(OSError):
        os.nice(-_PRIORITY)
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
