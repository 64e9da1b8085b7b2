"""A picture of a score: the mood over time, the scenes, what each sense said, and what the music did."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.film.container.workdir import unwritten
from soundit_edge.film.scoring.mix import DUCK_DB, Ducking
from soundit_edge.film.spotting.cue_sheet import Played
from soundit_edge.film.spotting.readings_cache import Findings
from soundit_edge.film.spotting.scenes import Moment, Scene
from soundit_edge.modalities import MODALITIES
from soundit_edge.text import presentable

COLOURS: Final = {
    Emotion.NEUTRAL: "#9a9a9a",
    Emotion.CALM: "#5aa9a4",
    Emotion.HAPPY: "#e2b100",
    Emotion.SAD: "#4668b0",
    Emotion.ANGRY: "#c23b32",
    Emotion.FEARFUL: "#7a4fa0",
    Emotion.DISGUSTED: "#6f8a2f",
    Emotion.SURPRISED: "#e07b2a",
}
SENSE_COLOURS: Final = ("#e2b100", "#4668b0", "#c23b32", "#2f8a57", "#9a6ab0")
MAX_POINTS: Final = 2_000
"""A curve of more is thinned: a picture has no more columns."""
MAX_NAMES: Final = 24
"""More scenes or pieces than this are not named: the names would lie on each other."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn.

    Attributes:
        course: moods over time.
        scenes, played, found: of the film.
        ducking: how the music made way for speech.
        title: above it all.
    """

    course: Sequence[Moment]
    scenes: Sequence[Scene]
    played: Sequence[Played]
    found: Findings
    ducking: Ducking
    title: str


def draw(drawing: Drawing, path: Path) -> None:
    """Draw into a PNG file.

    Raises:
        FilmError: it cannot be written.
    """
    # Without pyplot: no window, no state, and its half second of import is paid by who asks for a picture.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(11, 8.4), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    heights = {"mood": 3.0, "valence": 1.7, "arousal": 1.7, "tempo": 1.5, "duck": 1.0}
    panels = figure.subplots(len(heights), 1, sharex=True, gridspec_kw={"height_ratios": list(heights.values())})
    mood, valence, arousal, tempo, duck = panels
    figure.suptitle(presentable(drawing.title), parse_math=False, fontsize=12, x=0.01, ha="left")
    _mood(mood, drawing)
    _senses(valence, drawing, "valence")
    _senses(arousal, drawing, "arousal")
    _tempo(tempo, drawing)
    _duck(duck, drawing)
    for panel in panels:
        panel.grid(axis="x", alpha=0.25)
        for side in ("top", "right"):
            panel.spines[side].set_visible(False)
        for cut in drawing.found.cuts if len(drawing.found.cuts) <= 300 else ():
            panel.axvline(cut, color="#000000", linewidth=0.4, alpha=0.35)
    duck.set_xlim(0.0, drawing.found.seconds)
    duck.xaxis.set_major_locator(MaxNLocator(12, integer=True, steps=[1, 2, 3, 6, 10]))
    duck.xaxis.set_major_formatter(lambda t, _: f"{int(t) // 60}:{int(t) % 60:02d}")
    duck.set_xlabel("minutes and seconds of the film; thin lines are its cuts")
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise unwritten(path, "the picture", error) from error


def _mood(panel: Any, drawing: Drawing) -> None:
    for scene in drawing.scenes:
        panel.axvspan(scene.start, scene.end, color=COLOURS[scene.emotion], alpha=0.22, linewidth=0)
        if len(drawing.scenes) <= MAX_NAMES:
            panel.text((scene.start + scene.end) / 2, 1.07, scene.emotion.value, ha="center", fontsize=8, clip_on=True)
    thinned = _thinned(drawing.course)
    times = [moment.t for moment in thinned]
    for name, style in (("valence", "-"), ("arousal", "--")):
        read = [getattr(moment.affect, name) for moment in thinned]
        panel.plot(times, read, style, color="#222222", lw=1.2, label=f"{name}, read")
        edges = [t for scene in drawing.scenes for t in (scene.start, scene.end)]
        steps = [getattr(scene.affect, name) for scene in drawing.scenes for _ in range(2)]
        panel.plot(edges, steps, style, color="#b3202a", lw=1.6, label=f"{name}, scored")
    panel.axhline(0.0, color="#888888", linewidth=0.6)
    panel.set_ylim(-1.0, 1.2)
    panel.set_ylabel("mood")
    panel.legend(loc="lower right", ncols=4, fontsize=8, frameon=False)


def _senses(panel: Any, drawing: Drawing, name: str) -> None:
    """What each sense said by itself."""
    thinned = _thinned(drawing.course)
    for sense, colour in zip(MODALITIES, itertools.cycle(SENSE_COLOURS), strict=False):
        said = [(m.t, getattr(m.senses[sense], name)) for m in thinned if sense in m.senses]
        if said:
            times, values = zip(*said, strict=True)
            panel.plot(times, values, ".", color=colour, markersize=3, label=sense)
    panel.axhline(0.0, color="#888888", linewidth=0.6)
    panel.set_ylim(-1.0, 1.0)
    panel.set_ylabel(f"{name}\nby sense")
    if panel.get_legend_handles_labels()[1]:
        panel.legend(loc="lower right", ncols=5, fontsize=8, frameon=False, markerscale=2)
    else:
        panel.text(0.5, 0.5, "no sense had anything to say", transform=panel.transAxes, ha="center", fontsize=8)


def _tempo(panel: Any, drawing: Drawing) -> None:
    for played in drawing.played:
        panel.hlines(played.tempo_bpm, played.start, played.end, color="#222222", linewidth=2)
    if len(drawing.played) <= MAX_NAMES:
        for words, begin, end, bpm in _keys(drawing.played):
            panel.text((begin + end) / 2, bpm + 6, words, ha="center", fontsize=8, clip_on=True)
    panel.set_ylim(40.0, 170.0)
    panel.set_ylabel("bpm, key,\nmode")


def _keys(played: Sequence[Played]) -> Iterator[tuple[str, float, float, float]]:
    """Each key once, for as long as it holds: its name, from, to, and how high the tempo goes meanwhile."""
    run: list[Played] = []
    for one in played:
        if run and (run[0].key, run[0].mode) != (one.key, one.mode):
            yield _run(run)
            run = []
        run.append(one)
    if run:
        yield _run(run)


def _run(run: Sequence[Played]) -> tuple[str, float, float, float]:
    return f"{run[0].key} {run[0].mode}", run[0].start, run[-1].end, max(played.tempo_bpm for played in run)


def _duck(panel: Any, drawing: Drawing) -> None:
    for begin, end in drawing.found.speech:
        panel.axvspan(begin, end, color="#2f8a57", alpha=0.2, linewidth=0)
    times = np.linspace(0.0, drawing.found.seconds, MAX_POINTS)
    panel.plot(times, drawing.ducking.db(times), color="#222222", linewidth=1.2)
    panel.set_ylim(DUCK_DB - 2, 2.0)
    panel.set_ylabel("duck (dB),\nspeech")


def _thinned(course: Sequence[Moment]) -> Sequence[Moment]:
    return course[:: max(1, len(course) // MAX_POINTS)]
