"""Draw what is composed: the eight moods as spectra with what was measured in them, and bars as a piano roll."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from soundit_edge.emotion import Emotion
from soundit_edge.film.plot import PART_COLOURS
from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.score import Bar, Part
from tools.command import command, tool_parser
from tools.music.compose import composed, measure, spectrogram

SECONDS: Final = 30.0
SHOWN_S: Final = 16.0
SHOWN_HZ: Final = (60.0, 11_000.0)
ROLL_BARS: Final = 16
ROLLED: Final = (Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.FEARFUL)


def draw_moods(path: Path, seed: int) -> None:
    """Draw a strip for each mood; its title says what was found in the samples."""
    figure, rows = plt.subplots(4, 2, figsize=(15, 12), sharex=True, sharey=True, layout="constrained")
    for emotion, axes in zip(Emotion, rows.T.flat, strict=True):
        samples = composed(emotion, SECONDS, seed)
        found = measure(samples)
        hertz, levels = spectrogram(downmix_half_rate(samples))
        seconds = np.arange(len(levels)) * 0.025
        shown = (seconds < SHOWN_S, hertz < SHOWN_HZ[1])
        decibels = 20 * np.log10(levels[np.ix_(*shown)].T + 1e-6)
        axes.pcolormesh(seconds[shown[0]], hertz[shown[1]], decibels, cmap="magma", vmin=-25, vmax=50, rasterized=True)
        axes.axhline(found.centroid_hz, color="white", linewidth=0.8, linestyle="--")
        axes.set_yscale("log")
        axes.set_ylim(*SHOWN_HZ)
        axes.set_title(
            f"{emotion}: {found.bpm:.0f} bpm, {NAMES[found.tonic]} {'minor' if found.minor else 'major'}, "
            f"centroid {found.centroid_hz:.0f} Hz, {found.lufs:.1f} LUFS, melody about {found.pitch:.0f}",
            fontsize=10,
        )
    for axes in rows[-1]:
        axes.set_xlabel("seconds")
    for axes in rows[:, 0]:
        axes.set_ylabel("Hz")
    figure.suptitle(
        f"The eight moods, composed with seed {seed}: tempo (or twice, or half of it), key, brightness and loudness "
        "as measured in the samples"
    )
    figure.savefig(path, dpi=64)
    plt.close(figure)


def draw_roll(path: Path, seed: int) -> None:
    """Draw the first bars of some moods, as notes."""
    figure, rows = plt.subplots(len(ROLLED), 1, figsize=(17, 4.2 * len(ROLLED)), layout="constrained")
    for emotion, axes in zip(ROLLED, rows, strict=True):
        composer = Composer(seed)
        _roll(axes, [composer.next_bar(BarRequest(sure_brief(emotion))) for _ in range(ROLL_BARS)], emotion)
    handles = [Rectangle((0, 0), 1, 1, color=colour) for colour in PART_COLOURS.values()]
    rows[0].legend(handles, map(str, PART_COLOURS), ncol=len(PART_COLOURS), loc="lower right", fontsize=8)
    figure.savefig(path, dpi=72)
    plt.close(figure)


def _roll(axes: Any, bars: list[Bar], emotion: Emotion) -> None:
    begin = 0
    for bar in bars:
        axes.axvline(begin, color="#c0c0c0" if bar.place else "#606060", linewidth=0.8)
        axes.text(begin + 0.1, 96, bar.motif.replace(", second half", " on") or "-", fontsize=6)
        if not bar.place:
            axes.text(begin + 0.1, 92.5, bar.section, fontsize=8, weight="bold")
        for note in bar.notes:
            if note.voice is Part.DRUMS:
                axes.plot(begin + note.start, 27 + (note.pitch - 35) / 3, ",", color="#303030")
            elif note.voice in PART_COLOURS:
                colour = PART_COLOURS[note.voice]
                corner, width = (begin + note.start, note.pitch - 0.45), note.length
                axes.add_patch(
                    Rectangle(corner, width, 0.9, color=colour, alpha=0.3 + 0.7 * note.velocity, linewidth=0)
                )
        begin += bar.beats_per_bar
    first = bars[0]
    axes.set(
        xlim=(0, begin),
        ylim=(26, 99),
        ylabel="MIDI pitch",
        yticks=range(36, 97, 12),
        xticks=range(0, begin + 1, first.beats_per_bar),
    )
    axes.set_title(
        f"{emotion}: {first.metre}, {first.pace:.0f} beats a minute, {NAMES[first.tonic]} {first.mode}; "
        "sections, and what the melody makes of which motif",
        fontsize=10,
    )


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.compose", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/pictures"))
    parser.add_argument("seed", type=int, nargs="?", default=1)
    options = parser.parse_args(arguments)
    folder, seed = options.folder, options.seed
    folder.mkdir(parents=True, exist_ok=True)
    draw_moods(folder / "compose_moods.png", seed)
    draw_roll(folder / "compose_roll.png", seed)


if __name__ == "__main__":
    sys.exit(main())
