"""The tracks that the player has ready in shared memory, and the one that it is having made ready."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music.player.load_process import LoadedTrack, LoadProcess
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo

COMPOSED: Final = "Composed for this room"
"""The title of music that is composed while it plays."""


class TrackPool:
    """Loads tracks, hands them over when it is their turn, and lets go of them when they are over."""

    def __init__(self, seed: int, hand_over: Callable[[int, LoadedTrack], None]) -> None:
        """Have nothing yet.

        Args:
            seed: of the theme.
            hand_over: gives a track, and the number that it goes by, to the audio process, which goes over to it.
        """
        self._seed = seed
        self._hand_over = hand_over
        self._loaded: dict[int, LoadedTrack] = {}
        self._numbers = itertools.count()
        self._loading: LoadProcess | None = None
        self._wanted: Path | None = None  # to be gone over to once it is loaded
        self._asked = 0  # the number of the track that was handed over last
        self._prepared: int | None = None  # the number of one that was prepared
        self._rejected: tuple[Path, SounditError] | None = None

    def begin(self, first: Path | None) -> None:
        """Start loading the track to begin with; None: the theme. Everybody waits for it."""
        self._loading = LoadProcess(first, self._seed, background=False)

    def compose(self) -> None:
        """Begin with music that is composed while it plays."""
        self._take_in(LoadedTrack(None, TrackInfo(COMPOSED, 96.0, 2.5), None))

    def play(self, track: Path) -> None:
        """Hand over a track as soon as it is loaded; the newest call counts."""
        self._wanted = track
        self._go_on()

    def prepare(self, track: Path, now: PlayerStatistics) -> bool:
        """Load a track that will be played next, unless another one is loaded or gone over to. Whether it is there."""
        there = self._number_of(track) is not None
        if not there and self._loading is None and not self.transitioning(now):
            self._loading = LoadProcess(track, self._seed, background=True)
        return there

    def take_rejected(self) -> tuple[Path, SounditError] | None:
        """A track that could not be loaded since this was last asked, and why; or None."""
        rejected, self._rejected = self._rejected, None
        return rejected

    def transitioning(self, now: PlayerStatistics) -> bool:
        """Whether a track that was asked for is still loading, waits for its bar line, or fades in."""
        return self._wanted is not None or now.track != self._asked or now.fading

    def poll(self, now: PlayerStatistics) -> None:
        """Take in a track that has been loaded, and let go of those that are over.

        Raises:
            SounditError: there is no track to begin with.
        """
        if self._loading is not None and (outcome := self._loading.outcome()) is not None:
            path = self._loading.path
            self._stop_loading()
            if isinstance(outcome, LoadedTrack):
                self._take_in(outcome)
            elif not self._loaded:
                raise outcome
            else:
                assert path is not None
                self._rejected = (path, outcome)
                self._wanted = None if path == self._wanted else self._wanted
            self._go_on()
        self._tidy(now)

    def hand_over_again(self, now: PlayerStatistics) -> None:
        """To a new audio process: what was heard goes on, and what was on its way sets out anew."""
        for number in dict.fromkeys((now.track, self._asked)):
            if number in self._loaded:
                self._send(number)

    def get(self, number: int) -> LoadedTrack | None:
        """The track that goes by a number, if it is still there."""
        return self._loaded.get(number)

    def loading_fileno(self) -> int | None:
        """What to wait for with `select` while a track is loaded; None: none is."""
        return self._loading.fileno() if self._loading else None

    def close(self) -> None:
        """Stop loading, and let go of all tracks."""
        self._stop_loading()
        while self._loaded:
            _let_go(self._loaded.popitem()[1])

    def _stop_loading(self) -> None:
        if self._loading is not None:
            self._loading.close()
            self._loading = None

    def _take_in(self, loaded: LoadedTrack) -> None:
        """Keep a track that was loaded; the first of all is what the audio process waits for."""
        number = next(self._numbers)
        self._loaded[number] = loaded
        if len(self._loaded) == 1:
            self._send(number)
        else:
            self._prepared = number

    def _go_on(self) -> None:
        """Hand over the track that is wished for, or have it loaded."""
        if self._wanted is None or not self._loaded:
            return
        number = self._number_of(self._wanted)
        if number is not None:
            self._wanted = None
            self._send(number)
        elif self._loading is None or self._loading.path != self._wanted:
            self._stop_loading()
            self._loading = LoadProcess(self._wanted, self._seed, background=True)

    def _number_of(self, path: Path) -> int | None:
        return next((number for number, loaded in self._loaded.items() if loaded.path == path), None)

    def _send(self, number: int) -> None:
        self._asked = number
        self._prepared = None if number == self._prepared else self._prepared
        self._hand_over(number, self._loaded[number])

    def _tidy(self, now: PlayerStatistics) -> None:
        if now.fading or len(self._loaded) < 2:
            return
        for number in self._loaded.keys() - {now.track, self._asked, self._prepared}:
            _let_go(self._loaded.pop(number))


def _let_go(loaded: LoadedTrack) -> None:
    if loaded.descriptor is not None:
        os.close(loaded.descriptor)
