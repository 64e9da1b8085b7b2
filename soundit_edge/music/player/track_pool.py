"""The tracks that the player has in shared memory, and the one that is loading."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music.player.load_process import LoadedTrack, LoadProcess
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.source import ComposedSource, LoadedSource, PieceSource
from soundit_edge.music.track_info import TrackInfo

COMPOSED: Final = "Composed for this room"
"""The title of music that is composed while it plays."""


class TrackPool:
    """Loads tracks, hands them to the audio process when it is their turn, and frees them when they are over."""

    def __init__(self, hand_over: Callable[[int, LoadedTrack], None]) -> None:
        """Begin without a track.

        Args:
            hand_over: sends a track and its number to the audio process, which crossfades to the track.
        """
        self._hand_over = hand_over
        self._loaded: dict[int, LoadedTrack] = {}
        self._numbers = itertools.count()
        self._loading: LoadProcess | None = None
        self._wanted: PieceSource | None = None  # the piece to hand over once it is loaded
        self._asked = 0  # the number of the track that was handed over last
        self._prepared: int | None = None  # the number of a track that was loaded and not yet handed over
        self._rejected: tuple[PieceSource, SounditError] | None = None

    def begin(self, first: LoadedSource) -> None:
        """Start loading the first piece with high priority: silence waits for it."""
        self._loading = LoadProcess(first, background=False)

    def begin_composed(self, first: ComposedSource) -> None:
        """Begin with music that is composed while it plays: there is nothing to load."""
        self._send(self._add(_composed(first)))

    def play(self, source: PieceSource) -> None:
        """Hand over a piece as soon as it is loaded; the newest call counts."""
        self._wanted = source
        self._hand_over_or_load()

    def prepare(self, source: LoadedSource, now: PlayerStatistics) -> bool:
        """Load the track that will be played next, and return whether it is loaded.

        Does nothing while another track is loading or a transition is under way.
        """
        loaded = self._number_of(source) is not None
        if not loaded and self._loading is None and not self.transitioning(now):
            self._loading = LoadProcess(source, background=True)
        return loaded

    def take_rejected(self) -> tuple[PieceSource, SounditError] | None:
        """Return a piece that could not be loaded since the last call, and why; or None."""
        rejected, self._rejected = self._rejected, None
        return rejected

    def transitioning(self, now: PlayerStatistics) -> bool:
        """Return whether a track that was asked for is still loading, waits for its bar line, or fades in."""
        return self._wanted is not None or now.track != self._asked or now.fading

    def poll(self, now: PlayerStatistics) -> None:
        """Keep a track that has been loaded, hand it over if it is wanted, and free the tracks that are over.

        Raises:
            SounditError: the first track cannot be loaded.
        """
        if self._loading is not None and (outcome := self._loading.outcome()) is not None:
            source = self._loading.source
            self._stop_loading()
            if isinstance(outcome, LoadedTrack):
                self._take_in(outcome)
            elif not self._loaded:
                raise outcome
            else:
                self._rejected = (source, outcome)
                self._wanted = None if source == self._wanted else self._wanted
            self._hand_over_or_load()
        self._free_unused(now)

    def hand_over_again(self, now: PlayerStatistics) -> None:
        """Hand the track that was heard, and the one that was asked for last, to a new audio process."""
        for number in dict.fromkeys((now.track, self._asked)):
            if number in self._loaded:
                self._send(number)

    def get(self, number: int) -> LoadedTrack | None:
        """Return the track of a number; None where it was freed, or there never was one."""
        return self._loaded.get(number)

    def loading_fileno(self) -> int | None:
        """Return the descriptor to wait for with `select` while a track is loading; None where none is."""
        return self._loading.fileno() if self._loading else None

    def close(self) -> None:
        """Stop loading, and free all tracks."""
        self._stop_loading()
        while self._loaded:
            _free(self._loaded.popitem()[1])

    def _stop_loading(self) -> None:
        if self._loading is not None:
            self._loading.close()
            self._loading = None

    def _take_in(self, loaded: LoadedTrack) -> None:
        """Keep a track that was loaded; hand over the very first one, which the audio process waits for."""
        number = self._add(loaded)
        if len(self._loaded) == 1:
            self._send(number)
        else:
            self._prepared = number

    def _add(self, loaded: LoadedTrack) -> int:
        number = next(self._numbers)
        self._loaded[number] = loaded
        return number

    def _hand_over_or_load(self) -> None:
        """Hand over the wanted piece, or start loading it."""
        wanted = self._wanted
        if wanted is None or not self._loaded:
            return
        number = self._number_of(wanted)
        if number is None and isinstance(wanted, ComposedSource):
            number = self._add(_composed(wanted))
        if number is not None:
            self._wanted = None
            self._send(number)
        elif not isinstance(wanted, ComposedSource) and (self._loading is None or self._loading.source != wanted):
            self._stop_loading()
            self._loading = LoadProcess(wanted, background=True)

    def _number_of(self, source: PieceSource) -> int | None:
        return next((number for number, loaded in self._loaded.items() if loaded.source == source), None)

    def _send(self, number: int) -> None:
        self._asked = number
        self._prepared = None if number == self._prepared else self._prepared
        self._hand_over(number, self._loaded[number])

    def _free_unused(self, now: PlayerStatistics) -> None:
        if now.fading or len(self._loaded) < 2:
            return
        for number in self._loaded.keys() - {now.track, self._asked, self._prepared}:
            _free(self._loaded.pop(number))


def _composed(source: ComposedSource) -> LoadedTrack:
    """Return music that is composed while it plays: there is nothing to load."""
    return LoadedTrack(source, TrackInfo(COMPOSED, 96.0, 2.5), None)


def _free(loaded: LoadedTrack) -> None:
    if loaded.descriptor is not None:
        os.close(loaded.descriptor)
