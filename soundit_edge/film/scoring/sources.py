"""Where a film's music comes from: composed for it, one track that is bent to it, or songs of the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.film import FilmError
from soundit_edge.film.scoring.morphed import BentTracks, MorphedTrack
from soundit_edge.film.spotting.cue_sheet import Cue, ScoreSource, fitted
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.load import load

COMPOSE: Final = "compose"
LIBRARY: Final = "library"
MORPH: Final = "morph"
SOURCES: Final = (COMPOSE, LIBRARY, MORPH)


def check_source(kind: str, track: Path | None) -> None:
    """Refuse, before a film is read, what nothing could be played from.

    Raises:
        SounditError: the track is missing, or there is no library, or nothing in it.
    """
    if track is not None and not track.is_file():
        raise FilmError(f"{track}: no such file")
    if kind == LIBRARY:
        from soundit_edge.film.scoring.library_songs import songs_of_library

        songs_of_library()


def source_for(
    kind: str, scenes: Sequence[Scene], track: Path | None, seed: int, preset: Preset = MUSICAL
) -> ScoreSource:
    """What plays to a film.

    Args:
        kind: one of `SOURCES`.
        scenes: of the film.
        track: what "morph" bends; None: the theme.
        seed: another number is other music.
        preset: what moods sound like.

    Raises:
        SounditError: there is nothing that could be played.
    """
    if kind == MORPH:
        return bent(scenes, track, seed, preset)
    if kind == LIBRARY:
        return picked(scenes, seed, preset)
    from soundit_edge.film.scoring.composed import Composed, natural_bar_s
    from soundit_edge.music.synth.open_synth import open_synth

    return Composed(fitted(scenes, natural_bar_s), seed, open_synth(eager=False), preset)


def bent(scenes: Sequence[Scene], track: Path | None, seed: int, preset: Preset) -> ScoreSource:
    """One track, or the theme of a seed, bent to all scenes.

    Raises:
        TrackError: the track cannot be played.
    """
    loaded = _theme(seed) if track is None else _loaded(track)
    bar_s = loaded.track.bar_s
    plan = fitted(scenes, lambda scene: bar_s / _tempo(scene, preset))
    return BentTracks(plan, lambda section: loaded, preset)


def picked(scenes: Sequence[Scene], seed: int, preset: Preset) -> ScoreSource:
    """Songs of the library.

    Raises:
        SounditError: there is no library, it is empty, or what is in it cannot be played.
    """
    from soundit_edge.film.scoring.library_songs import Bars, choose, songs_of_library
    from soundit_edge.music.library.recommend.reach import reach_of

    bars = Bars()
    songs = choose(songs_of_library(), scenes, seed, reach_of(preset), bars)
    paths = dict(zip((scene.start for scene in scenes), (song.path for song in songs), strict=True))
    plan = fitted(scenes, lambda scene: (bars[paths[scene.start]] or 2.0) / _tempo(scene, preset))
    return BentTracks(plan, _Loader(paths), preset)


class _Loader:
    """Loads the song of a section, once for sections that follow each other."""

    def __init__(self, paths: dict[float, str]) -> None:
        self._paths = paths
        self._last: tuple[str, MorphedTrack] | None = None

    def __call__(self, section: Cue) -> MorphedTrack:
        path = self._paths[section.scene.start]
        if self._last is None or self._last[0] != path:
            self._last = path, _loaded(Path(path))
        return self._last[1]


def _tempo(scene: Scene, preset: Preset) -> float:
    return destination(scene.emotion, scene.affect, scene.confidence, preset).tempo


def _theme(seed: int) -> MorphedTrack:
    from soundit_edge.music.compose.theme.theme import theme

    track = theme(seed)
    return MorphedTrack(track, analyse(track.sound).key, track.title)


def _loaded(path: Path) -> MorphedTrack:
    """A track at the loudness that all have."""
    there = load(path)
    track = replace(there.track, samples=there.track.samples * np.float32(there.analysis.gain))
    return MorphedTrack(track, there.analysis.key, str(path))
