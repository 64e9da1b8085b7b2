"""Draw the sound of a scored film: its spectrogram, with the bar lines that its report tells of.

python -m tools.plot.score scored.mp4 --report report.json -o docs/pictures/score_dinner_spectrogram.png
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np
import numpy.typing as npt
from scipy.signal import stft

matplotlib.use("Agg")

from matplotlib import pyplot

from soundit_edge.audio.decode import decode
from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.score import BEATS
from tools.command import command, tool_parser

WINDOW: Final = 4096
LOWEST_HZ, HIGHEST_HZ = 40.0, 16_000.0
RANGE_DB: Final = 70.0


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.score", __doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--report", type=Path, required=True, help="what soundit score wrote beside it")
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    draw(decode(given.film), json.loads(given.report.read_text()), given.output)


def centroid(power: npt.NDArray[np.float64], hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the centre of gravity of each spectrum of [bins, frames], in Hz."""
    middle: npt.NDArray[np.float64] = (hertz[:, np.newaxis] * power).sum(axis=0) / np.maximum(power.sum(axis=0), 1e-12)
    return middle


def draw(sound: Stereo, report: dict[str, Any], path: Path) -> None:
    """Write the picture."""
    hertz, times, spectra = stft(sound.mean(axis=1), RATE, nperseg=WINDOW, noverlap=WINDOW * 3 // 4)
    size = np.abs(spectra)
    level = 20 * np.log10(size + 1e-9)
    figure, panel = pyplot.subplots(figsize=(11, 5), dpi=110, layout="constrained")
    top = float(level.max())
    panel.pcolormesh(times, hertz[1:], level[1:], cmap="magma", vmin=top - RANGE_DB, vmax=top, rasterized=True)
    panel.plot(times, centroid(size, hertz), color="#7fd4ff", linewidth=0.8, label="centroid")
    for music in report["music"]:
        if music["tempo_bpm"] is None:
            continue
        bar_s = 60.0 * BEATS / music["tempo_bpm"]
        for line in np.arange(music["start"], music["end"] - 1e-3, bar_s):
            panel.axvline(line, color="white", linewidth=0.5, alpha=0.5)
    panel.set_yscale("log")
    panel.set_ylim(LOWEST_HZ, HIGHEST_HZ)
    panel.set_xlim(0.0, report["duration_s"])
    panel.set_xlabel("seconds; thin lines are the plan's bars")
    panel.set_ylabel("Hz")
    found = analyse(sound)
    tempo = "no beat" if found.rhythm.bpm is None else f"{found.rhythm.bpm:.1f} bpm"
    panel.set_title(
        f"as measured: {tempo}, {found.key.name} {found.key.mode}, {found.loudness:.1f} LUFS, "
        f"centroid {np.median(centroid(size, hertz)):.0f} Hz",
        fontsize=11,
        loc="left",
    )
    panel.legend(loc="upper right", fontsize=8)
    figure.savefig(path)
    pyplot.close(figure)


if __name__ == "__main__":
    sys.exit(main())
