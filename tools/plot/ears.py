"""Draw the spectra and the spectrograms of the pieces of `make bench-ears`, beside real music."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soundfile

from soundit_edge.audio.format import RATE
from soundit_edge.emotion import EMOTIONS, Emotion
from tools.command import command, tool_parser

_WINDOW: Final = 4_096
_CENTRES: Final = 31.25 * 2.0 ** (np.arange(28) / 3)
_SHOWN_DB: Final = 80.0


def power(path: Path) -> npt.NDArray[np.float64]:
    """Return the power spectrogram of a sound file's middle, float64 [moments, _WINDOW // 2 + 1]."""
    samples, rate = soundfile.read(path, always_2d=True)
    if rate != RATE:
        raise ValueError(f"{path}: {rate} Hz, not {RATE}")
    frames = np.lib.stride_tricks.sliding_window_view(samples.mean(axis=1), _WINDOW)[:: _WINDOW // 2]
    found: npt.NDArray[np.float64] = np.square(np.abs(np.fft.rfft(frames * np.hanning(_WINDOW))))
    return found


def thirds(spectrogram: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean level in each third of an octave in dB beside the whole, float64 [len(_CENTRES)]."""
    mean, hertz = spectrogram.mean(axis=0), np.fft.rfftfreq(_WINDOW, 1 / RATE)
    edges = np.append(_CENTRES * 2 ** (-1 / 6), _CENTRES[-1] * 2 ** (1 / 6))
    sums = np.array([mean[(hertz >= a) & (hertz < b)].sum() for a, b in pairwise(edges)])
    levels: npt.NDArray[np.float64] = 10.0 * np.log10(np.maximum(sums / mean.sum(), 1e-9))
    return levels


def draw_spectra(moods: dict[Emotion, list[Path]], real: list[Path], out: Path) -> None:
    """Draw the mean spectrum of each mood over the range of the real tracks."""
    from matplotlib.figure import Figure

    tracks = np.array([thirds(power(path)) for path in real])
    figure = Figure(figsize=(12, 6), layout="constrained")
    panels: Any = figure.subplots(2, 4, sharex=True, sharey=True)
    low, middle, high = np.percentile(tracks, (10, 50, 90), axis=0)
    for panel, (emotion, paths) in zip(panels.flat, moods.items(), strict=True):
        panel.fill_between(_CENTRES, low, high, color="0.85", label=f"{len(real)} real tracks, 10 to 90 %")
        panel.plot(_CENTRES, middle, color="0.5", label="their median")
        panel.plot(_CENTRES, np.mean([thirds(power(path)) for path in paths], axis=0), color="C3", label="composed")
        panel.set(title=str(emotion), xscale="log", ylim=(-60, 0))
        panel.grid(alpha=0.3)
    panels[0, 0].legend(fontsize=8, loc="lower center")
    figure.supxlabel("Hz")
    figure.supylabel("dB of the whole, thirds of an octave")
    figure.savefig(out, dpi=90)


def draw_spectrograms(moods: dict[Emotion, list[Path]], real: Path, out: Path) -> None:
    """Draw a minute of each mood, and of a real track."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 9), layout="constrained")
    panels: Any = figure.subplots(3, 3, sharex=True, sharey=True)
    shown = {**{str(emotion): paths[0] for emotion, paths in moods.items()}, f"real: {real.stem[5:]}": real}
    for panel, (name, path) in zip(panels.flat, shown.items(), strict=True):
        levels = 10.0 * np.log10(power(path).T + 1e-9)
        times = np.arange(levels.shape[1]) * _WINDOW / 2 / RATE
        hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
        panel.pcolormesh(
            times, hertz, levels, vmax=levels.max(), vmin=levels.max() - _SHOWN_DB, cmap="magma", shading="nearest"
        )
        panel.set(title=name, yscale="symlog", ylim=(40, 20_000))
    figure.supxlabel("s")
    figure.supylabel("Hz")
    figure.savefig(out, dpi=80)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.ears", __doc__)
    parser.add_argument("cache", type=Path, nargs="?", default=Path(".cache/ears"), help="of the bench")
    parser.add_argument("out", type=Path, nargs="?", default=Path("docs/pictures"), help="folder for the pictures")
    options = parser.parse_args(arguments)
    moods = {emotion: sorted((options.cache / "pieces").glob(f"{emotion}-*.wav")) for emotion in EMOTIONS}
    # A track that ends before the part that is listened to leaves an empty file, and no figures beside it.
    real = [path for path in sorted((options.cache / "real").glob("*.wav")) if path.with_suffix(".json").exists()]
    if not real or not all(moods.values()):
        raise SystemExit(f"{options.cache}: no pieces yet; run make bench-ears")
    draw_spectra(moods, real, options.out / "compose_spectra.png")
    draw_spectrograms(moods, real[0], options.out / "compose_spectrograms.png")


if __name__ == "__main__":
    sys.exit(main())
