"""A piece as sound: bars are composed two ahead of what is heard, and played as they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.request import RING_S, BarRequest
from soundit_edge.music.score import Bar
from soundit_edge.music.synth.synth import ControlEvent, MixEvent, NoteEvent, Synth

AHEAD: Final = 2
"""Bars that are planned beyond the one that is heard."""


class Sequencer:
    """Plays what a composer writes. The same seed and the same answers of `ask` give the same samples, whatever
    `render` is asked for at a time."""

    def __init__(self, composer: Composer, synth: Synth, ask: Callable[[float], BarRequest]) -> None:
        """Plan the first bars.

        Args:
            composer: writes the bars.
            synth: plays them; it has to be new.
            ask: gives what is asked of the bar that begins at a moment, in seconds; called once for each bar, in their
                order, `AHEAD` bars before it is heard.
        """
        self._composer = composer
        self._synth = synth
        self._ask = ask
        self._planned: list[tuple[Bar, int, int]] = []  # with the samples at which they begin and end
        self._given = 0  # how many of those the synthesiser has
        self._closing = False
        self._done = 0  # samples
        for _ in range(AHEAD + 1):
            self._plan()
        self._give()

    @property
    def bar(self) -> Bar:
        """Return the bar that is heard; after the end, the last one."""
        return self._planned[0][0]

    @property
    def bar_begin(self) -> int:
        """Return the samples that were before the bar that is heard."""
        return self._planned[0][1]

    @property
    def bars(self) -> float:
        """Return how many bars have been heard; the fraction is the place in the bar."""
        bar, begin, end = self._planned[0]
        return bar.number + min(1.0, (self._done - begin) / (end - begin))

    @property
    def over(self) -> bool:
        """Return whether the ending has been heard, and all is silent."""
        bar, _, end = self._planned[0]
        return bar.last and self._done >= end + round(RING_S * RATE)

    def finish(self) -> None:
        """Come to an end: after the bars that are planned, one that leads home, and the last, which rings on."""
        self._closing = True

    def render(self, count: int) -> Stereo:
        """Return the next `count` samples, float32 [count, 2]; silence once the piece is `over`."""
        pieces = []
        while count:
            bar, _, end = self._planned[0]
            if bar.last:
                pieces.append(self._fading(count, end))
                break
            length = min(count, end - self._done)
            pieces.append(self._synth.render(length))
            self._done += length
            count -= length
            if self._done == end:
                self._planned.pop(0)
                self._given -= 1
                self._plan()
                self._give()
        return np.concatenate(pieces) if pieces else np.zeros((0, CHANNELS), dtype=np.float32)

    def _plan(self) -> None:
        """Have the next bar composed."""
        begin = self._planned[-1][2] if self._planned else 0
        if self._planned and self._planned[-1][0].last:
            return
        ask = self._ask(begin / RATE)
        bar = self._composer.next_bar(replace(ask, close=True) if self._closing else ask)
        self._planned.append((bar, begin, begin + round(bar.bar_s * RATE)))

    def _give(self) -> None:
        """Give the synthesiser the bar that is heard and the next one: it renders in blocks of its own."""
        for bar, begin, _ in self._planned[self._given : AHEAD]:
            self._synth.mix(MixEvent(begin, bar.character, bar.ensemble))
            beat = bar.beat_s * RATE
            for note in bar.notes:
                start, length = max(0, begin + round(note.start * beat)), round(note.length * beat)
                strike = NoteEvent(start, length, note.voice, bar.instruments[note.voice], note.pitch, note.velocity)
                self._synth.note_on(strike)
            for moved in bar.controls:
                at = begin + round(moved.start * beat)
                self._synth.control(ControlEvent(at, moved.voice, moved.controller, moved.value))
        self._given = max(self._given, min(len(self._planned), AHEAD))

    def _fading(self, count: int, end: int) -> Stereo:
        """Return the next samples of the last bar and of its ring, under a raised cosine from the bar's end on."""
        sound = self._synth.render(count)
        way = np.clip((self._done + np.arange(count) - end) / (RING_S * RATE), 0.0, 1.0)
        self._done += count
        faded: Stereo = sound * (0.5 + 0.5 * np.cos(np.pi * way)).astype(np.float32)[:, np.newaxis]
        return faded
