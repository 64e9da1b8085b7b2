"""The audio process. Nothing heavy is imported before it runs: this module is read by its parent, too."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from soundit_edge.errors import SounditError

_PRIORITY: Final = 10


def main(
    parent: int,
    commands_memory: Any,
    statistics_memory: Any,
    track_memory: Any,
    report: Connection,
    speaker: str,
    seconds: float | None,
    seed: int,
    track_path: Path | None,
) -> None:
    """Play until told to stop. What `report` gets: the speaker's name and the piece once it is open, and an
    exception if one ends it.

    Args:
        parent: the parent's process id; when it is gone, so are we.
        commands_memory: shared memory that the parent writes `Commands` to.
        statistics_memory: shared memory for `PlayerStatistics`; what a process before has told there is gone on from.
        track_memory: shared memory for the track, of `SHELF_BYTES`.
        report: the way back to the parent.
        speaker: what `open_speaker` takes.
        seconds: how long to play, or None.
        seed: of the theme.
        track_path: a sound file to play in place of the theme.
    """
    stop = _StopSignal(parent)
    # One core is all that this process may have; the pools of the numerical libraries would only cost memory.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    try:
        _play(commands_memory, statistics_memory, track_memory, report, speaker, seconds, seed, track_path, stop)
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
    track_memory: Any,
    report: Connection,
    speaker_name: str,
    seconds: float | None,
    seed: int,
    track_path: Path | None,
    stop: _StopSignal,
) -> None:
    from soundit_edge.music import commands, statistics
    from soundit_edge.music.compose.theme import theme, title_of
    from soundit_edge.music.load import load
    from soundit_edge.music.morph.engine import MorphEngine
    from soundit_edge.music.onsets import find_onsets
    from soundit_edge.music.piece import Piece
    from soundit_edge.music.playback import Playback, Time
    from soundit_edge.music.resume import resumed
    from soundit_edge.music.shelf import Shelf
    from soundit_edge.music.snapshot import Reader, Writer
    from soundit_edge.music.speakers import open_speaker
    from soundit_edge.music.statistics import PlayerStatistics

    newest = Reader(memoryview(commands_memory).cast("B"), commands.LENGTH)
    memory = memoryview(statistics_memory).cast("B")
    last = Reader(memory, statistics.LENGTH).read()
    told = Writer(memory, statistics.LENGTH)
    # The theme first: an open device that is not written to would run dry while we compose.
    shelf = Shelf(memoryview(track_memory).cast("B"))
    track = shelf.take(title_of(seed) if track_path is None else track_path.stem)
    if track is None:
        made = theme(seed) if track_path is None else load(track_path).levelled()
        if made.onsets is None:
            made = replace(made, onsets=find_onsets(made.samples))
        shelf.put(made)
        track = shelf.take(made.title) or made
        del made
    before, first_bar = None, 0
    if last is None:
        engine = MorphEngine(track)
    else:
        before = PlayerStatistics.from_row(last[1])
        engine, first_bar = resumed(track, before.bars, before.in_force)
        engine.set_volume(before.volume)
    # What is here now stays; the collector need not look at it again, which would make blocks late.
    gc.collect()
    gc.freeze()
    _hurry()
    speaker = open_speaker(speaker_name)
    try:
        _tell(report, (speaker.name, Piece(track.title, track.bpm, track.bar_s)))
        clock = Time(time.monotonic, time.process_time, time.sleep)
        Playback(engine, speaker, newest, told, clock, before, first_bar).run(stop, seconds)
    finally:
        speaker.close()


def _tell(report: Connection, message: tuple[str, object] | SounditError) -> None:
    """Tell the parent, if it still listens."""
    with contextlib.suppress(OSError):
        report.send(message)


def _hurry() -> None:
    """Go before other processes, as far as we may: sound is the only thing here that cannot wait."""
    with contextlib.suppress(OSError):
        os.nice(-_PRIORITY)
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
