"""The process that makes a track ready, and the parent's handle on it.

Decoding and analysing take a second a minute of music, and much memory meanwhile: neither must happen where the music
plays, nor where the senses run. Nothing heavy is imported before the process runs: this module is read by its parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music.player import fd_channel
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.text import reason

_NICE: Final = 10  # nice value of a process whose result is not waited for in silence; the other way round else

ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that ask the device to end; a terminal sends the first and the last to its children, too."""


@dataclass(frozen=True, slots=True)
class LoadedTrack:
    """A track in shared memory, or one that is still to be composed.

    Attributes:
        path: the file that it comes from; None: the theme, or what is composed.
        info: what it is.
        descriptor: the open file that has it; see `shelf`. None: it is composed while it plays.
    """

    path: Path | None
    info: TrackInfo
    descriptor: int | None


class LoadProcess:
    """A track that is being made ready."""

    def __init__(self, path: Path | None, seed: int, background: bool) -> None:
        """Start the process; returns at once.

        Args:
            path: a sound file; None: the theme.
            seed: of the theme.
            patient: whether everything else goes before.
        """
        self.path = path
        self._end, there = fd_channel.pair()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(
            target=main, args=(there, path, seed, background), name="soundit-track", daemon=True
        )
        start_masked(self._process)
        there.close()

    def fileno(self) -> int:
        """What to wait for with `select`: when it is readable, `outcome` is there."""
        return self._end.fileno()

    def outcome(self) -> LoadedTrack | SounditError | None:
        """The track, or why there is none; None while it is not ready."""
        try:
            told = fd_channel.receive(self._end)
        except EOFError:
            code = self._process.exitcode
            if code is None:
                return None  # it is about to end
            return SounditError(f"{self.path or 'the theme'}: the loading process died (exit code {code})")
        if told is None:
            return None
        what, descriptor = told
        return what if descriptor is None else LoadedTrack(self.path, what, descriptor)

    def close(self) -> None:
        """End the process, whether it is done or not. Does not wait for it: on a busy computer that takes long."""
        self._end.close()
        self._process.kill()


def start_masked(process: BaseProcess) -> None:
    """Start a process with `ENDINGS` blocked, so that none can hit a half-made interpreter; it has to unblock them
    itself."""
    resource_tracker.ensure_running()  # it would unblock the signals below, so have it started before
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def main(end: Connection, path: Path | None, seed: int, background: bool) -> None:
    """Make a track ready, hand it over, and end. What `end` gets: the piece with the shelf's file, or an exception.

    Args:
        end: the way to the parent.
        path: a sound file; None: the theme.
        seed: of the theme.
        patient: whether everything else goes before.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent is the one that acts on Ctrl-C and on a closed terminal
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    with contextlib.suppress(OSError):  # not everyone may go before others
        os.nice(_NICE if background else -_NICE)
    with contextlib.suppress(OSError):  # the parent is gone
        try:
            piece, descriptor = _loaded(path, seed)
        except SounditError as error:
            fd_channel.send(end, error)
        except OSError as error:
            fd_channel.send(end, SounditError(f"{path or 'the theme'}: cannot be loaded ({reason(error)})"))
        except Exception as error:
            fd_channel.send(
                end, SounditError(f"{path or 'the theme'}: cannot be loaded: {type(error).__name__}: {error}")
            )
        else:
            fd_channel.send(end, piece, descriptor)


def _loaded(path: Path | None, seed: int) -> tuple[TrackInfo, int]:
    from dataclasses import replace

    from soundit_edge.music.analysis.onsets import find_onsets
    from soundit_edge.music.player import shared_track

    if path is None:
        from soundit_edge.music.compose.theme.theme import theme

        track = theme(seed)
        track = replace(track, onsets=find_onsets(track.samples))
        return TrackInfo(track.title, track.bpm, track.bar_s, track.bars), shared_track.export(track)
    from soundit_edge.music.load import load

    loaded = load(path)
    track, key = loaded.to_int16(), loaded.analysis.key
    piece = TrackInfo(track.title, track.bpm, track.bar_s, track.bars, key.tonic if key.clear else None, key.mode)
    return piece, shared_track.export(track)
