"""The film's own sound as stereo at the device's rate, from its beginning to its end, each sample in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

from soundit_edge.film import FilmError
from soundit_edge.film.meter import CHUNK, Meter
from soundit_edge.film.probe import Film, opened, reason, start_of
from soundit_edge.music.decode import LOUDEST, MOST_CHANNELS, mixed_down
from soundit_edge.music.format import CHANNELS, RATE, Stereo

APART_S: Final = 0.003
"""Where a piece's time stamp is further than this from where its samples come, the stamp is right: silence is put in,
or samples are left out. So a clock that runs a little fast does not add up in two hours."""
DAMAGED_PACKETS: Final = 100
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
    """Decoded pieces with the moments of their first samples; None where these are not known."""
    with opened(film.path) as container:
        start = start_of(container)
        stream = container.streams.audio[0]
        to_rate = _ToRate()
        damaged = 0
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                frames = [] if packet is None else packet.decode()
            except av.error.FFmpegError as error:
                damaged += 1
                if damaged > DAMAGED_PACKETS:
                    raise FilmError(f"{film.path}: its sound is too damaged ({reason(error)}); try --replace") from None
                continue
            if packet is None:
                break
            damaged = 0
            for frame in frames:
                if len(frame.layout.channels) > MOST_CHANNELS:
                    raise FilmError(f"{film.path}: its sound has more than {MOST_CHANNELS} channels; try --replace")
                moment = None if frame.time is None else frame.time - start
                yield from to_rate(frame, moment)
        yield from to_rate.rest()


class _ToRate:
    """Resamples, also where the format changes on the way. What comes out is given the moment of what went in."""

    def __init__(self) -> None:
        self._format: tuple[Any, ...] = ()
        self._resampler: Any = None
        self._due: float | None = None

    def __call__(self, frame: Any, moment: float | None) -> Iterator[tuple[float | None, Stereo]]:
        format_ = frame.format.name, frame.layout.name, frame.sample_rate
        jump = moment is not None and self._due is not None and abs(moment - self._due) > APART_S
        if format_ != self._format or jump:
            yield from self.rest()  # which belongs before the jump
            self._format, self._due = format_, moment
            self._resampler = av.AudioResampler("flt", frame.layout, RATE)
        yield from self._given(frame)

    def rest(self) -> Iterator[tuple[float | None, Stereo]]:
        """What the resampler still holds."""
        if self._resampler is not None:
            yield from self._given(None)
            self._resampler = None

    def _given(self, frame: Any) -> Iterator[tuple[float | None, Stereo]]:
        for out in self._resampler.resample(frame):
            channels = out.to_ndarray().reshape(-1, len(out.layout.channels)).astype(np.float32, copy=False)
            samples = mixed_down(np.clip(np.nan_to_num(channels), -LOUDEST, LOUDEST))
            yield self._due, samples
            if self._due is not None:
                self._due += len(samples) / RATE
