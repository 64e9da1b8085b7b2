"""Decoded sound of a file as what the senses hear: mono, at their rate, each sample in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.media.decoder import chunks_of
from soundit_edge.media.downmix import Channels, ToMono
from soundit_edge.media.resample import RateConverter


class Hearing:
    """Turns the frames of one sound stream into `Sound`, also where its format changes on the way (joined MP3s)."""

    def __init__(self, begin_s: float = 0.0) -> None:
        """Args:
        begin_s: what begins earlier is left out.
        """
        self._begin_s = begin_s
        self._due_s = begin_s
        self._resample = RateConverter(SOUND_RATE)
        self._to_mono = ToMono(SOUND_RATE)

    def __call__(self, frame: Any, moment_s: float | None) -> Iterator[Sound]:
        """Give the sound of a decoded frame (PyAV), which begins at a moment; None: where the one before ended."""
        for chunk in chunks_of([frame]):
            # One channel stays one: mixed to two it would cost twice as much to resample.
            samples = chunk.samples if len(chunk.names) == 1 else chunk.stereo
            yield from self._heard(self._resample(samples, chunk.rate, moment_s))

    def _heard(self, pieces: Iterable[tuple[float | None, Channels]]) -> Iterator[Sound]:
        for moment_s, piece in pieces:
            t = self._due_s if moment_s is None else moment_s
            mono = piece[:, 0] if piece.shape[1] == 1 else self._to_mono(piece)
            if t >= self._begin_s or self._begin_s <= 0:
                yield Sound(max(t, 0.0), mono)
            self._due_s = t + len(mono) / SOUND_RATE
