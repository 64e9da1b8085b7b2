"""Turns the decoded sound of a file into the senses' format: mono, at 16 kHz, each sample at its time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.media.decoder import chunks_of
from soundit_edge.media.downmix import Channels, ToMono
from soundit_edge.media.resample import RateConverter


class SoundConverter:
    """Turns the frames of one audio stream into `Sound`, also where the format changes within it (joined MP3s)."""

    def __init__(self, begin_s: float = 0.0) -> None:
        """Prepare the conversion to the senses' format.

        Args:
            begin_s: earlier sound is left out.
        """
        self._begin_s = begin_s
        self._due_s = begin_s
        self._resample = RateConverter(SOUND_RATE)
        self._to_mono = ToMono(SOUND_RATE)

    def __call__(self, frame: Any, moment_s: float | None) -> Iterator[Sound]:
        """Yield the sound of a decoded frame (PyAV) that begins at `moment_s`; None: where the frame before ended."""
        for chunk in chunks_of([frame]):
            # Mono stays mono: two channels would take twice as long to resample.
            samples = chunk.samples if len(chunk.names) == 1 else chunk.stereo
            yield from self._sounds(self._resample(samples, chunk.rate, moment_s))

    def _sounds(self, pieces: Iterable[tuple[float | None, Channels]]) -> Iterator[Sound]:
        for moment_s, piece in pieces:
            t = self._due_s if moment_s is None else moment_s
            mono = piece[:, 0] if piece.shape[1] == 1 else self._to_mono(piece)
            if t >= self._begin_s or self._begin_s <= 0:
                yield Sound(max(t, 0.0), mono)
            self._due_s = t + len(mono) / SOUND_RATE
