"""The process that loads a track, and the parent's handle on it.

Decoding and analysing take a second per minute of music, and much memory meanwhile: neither must happen where the music
plays, nor where the senses run. Nothing heavy is imported before the process runs: its parent imports this module, too.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music.player import fd_channel
from soundit_edge.music.source import LoadedSource, PieceSource, ThemeSource
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.signals import leave_signals_to_parent, start_masked
from soundit_edge.text import reason

_NICE: Final = 10  # nice value of a process that loads while other music plays; -10 where silence waits for its track


@dataclass(frozen=True, slots=True)
class LoadedTrack:
    """A piece that is ready to be handed to the audio process.

    Attributes:
        source: what it is made from.
        info: its title, tempo, bars and key.
        descriptor: the open file with its samples, see `shared_track`; None: it is composed while it plays.
    """

    source: PieceSource
    info: TrackInfo
    descriptor: int | None


class LoadProcess:
    """A track that is being loaded."""

    def __init__(self, source: LoadedSource, background: bool) -> None:
        """Start the process; returns at once.

        Args:
            source: what to load.
            background: whether every other process has precedence.
        """
        self.source = source
        self._end, there = fd_channel.pair()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(
            target=main, args=(there, source, background), name="soundit-track", daemon=True
        )
        start_masked(self._process)
        there.close()

    def fileno(self) -> int:
        """Return the descriptor to wait for with `select`: when it is readable, `outcome` has a result."""
        return self._end.fileno()

    def outcome(self) -> LoadedTrack | SounditError | None:
        """Return the loaded track, or why it cannot be loaded; None while the process is still at work."""
        try:
            received = fd_channel.receive(self._end)
        except EOFError:
            code = self._process.exitcode
            if code is None:
                return None  # the process is about to end
            return SounditError(f"{self.source}: the loading process died (exit code {code})")
        if received is None:
            return None
        info_or_error, descriptor = received
        return info_or_error if descriptor is None else LoadedTrack(self.source, info_or_error, descriptor)

    def close(self) -> None:
        """Kill the process if it still runs. Does not wait for its end, which takes long on a busy computer."""
        self._end.close()
        self._process.kill()


def main(end: Connection, source: LoadedSource, background: bool) -> None:
    """Load a track, send it to the parent, and end.

    `end` gets the track's `TrackInfo` with the open file of the shared track, or a `SounditError`.

    Args:
        end: an end of `fd_channel.pair`; the parent has the other.
        source: what to load.
        background: whether every other process has precedence.
    """
    leave_signals_to_parent()
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    with contextlib.suppress(OSError):  # not every user may raise a priority
        os.nice(_NICE if background else -_NICE)
    with contextlib.suppress(OSError):  # the parent is gone
        try:
            info, descriptor = _loaded(source)
        except SounditError as error:
            fd_channel.send(end, error)
        except OSError as error:
            fd_channel.send(end, SounditError(f"{source}: cannot be loaded ({reason(error)})"))
        except Exception as error:
            fd_channel.send(end, SounditError(f"{source}: cannot be loaded: {type(error).__name__}: {error}"))
        else:
            fd_channel.send(end, info, descriptor)


def _loaded(source: LoadedSource) -> tuple[TrackInfo, int]:
    from dataclasses import replace

    from soundit_edge.music.analysis.onsets import find_onsets
    from soundit_edge.music.player import shared_track

    if isinstance(source, ThemeSource):
        from soundit_edge.music.compose.theme.theme import theme

        track = theme(source.seed)
        track = replace(track, onsets=find_onsets(track.samples))
        return TrackInfo(track.title, track.bpm, track.bar_s, track.bars), shared_track.export(track)
    from soundit_edge.media.tags.picture import has_picture
    from soundit_edge.music.library.corrections import tempo_by_hand
    from soundit_edge.music.load import load

    loaded = load(source.path, bpm=tempo_by_hand(source.path))
    track, key, tags = loaded.to_int16(), loaded.analysis.key, loaded.tags
    info = TrackInfo(
        title=track.title,
        bpm=track.bpm,
        bar_s=track.bar_s,
        bars=track.bars,
        tonic=key.tonic if key.clear else None,
        mode=key.mode,
        artist=tags.artist,
        album=tags.album,
        has_picture=has_picture(source.path),
    )
    return info, shared_track.export(track)
