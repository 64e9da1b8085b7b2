"""The report of a score as JSON: the scenes that were found, their sections, and the music that was played."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from soundit_edge.film.spotting.cue_sheet import Played, PlayedNote
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.score import Part
from soundit_edge.text import presentable


def describe(
    seconds: float,
    scenes: Sequence[Scene],
    sections: Sequence[SceneSection],
    played: Sequence[Played],
    notes: Sequence[PlayedNote],
    wall_s: float,
) -> dict[str, Any]:
    """Return the report as values for JSON; times are in seconds of the film's clock, `wall_s` is the time it took."""
    ordered = sorted(notes, key=lambda note: note.start)
    return {
        "duration_s": round(seconds, 3),
        "scenes": [_stretch(scene) for scene in scenes],
        "sections": [_stretch(section) | {"turn": section.turn} | _written(section, ordered) for section in sections],
        "music": [
            {
                "start": round(music.start, 3),
                "end": round(music.end, 3),
                "source": presentable(music.source),
                "tempo_bpm": None if music.tempo_bpm is None else round(music.tempo_bpm, 2),
                "key": music.key,
                "mode": music.mode,
            }
            for music in played
        ],
        "wall_s": round(wall_s, 2),
    }


def _stretch(scene: Scene) -> dict[str, Any]:
    return {
        "start": round(scene.start, 3),
        "end": round(scene.end, 3),
        "emotion": scene.emotion.value,
        "valence": round(scene.affect.valence, 4),
        "arousal": round(scene.affect.arousal, 4),
    }


def _written(section: SceneSection, notes: Sequence[PlayedNote]) -> dict[str, Any]:
    """Return what a section's notes are like, of those of the film in order of time; None, where none are known."""
    begin, end = (bisect_left(notes, t, key=lambda note: note.start) for t in (section.start, section.end))
    within = notes[begin:end]
    pitches = [note.pitch for note in within if note.part is not Part.DRUMS]
    return {
        "notes_per_s": round(len(within) / (section.end - section.start), 2) if notes else None,
        "pitch": statistics.median(pitches) if pitches else None,
    }
