"""Spectrograms of real tracks as they are and as the engine made them under random targets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes

from soundit_edge.audio.format import RATE, Stereo

_WINDOW: Final = 2_048
_RANGE_DB: Final = 90.0  # below the loudest


def draw(pairs: list[tuple[str, Stereo, Stereo]], place: Path) -> None:
    """Write the picture: of each title, what the track has and what was heard."""
    figure, axes = pyplot.subplots(len(pairs), 2, figsize=(13, 3.4 * len(pairs)), sharey=True, squeeze=False)
    for row, (title, plain, morphed) in zip(axes, pairs, strict=True):
        for axis, samples, what in zip(row, (plain, morphed), ("as it is", "under random targets"), strict=True):
            _spectrogram(axis, samples, f"{title}, {what}")
        row[0].set_ylabel("kHz")
    for axis in axes[-1]:
        axis.set_xlabel("seconds")
    figure.tight_layout()
    figure.savefig(place, dpi=80)
    pyplot.close(figure)


def _spectrogram(axis: Axes, samples: Stereo, title: str) -> None:
    windows = np.lib.stride_tricks.sliding_window_view(samples.mean(axis=1), _WINDOW)[:: _WINDOW // 4]
    levels = 20.0 * np.log10(np.abs(np.fft.rfft(windows * np.hanning(_WINDOW))) + 1e-9).T
    top = float(levels.max())
    extent = (0.0, len(samples) / RATE, 0.0, RATE / 2_000)
    axis.imshow(levels, aspect="auto", origin="lower", extent=extent, vmin=top - _RANGE_DB, vmax=top, cmap="magma")
    axis.set_title(title, fontsize=10)
