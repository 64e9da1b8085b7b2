"""An hour of composed music as a picture: moods, loudness, sections, and which parts play."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot
from matplotlib.patches import Rectangle

from soundit_edge.emotion import Mood
from soundit_edge.music.score import Bar, Part


def draw(place: Path, moods: Sequence[Mood], loudness: Sequence[float], composed: Sequence[tuple[float, Bar]]) -> None:
    """Write the picture.

    Args:
        place: a .png file.
        moods: of the room, one a second.
        loudness: of what was played, in LUFS over 3 s each.
        composed: the bars and their moments in seconds.
    """
    figure, (plane, level, form, parts) = pyplot.subplots(
        4, 1, figsize=(15, 9), sharex=True, height_ratios=(2, 2, 2, 2)
    )
    minutes = np.arange(len(moods)) / 60
    plane.plot(minutes, [mood.affect.valence for mood in moods], lw=0.8, label="valence")
    plane.plot(minutes, [mood.affect.arousal for mood in moods], lw=0.8, label="arousal")
    plane.legend(loc="upper right", fontsize=8)
    plane.set_ylabel("the room")
    level.plot(np.arange(len(loudness)) * 3 / 60, np.maximum(loudness, -50), lw=0.8, color="tab:green")
    level.set_ylabel("LUFS, 3 s")
    sections = sorted({bar.section for _, bar in composed})
    characters = sorted({bar.character for _, bar in composed})
    colours = pyplot.get_cmap("tab10")
    for t, bar in composed:
        row = sections.index(bar.section)
        form.barh(row, bar.bar_s / 60, left=t / 60, color=colours(characters.index(bar.character)), height=0.9)
    form.set_yticks(range(len(sections)), sections, fontsize=8)
    handles = [Rectangle((0, 0), 1, 1, color=colours(i)) for i in range(len(characters))]
    form.legend(handles, [str(name) for name in characters], loc="upper right", fontsize=7, ncols=len(characters))
    shown = [part for part in Part if any(note.voice is part for _, bar in composed for note in bar.notes)]
    for t, bar in composed:
        for part in {note.voice for note in bar.notes}:
            parts.barh(shown.index(part), bar.bar_s / 60, left=t / 60, color="tab:gray", height=0.9)
    parts.set_yticks(range(len(shown)), [str(part) for part in shown], fontsize=8)
    parts.set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(place, dpi=80)
    pyplot.close(figure)
