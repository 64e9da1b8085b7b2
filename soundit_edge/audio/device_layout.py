"""Conversion of music to the sample rate and the number of channels that a device takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, RATE, Stereo


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """A format that a device takes: samples per second, and channels."""

    rate: int = RATE
    channels: int = CHANNELS


class DeviceAdapter:
    """Converts the engine's blocks to a device's format."""

    def __init__(self, layout: StreamFormat) -> None:
        self._channels = layout.channels
        self._stream = None
        if layout.rate != RATE:
            import soxr

            self._stream = soxr.ResampleStream(RATE, layout.rate, CHANNELS, dtype="float32", quality="HQ")

    @property
    def delay(self) -> float:
        """Return how many samples of the device's rate are still inside."""
        return 0.0 if self._stream is None else float(self._stream.delay())

    def process(self, block: Stereo) -> npt.NDArray[np.float32]:
        """Convert float32 [n, 2] to float32 [m, channels]; m is what the resampler has ready, which may be 0.

        A single channel gets the mean of both sides; of more than two, the first two are left and right, and the
        others stay silent.
        """
        sound = block if self._stream is None else self._stream.resample_chunk(block)
        if self._channels == CHANNELS:
            return np.ascontiguousarray(sound)
        if self._channels == 1:
            return np.ascontiguousarray(sound.mean(axis=1, keepdims=True), dtype=np.float32)
        out = np.zeros((len(sound), self._channels), dtype=np.float32)
        out[:, :CHANNELS] = sound
        return out


def stream_formats(rate: float, channels: int) -> list[StreamFormat]:
    """Return the formats to try on a device, the best first.

    Args:
        rate: the device's own sample rate, in samples per second.
        channels: the most channels that it has.
    """
    rates = dict.fromkeys((RATE, round(rate), 44_100))
    # Some devices take no fewer channels than they have.
    counts = dict.fromkeys(n for n in (CHANNELS, channels, 1) if n <= channels)
    return [StreamFormat(r, n) for r in rates for n in counts]
