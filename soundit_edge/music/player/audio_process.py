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
    from soundit_edge.music.morph.transition import Transition

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
    """Play until told to stop. What `report` gets: the speaker's name once it is open, and an exception if one ends it.

    Args:
        parent: the parent's process id; when it is gone, so are we.
        commands_memory: shared memory that the parent writes `Commands` to.
        statistics_memory: shared memory for `PlayerStatistics`; what a process before has told there is gone on from.
        tracks: where the parent hands tracks over: a number, a title and how it comes in, with the shelf's file; or a
            seed in place of the title, to compose. The first one is played from the start on, the others are gone over
            to. Commands are written after it, or it is not looked at.
        report: the way back to the parent.
        speaker: what `open_speaker` takes.
        seconds: how long to play, or None.
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
    """Whether the parent is dead or SIGTERM came (systemd sends it to all processes of a service at once)."""

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
    from soundit_edge.music.player.render_loop import RenderLoop, Time
    from soundit_edge.music.player.resume import resume_engine
    from soundit_edge.music.player.statistics import PlayerStatistics

    newest = Reader(memoryview(commands_memory).cast("B"), commands.LENGTH)
    memory = memoryview(statistics_memory).cast("B")
    last = Reader(memory, statistics.LENGTH).read()
    told = Writer(memory, statistics.LENGTH)

    def stopped() -> bool:
        row = newest.read()
        return stop() or (row is not None and Commands.from_row(row[1]).stop)

    # The track first: an open device that is not written to would run dry while it is made ready.
    first = _wait_for_first_track(tracks, stopped)
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
    # What is here now stays; the collector need not look at it again, which would make blocks late.
    gc.collect()
    gc.freeze()
    speaker = open_speaker(speaker_name)
    try:
        _report(report, speaker.name)
        clock = Time(time.monotonic, time.process_time, time.sleep)
        RenderLoop(engine, speaker, newest, told, clock, number, lambda: _handed_over(tracks), before).run(
            stop, seconds
        )
    finally:
        speaker.close()


def _wait_for_first_track(tracks: Connection, stopped: Callable[[], bool]) -> tuple[int, OpenDeck] | None:
    """Wait for the first track; None if told to stop before."""
    while not stopped():
        select.select([tracks], [], [], _LOOK_S)
        if (handed := _handed_over(tracks)) is not None:
            return handed[:2]
    return None


def _handed_over(tracks: Connection) -> tuple[int, OpenDeck, Transition | None] | None:
    """The next track that the parent has handed over, with its number and how it comes in; None where there is none."""
    from soundit_edge.music.player import fd_channel, shared_track

    try:
        taken = fd_channel.receive(tracks)
    except EOFError:
        return None
    if taken is None:
        return None
    (number, what, transition), descriptor = taken
    if descriptor is None:
        from soundit_edge.music.compose.composition import Composition
        from soundit_edge.music.morph.composed_deck import open_composition
        from soundit_edge.music.synth.open_synth import open_synth

        return number, open_composition(Composition(what, open_synth())), transition
    from soundit_edge.music.morph.deck import open_track

    try:
        return number, open_track(shared_track.attach(descriptor, what)), transition
    finally:
        os.close(descriptor)


def _report(report: Connection, message: str | SounditError) -> None:
    """Tell the parent, if it still listens."""
    with contextlib.suppress(OSError):
        report.send(message)


def _raise_priority() -> None:
    """Go before other processes, as far as we may: sound is the only thing here that cannot wait."""
    with contextlib.suppress(OSError):
        os.nice(-_PRIORITY)
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
