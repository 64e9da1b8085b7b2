"""Songs without files."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.library.song import Song

GENRES: Final = ("rock", "folk", "jazz", "metal", "electronic", "classical", "pop", "soul")


def song(number: int = 1, valence: float = 0.0, arousal: float = 0.0, **others: Any) -> Song:
    """One that only has what a test is about."""
    known: dict[str, Any] = {
        "path": f"/music/{number}.ogg",
        "title": f"song {number}",
        "artist": "",
        "genre": "",
        "duration_s": 240.0,
        "bpm": 100.0,
        "key": "C",
        "mode": "major",
        "lufs": -14.0,
        "true_peak_db": -1.0,
        "source": "given",
    }
    return Song(number, valence=valence, arousal=arousal, **{**known, **others})


def many_songs(count: int, seed: int = 1) -> list[Song]:
    """A library of its own with this seed: genres have their tempi and moods, and artists their genres."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-0.6, 0.6, (len(GENRES), 2))
    tempi = rng.uniform(75.0, 150.0, len(GENRES))
    made = []
    for number in range(1, count + 1):
        artist = int(rng.integers(max(1, count // 8)))
        genre = artist % len(GENRES)
        valence, arousal = np.clip(centres[genre] + rng.normal(0.0, 0.4, 2), -1.0, 1.0)
        tempo = tempi[genre] * 2.0 ** (0.3 * arousal + rng.normal(0.0, 0.15))
        made.append(
            song(
                number,
                float(valence),
                float(arousal),
                artist=f"artist {artist}",
                genre=GENRES[genre],
                duration_s=float(rng.uniform(120.0, 360.0)),
                bpm=float(np.clip(tempo, 50.0, 200.0)),
                key=NAMES[rng.integers(12)],
                mode="minor" if rng.random() < 0.5 - 0.4 * valence else "major",
                lufs=float(rng.normal(-13.0 + 3.0 * arousal, 2.0)),
                source="sound",
            )
        )
    return made
