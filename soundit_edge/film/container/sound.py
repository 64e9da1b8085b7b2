"""Decodes the film's own sound to stereo at the device's rate, each sample at its time on the film's clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.decode import MAX_CHANNELS
from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.film import FilmError
from soundit_edge.film.container.probe import Film, opened
from soundit_edge.film.scoring.meter import CHUNK, Meter
from soundit_edge.media.decoder import TooDamaged, chunks_of, decoded
from soundit_edge.media.packets import moment_of, steady_packets, timeline_of
from soundit_edge.media.resample import RateConverter
from soundit_edge.media.streams import choose_streams

APART_S: Final = 0.003
"""The largest difference between the time stamp of decoded sound and the count of the samples before it. Beyond it,
silence is inserted or samples are dropped, so that the error of a fast clock does not add up in two hours."""
MAX_DAMAGED_PACKETS: Final = 100
"""The number of consecutive packets that may fail to decode before the sound counts as damaged."""


def sound_of(film: Film, count: int, at_a_time: int) -> Iterator[Stereo]:
    """Yield the first `count` samples on a film's clock, silence where the film has no sound.

    A block is float32 [`at_a_time`, 2]; the last one may be shorter. More than two channels are downmixed (ITU-R
    BS.775).

    Raises:
        FilmError: the sound cannot be decoded.
    """
    pieces = _gapless(film) if film.has_sound else iter(())
    waiting = np.zeros((0, CHANNELS), dtype=np.float32)
    for begin in range(0, count, at_a_time):
        size = min(at_a_time, count - begin)
        while len(waiting) < size and (piece := next(pieces, None)) is not None:
            waiting = np.concatenate([waiting, piece])
        block = np.zeros((size, CHANNELS), dtype=np.float32)
        block[: len(waiting)] = waiting[:size]
        waiting = waiting[size:]
        yield block


def powers_of(film: Film, count: int) -> npt.NDArray[np.float64]:
    """Return the K-weighted power of each 0.1 s of a film's first `count` samples, [n]; see `loudness.energies`.

    Raises:
        FilmError: the sound cannot be decoded.
    """
    meter = Meter()
    for block in sound_of(film, count, CHUNK):
        meter.hear(block)
    return meter.powers()


def _gapless(film: Film) -> Iterator[Stereo]:
    """Yield consecutive sound without gaps, from 0 on."""
    place = 0
    for t, piece in _decoded(film):
        wanted = place if t is None else round(t * RATE)
        apart = wanted - place
        if abs(apart) > APART_S * RATE or not place:
            if apart > 0:
                # One second at a time, so that sound that begins an hour late does not need memory.
                for begin in range(0, apart, RATE):
                    yield np.zeros((min(RATE, apart - begin), CHANNELS), dtype=np.float32)
            else:
                piece = piece[-apart:]
            place = max(place, wanted)
        place += len(piece)
        yield piece


def _decoded(film: Film) -> Iterator[tuple[float | None, Stereo]]:
    """Yield decoded sound with the moment of its first sample on the steady clock, or None where it is unknown."""
    resample = RateConverter(RATE)
    with opened(film.path) as container:
        streams = choose_streams(container)
        packets = steady_packets(container, timeline_of(container), streams.used)
        try:
            for frame in decoded((packet for packet in packets if packet.stream == streams.sound), MAX_DAMAGED_PACKETS):
                if len(frame.layout.channels) > MAX_CHANNELS:
                    raise FilmError(f"{film.path}: its sound has more than {MAX_CHANNELS} channels; try --replace")
                for chunk in chunks_of([frame]):
                    yield from resample(chunk.stereo, chunk.rate, moment_of(frame))
        except TooDamaged as error:
            raise FilmError(f"{film.path}: its sound is too damaged ({error}); try --replace") from None
        yield from resample.rest()
