"""The report of a score as JSON: the scenes that were found, and the music that was played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soundit_edge.film.spotting.cue_sheet import Played
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.text import presentable


def describe(seconds: float, scenes: Sequence[Scene], played: Sequence[Played], wall_s: float) -> dict[str, Any]:
    """Return the report as values for JSON; times are in seconds of the film's clock, `wall_s` is the time it took."""
    return {
        "duration_s": round(seconds, 3),
        "scenes": [
            {
                "start": round(scene.start, 3),
                "end": round(scene.end, 3),
                "emotion": scene.emotion.value,
                "valence": round(scene.affect.valence, 4),
                "arousal": round(scene.affect.arousal, 4),
            }
            for scene in scenes
        ],
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
