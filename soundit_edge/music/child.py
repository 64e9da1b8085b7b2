"""The audio process. Nothing heavy is imported before it runs: this module is read by its parent, too."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from multiprocessing.connection import Connection
from typing import Any, Final

from soundit_edge.errors import SounditError

_PRIORITY: Final = 10


def main(
    parent: int,
    commands_memory: Any,
    statistics_memory: Any,
    report: Connection,
    speaker: str,
    seconds: float | None,
    seed: int,
) -> None:
    """Play until told to stop. What `report` gets: the speaker's name once it is open, and an exception if one ends it.

    Args:
        parent: the parent's process id; when it is gone, so are we.
        commands_memory: shared memory that the parent writes `Commands` to.
        statistics_memory: shared memory for `PlayerStatistics`.
        report: the way back to the parent.
        speaker: what `open_speaker` takes.
        seconds: how long to play, or None.
        seed: of the theme.
    """
    stop = _StopSignal(parent)
    # One core is all that this process may have; the pools of the numerical libraries would only cost memory.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    try:
        _play(commands_memory, statistics_memory, report, speaker, seconds, seed, stop)
    except SounditError as error:
        _tell(report, error)
    except Exception as error:
        _tell(report, SounditError(f"the music stopped: {type(error).__name__}: {error}"))


class _StopSignal:
    """Whether the parent is dead or SIGTERM came (systemd sends it to all processes of a service at once)."""

    def __init__(self, parent: int) -> None:
        # The parent left both signals blocked when it started us, so that none could hit a half-made interpreter.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._terminate)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
        self._parent = parent
        self._terminated = False

    def _terminate(self, *_: object) -> None:
        self._terminated = True

    def __call__(self) -> bool:
        return self._terminated or os.getppid() != self._parent


def _play(
    commands_memory: Any,
    statistics_memory: Any,
    report: Connection,
    speaker_name: str,
    seconds: float | None,
    seed: int,
    stop: _StopSignal,
) -> None:
    from soundit_edge.music import commands, statistics
    from soundit_edge.music.compose.theme import theme
    from soundit_edge.music.morph.engine import MorphEngine
    from soundit_edge.music.playback import Playback, Time
    from soundit_edge.music.snapshot import Reader, Writer
    from soundit_edge.music.speaker import open_speaker

    # The theme first: an open device that is not written to would run dry while we compose.
    engine = MorphEngine(theme(seed))
    newest = Reader(memoryview(commands_memory).cast("B"), commands.LENGTH)
    told = Writer(memoryview(statistics_memory).cast("B"), statistics.LENGTH)
    # What is here now stays; the collector need not look at it again, which would make blocks late.
    gc.collect()
    gc.freeze()
    _hurry()
    speaker = open_speaker(speaker_name)
    try:
        _tell(report, speaker.name)
        clock = Time(time.monotonic, time.process_time, time.sleep)
        Playback(engine, speaker, newest, told, clock).run(stop, seconds)
    finally:
        speaker.close()


def _tell(report: Connection, message: str | SounditError) -> None:
    """Tell the parent, if it still listens."""
    with contextlib.suppress(OSError):
        report.send(message)


def _hurry() -> None:
    """Go before other processes, as far as we may: sound is the only thing here that cannot wait."""
    with contextlib.suppress(OSError):
        os.nice(-_PRIORITY)
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
