"""The film's own sound as stereo at the device's rate, from its beginning to its end, each sample in its place."""

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
"""Where a piece's time stamp is further than this from where its samples come, the stamp is right: silence is put in,
or samples are left out. So a clock that runs a little fast does not add up in two hours."""
MAX_DAMAGED_PACKETS: Final = 100
"""After so many packets in a row that cannot be decoded, the sound is given up."""


def sound_of(film: Film, count: int, at_a_time: int) -> Iterator[Stereo]:
    """The first `count` samples of a film's clock, float32 [`at_a_time`, 2] each but the last, silent where there is
    nothing. More than two channels are mixed down (ITU-R BS.775).

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
    """The K-weighted power of each 0.1 s of a film's sound; see `loudness.energies`."""
    meter = Meter()
    for block in sound_of(film, count, CHUNK):
        meter.hear(block)
    return meter.powers()


def _gapless(film: Film) -> Iterator[Stereo]:
    """Pieces that follow each other without a gap, from 0 on."""
    place = 0
    for t, piece in _decoded(film):
        wanted = place if t is None else round(t * RATE)
        apart = wanted - place
        if abs(apart) > APART_S * RATE or not place:
            if apart > 0:
                # By the second, so that a sound track that begins an hour late costs no memory.
                for begin in range(0, apart, RATE):
                    yield np.zeros((min(RATE, apart - begin), CHANNELS), dtype=np.float32)
            else:
                piece = piece[-apart:]
            place = max(place, wanted)
        place += len(piece)
        yield piece


def _decoded(film: Film) -> Iterator[tuple[float | None, Stereo]]:
    """Give decoded pieces with the moments of their first samples on the steady clock; None where these are unknown."""
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
