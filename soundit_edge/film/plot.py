"""Plots a score: the mood over time, the sections, the readings of each sense, and the music's tempo, key, notes and
ducking."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.film.container.workdir import unwritten
from soundit_edge.film.scoring.mix import DUCK_DB, Ducking
from soundit_edge.film.spotting.cue_sheet import Played, PlayedNote
from soundit_edge.film.spotting.readings_cache import Findings
from soundit_edge.film.spotting.scenes import Moment
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.score import Part
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
PART_COLOURS: Final = {
    Part.LEAD: "#d1495b",
    Part.PAD: "#9ec5e8",
    Part.PLUCK: "#4fa58c",
    Part.BASS: "#31486b",
    Part.STINGER: "#f2b134",
}
MAX_POINTS: Final = 2_000
"""Longer curves are thinned: the picture does not have more columns."""
MAX_NOTES: Final = 4_000
"""More notes are counted for each second: as lines they would cover each other."""
MAX_NAMES: Final = 24
"""More sections or pieces are not labelled, because the labels would overlap."""
_DRUMS: Final = 18  # where the lowest drum is drawn
_WITHOUT_BEAT_BPM: Final = 60.0  # where the key of music without a beat is written


@dataclass(frozen=True, slots=True)
class Drawing:
    """The contents of a plot.

    Attributes:
        course: moods over time.
        sections: the sections of the film's scenes, as they were scored.
        played: the music that was played.
        notes: its notes; none, where recorded music was played.
        found: cuts, dialogue and length of the film.
        ducking: the ducking of the music under the dialogue.
        title: the title at the top.
    """

    course: Sequence[Moment]
    sections: Sequence[SceneSection]
    played: Sequence[Played]
    notes: Sequence[PlayedNote]
    found: Findings
    ducking: Ducking
    title: str


def draw(drawing: Drawing, path: Path) -> None:
    """Plot a score into a PNG file.

    Raises:
        FilmError: the file cannot be written.
    """
    # The import takes half a second, so only a run with a plot does it. Without pyplot no window or state is needed.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    heights = {"mood": 3.0, "valence": 1.7, "arousal": 1.7, "tempo": 1.5, "duck": 1.0}
    if drawing.notes:
        heights["notes"] = 2.4
    figure = Figure(figsize=(11, 0.94 * sum(heights.values())), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(heights), 1, sharex=True, gridspec_kw={"height_ratios": list(heights.values())})
    mood, valence, arousal, tempo, duck = panels[:5]
    figure.suptitle(presentable(drawing.title), parse_math=False, fontsize=12, x=0.01, ha="left")
    _mood(mood, drawing)
    _senses(valence, drawing, "valence")
    _senses(arousal, drawing, "arousal")
    _tempo(tempo, drawing)
    _duck(duck, drawing)
    if drawing.notes:
        _notes(panels[-1], drawing)
    turns = [section.start for section in drawing.sections if section.turn]
    for panel in panels:
        panel.grid(axis="x", alpha=0.25)
        for side in ("top", "right"):
            panel.spines[side].set_visible(False)
        for cut in drawing.found.cuts if len(drawing.found.cuts) <= 300 else ():
            panel.axvline(cut, color="#000000", linewidth=0.4, alpha=0.35)
        for turn in turns if len(turns) <= 300 else ():
            panel.axvline(turn, color="#b3202a", linewidth=0.9, linestyle=":")
    below = panels[-1]
    below.set_xlim(0.0, drawing.found.seconds)
    below.xaxis.set_major_locator(MaxNLocator(12, integer=True, steps=[1, 2, 3, 6, 10]))
    below.xaxis.set_major_formatter(lambda t, _: f"{int(t) // 60}:{int(t) % 60:02d}")
    below.set_xlabel("minutes and seconds of the film; thin lines are its cuts, dotted ones turns within a scene")
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise unwritten(path, "the picture", error) from error


def _mood(panel: Any, drawing: Drawing) -> None:
    for section in drawing.sections:
        panel.axvspan(section.start, section.end, color=COLOURS[section.emotion], alpha=0.22, linewidth=0)
        if len(drawing.sections) <= MAX_NAMES:
            middle = (section.start + section.end) / 2
            panel.text(middle, 1.07, section.emotion.value, ha="center", fontsize=8, clip_on=True)
    thinned = _thinned(drawing.course)
    times = [moment.t for moment in thinned]
    for name, style in (("valence", "-"), ("arousal", "--")):
        read = [getattr(moment.affect, name) for moment in thinned]
        panel.plot(times, read, style, color="#222222", lw=1.2, label=f"{name}, read")
        edges = [t for section in drawing.sections for t in (section.start, section.end)]
        steps = [getattr(section.affect, name) for section in drawing.sections for _ in range(2)]
        panel.plot(edges, steps, style, color="#b3202a", lw=1.6, label=f"{name}, scored")
    panel.axhline(0.0, color="#888888", linewidth=0.6)
    panel.set_ylim(-1.0, 1.2)
    panel.set_ylabel("mood")
    panel.legend(loc="lower right", ncols=4, fontsize=8, frameon=False)


def _senses(panel: Any, drawing: Drawing, name: str) -> None:
    """Plot the readings of each sense."""
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
        if played.tempo_bpm is not None:
            panel.hlines(played.tempo_bpm, played.start, played.end, color="#222222", linewidth=2)
    if len(drawing.played) <= MAX_NAMES:
        for words, begin, end, bpm in _keys(drawing.played):
            panel.text((begin + end) / 2, bpm + 6, words, ha="center", fontsize=8, clip_on=True)
    panel.set_ylim(40.0, 170.0)
    panel.set_ylabel("bpm, key,\nmode")


def _keys(played: Sequence[Played]) -> Iterator[tuple[str, float, float, float]]:
    """Yield the name of each key, the beginning and the end of its use, and the highest tempo in between."""
    run: list[Played] = []
    for one in played:
        if run and (run[0].key, run[0].mode) != (one.key, one.mode):
            yield _run(run)
            run = []
        run.append(one)
    if run:
        yield _run(run)


def _run(run: Sequence[Played]) -> tuple[str, float, float, float]:
    return (
        f"{run[0].key} {run[0].mode}",
        run[0].start,
        run[-1].end,
        max(played.tempo_bpm or _WITHOUT_BEAT_BPM for played in run),
    )


def _duck(panel: Any, drawing: Drawing) -> None:
    for begin, end in drawing.found.speech:
        panel.axvspan(begin, end, color="#2f8a57", alpha=0.2, linewidth=0)
    times = np.linspace(0.0, drawing.found.seconds, MAX_POINTS)
    panel.plot(times, drawing.ducking.db(times), color="#222222", linewidth=1.2)
    panel.set_ylim(DUCK_DB - 2, 2.0)
    panel.set_ylabel("duck (dB),\nspeech")


def _notes(panel: Any, drawing: Drawing) -> None:
    """Plot the notes as a piano roll, drums as dots under it; how many there are each second, where they are many."""
    if len(drawing.notes) > MAX_NOTES:
        count = min(MAX_POINTS // 4, max(1, math.ceil(drawing.found.seconds)))
        width = drawing.found.seconds / count
        counted, edges = np.histogram([note.start for note in drawing.notes], count, (0.0, drawing.found.seconds))
        panel.stairs(counted / width, edges, color="#222222", linewidth=0.8)
        panel.set_ylabel("notes a second")
        return
    for part, colour in PART_COLOURS.items():
        notes = [note for note in drawing.notes if note.part is part]
        pitches, starts, ends = ([getattr(n, name) for n in notes] for name in ("pitch", "start", "end"))
        if notes:
            panel.hlines(pitches, starts, ends, color=colour, linewidth=1.6, label=str(part))
    drums = [note for note in drawing.notes if note.part is Part.DRUMS]
    panel.plot([n.start for n in drums], [_DRUMS + (n.pitch - 35) / 4 for n in drums], ".", color="#555555", ms=1.5)
    panel.set_ylim(_DRUMS - 3, 100)
    panel.set_ylabel("notes\n(MIDI pitch)")
    panel.legend(loc="upper right", ncols=len(PART_COLOURS), fontsize=8, frameon=False)


def _thinned(course: Sequence[Moment]) -> Sequence[Moment]:
    return course[:: max(1, len(course) // MAX_POINTS)]
