"""Decoding of sound: damaged packets are skipped, and any sample format becomes float."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.media.container import reason
from soundit_edge.media.downmix import Channels, to_stereo

log = logging.getLogger(__name__)

MAX_SAMPLE: Final = 8.0
"""Float samples are clipped to this, +18 dB over full scale: larger values come from damage."""

MAX_PLANES: Final = 7
"""PyAV loses count of the channels of a frame that has more of them, each in a plane of its own, and the process
crashes: FFmpeg's list of planes has eight places, and no end."""


class TooDamaged(SounditError):
    """Packet after packet cannot be decoded. The message is FFmpeg's reason."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of decoded sound with the channels and the sample rate of its file.

    Attributes:
        samples: float32 [n, channels], finite, within ±`MAX_SAMPLE`.
        rate: samples per second.
        names: FFmpeg's names of the channels.
    """

    samples: Channels
    rate: int
    names: tuple[str, ...]

    @property
    def stereo(self) -> Channels:
        """Return the sound mixed down to left and right, float32 [n, 2]; see `downmix.to_stereo`."""
        return to_stereo(self.samples, self.names)


def readable(packets: Iterable[Any]) -> Iterator[Any]:
    """Yield packets (PyAV) until there are no more, or the file breaks off."""
    try:
        yield from packets
    except av.error.FFmpegError as error:
        log.warning("reading ended early: %s", reason(error))


def decoded(packets: Iterable[Any], max_damaged: int | None = None) -> Iterator[Any]:
    """Decode packets. Damaged packets are skipped, as every player does; a file that breaks off ends the frames.

    Args:
        packets: PyAV's packets of any streams, the empty ones at the end included.
        max_damaged: the most packets in a row that may be damaged; None: no limit.

    Returns:
        PyAV's frames.

    Raises:
        TooDamaged: more than `max_damaged` packets in a row cannot be decoded.
    """
    damaged = 0
    for packet in readable(packets):
        try:
            frames = packet.decode()
        except av.error.FFmpegError as error:
            damaged += 1
            if max_damaged is not None and damaged > max_damaged:
                raise TooDamaged(reason(error)) from error
            continue
        damaged = 0 if frames else damaged
        yield from frames


def chunks_of(frames: Iterable[Any], at_once: int = 1) -> Iterator[Chunk]:
    """Yield the sound of decoded frames (PyAV). Samples that are NaN count as silence.

    Args:
        frames: the frames of one stream, in their order; sample rate and channels may change between them.
        at_once: the most frames in one chunk; larger chunks are faster.
    """
    for _, alike in itertools.groupby(frames, lambda frame: (frame.format.name, frame.layout.name, frame.sample_rate)):
        while some := list(itertools.islice(alike, at_once)):
            names = tuple(channel.name for channel in some[0].layout.channels)
            if len(names) > MAX_PLANES and some[0].format.is_planar:
                some = _interleaved(some)
            samples = np.concatenate([frame.to_ndarray() for frame in some], axis=1)
            samples = samples.T if some[0].format.is_planar else samples.reshape(-1, len(names))
            yield Chunk(_as_float(samples), some[0].sample_rate, names)


def usable(samples: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float32]:
    """Return float samples as finite float32 of the same shape: NaN and infinity as 0, clipped to ±`MAX_SAMPLE`."""
    finite = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(finite, -MAX_SAMPLE, MAX_SAMPLE, out=finite).astype(np.float32, copy=False)


def _interleaved(frames: Sequence[Any]) -> list[Any]:
    """Return frames of one format with the same samples, all channels in one plane."""
    first = frames[0]
    resampler = av.AudioResampler(first.format.packed.name, first.layout, first.sample_rate)
    return [frame for planar in [*frames, None] for frame in resampler.resample(planar)]


def _as_float(samples: npt.NDArray[Any]) -> Channels:
    """Return samples of any of FFmpeg's formats as float32 with full scale ±1."""
    if samples.dtype.kind == "f":
        return usable(samples)
    if samples.dtype == np.uint8:
        return (samples.astype(np.float32) - np.float32(128.0)) * np.float32(1.0 / 128.0)
    return samples.astype(np.float32) * np.float32(1.0 / (np.iinfo(samples.dtype).max + 1.0))
