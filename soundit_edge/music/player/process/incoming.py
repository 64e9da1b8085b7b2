"""The tracks that the parent sends to the audio process, as decks. None of it keeps the music waiting."""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import TypeAlias

from soundit_edge.music.morph.deck import open_track
from soundit_edge.music.morph.deck_protocol import OpenDeck
from soundit_edge.music.morph.transition import Transition
from soundit_edge.music.player import fd_channel, shared_track
from soundit_edge.music.source import ComposedSource

Incoming: TypeAlias = tuple[int, OpenDeck, Transition | None]
"""The parent's number of a track, what opens its deck, and how it comes in."""


class IncomingDecks:
    """Receives tracks in their order. A composition waits until its synthesiser has read its sounds, which takes
    seconds and is done in a thread; what was sent after it waits, too."""

    def __init__(self, tracks: Connection) -> None:
        """Listen.

        Args:
            tracks: an end of `fd_channel.pair`; see `audio_process.main`.
        """
        self._tracks = tracks
        self._thread = ThreadPoolExecutor(1, "composition")
        self._opening: tuple[int, Future[OpenDeck], Transition | None] | None = None

    @property
    def opening(self) -> bool:
        """Return whether a composition is being opened; until it is, nothing is received."""
        return self._opening is not None

    def __call__(self) -> Incoming | None:
        """Return the next track that is ready, each once; None where none is. Never waits."""
        if self._opening is None:
            received = self._receive()
            if received is not None:
                return received
        if self._opening is None or not self._opening[1].done():
            return None
        (number, opened, transition), self._opening = self._opening, None
        return number, opened.result(), transition

    def _receive(self) -> Incoming | None:
        """Receive what the parent has sent; a composition begins to be opened."""
        try:
            received = fd_channel.receive(self._tracks)
        except EOFError:
            return None
        if received is None:
            return None
        (number, source, title, transition), descriptor = received
        if isinstance(source, ComposedSource):
            self._opening = number, self._thread.submit(_open_composition, source), transition
            return None
        assert descriptor is not None, "what is not composed comes with its samples"
        try:
            return number, open_track(shared_track.attach(descriptor, title)), transition
        finally:
            os.close(descriptor)


def _open_composition(source: ComposedSource) -> OpenDeck:
    with contextlib.suppress(OSError):
        # The music that plays meanwhile goes first, also on a computer of one core.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    from soundit_edge.music.compose.composition import Composition
    from soundit_edge.music.compose.palettes import ensemble_of, instruments_of
    from soundit_edge.music.mix.open_synth import open_synth
    from soundit_edge.music.morph.composed_deck import open_composition

    ensemble = source.ensemble or ensemble_of(source.seed)
    return open_composition(Composition(source.seed, open_synth(ready=instruments_of(ensemble)), ensemble))
