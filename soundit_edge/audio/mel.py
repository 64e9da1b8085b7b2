"""Triangular bands, evenly spaced on the mel scale (O'Shaughnessy 1987), for spectra of any length."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def mel_edges(low_hz: float, high_hz: float, count: int) -> npt.NDArray[np.float64]:
    """Return the corners of `count` overlapping bands in hertz, float64 [count + 2], rising from `low_hz` to `high_hz`.

    Band k rises from corner k to corner k + 1 and falls to corner k + 2.
    """
    low, high = (2595 * np.log10(1 + end / 700) for end in (low_hz, high_hz))
    edges: npt.NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, count + 2) / 2595) - 1)
    return edges


def mel_bands(edges: npt.NDArray[np.float64], window: int, rate: int) -> npt.NDArray[np.float64]:
    """Return the weight of every bin of a spectrum in every band, float64 [window // 2 + 1, bands], 0 to 1.

    Args:
        edges: of the bands, as `mel_edges` gives them.
        window: samples that the spectrum is of (`np.fft.rfft`).
        rate: samples per second.
    """
    bin_hz = rate / window
    hertz = np.fft.rfftfreq(window, 1 / rate)[:, np.newaxis]
    # A side that is narrower than a bin is made as wide: no band is left without a bin.
    rising = (hertz - edges[:-2]) / np.maximum(edges[1:-1] - edges[:-2], bin_hz)
    falling = (edges[2:] - hertz) / np.maximum(edges[2:] - edges[1:-1], bin_hz)
    bands: npt.NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    return bands


def unit_area(bands: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return bands [bins, bands] scaled to a sum of 1 each, float32: white noise comes out flat."""
    weights: npt.NDArray[np.float32] = (bands / bands.sum(axis=0)).astype(np.float32)
    return weights
