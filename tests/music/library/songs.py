"""Songs to test the library with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS
from soundit_edge.music.library.database import SOURCES
from soundit_edge.music.library.imports.feelings import FEELINGS
from soundit_edge.music.library.song import Song


def song(number: int = 0, path: str = "/music/song.flac", **more: Any) -> Song:
    """Some song."""
    facts: dict[str, Any] = {
        "title": "Song",
        "artist": "Somebody",
        "genre": "rock",
        "duration_s": 200.0,
        "bpm": 120.0,
        "key": "C",
        "mode": "major",
        "lufs": -14.0,
        "true_peak_db": -1.0,
        "valence": 0.5,
        "arousal": 0.25,
        "source": "sound",
    }
    return Song(number, path, **{**facts, **more})


def a_file(
    path: Path,
    title: str = "",
    artist: str = "",
    genre: str = "",
    seconds: float = 1.0,
    hz: float = 440.0,
    album: str = "",
) -> Path:
    """A short FLAC or OGG file with these tags."""
    path.parent.mkdir(parents=True, exist_ok=True)
    t = np.arange(round(seconds * 48_000)) / 48_000
    samples = 0.2 * np.sin(2 * np.pi * hz * t)
    kind = "FLAC" if path.suffix == ".flac" else "OGG"
    with soundfile.SoundFile(path, "w", 48_000, 1, format=kind) as file:
        for name, value in (("title", title), ("artist", artist), ("genre", genre), ("album", album)):
            if value:
                setattr(file, name, value)
        file.write(samples)
    return path


def songs() -> st.SearchStrategy[Song]:
    """Any songs."""
    text = st.text(st.characters(codec="utf-8"), max_size=20)
    number = st.floats(-1e6, 1e6)
    share = st.floats(0.0, 1.0)
    return st.builds(
        Song,
        st.just(0),
        text,
        text.filter(bool),
        text,
        text,
        number,
        st.none() | number,
        st.sampled_from(["C", "F#"]),
        st.sampled_from(["major", "minor"]),
        *[number] * 4,
        st.sampled_from(SOURCES),
        st.dictionaries(st.sampled_from(FEELINGS), share),
        st.none() | share,
        st.dictionaries(st.sampled_from([str(e) for e in EMOTIONS]), share),
        text,
        st.frozensets(st.sampled_from(EMOTIONS)),
    )
