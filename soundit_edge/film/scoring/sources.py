"""The sources of a film's music: composed for it, one track that is morphed to it, or songs of the library."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge.film import FilmError
from soundit_edge.film.scoring.morphed import MorphedTrack, MorphedTracks, load_piece
from soundit_edge.film.spotting.cue_sheet import Cue, ScoreSource, fitted
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.film.spotting.spotting import Spotting
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.source import FileSource, ThemeSource

COMPOSE: Final = "compose"
LIBRARY: Final = "library"
MORPH: Final = "morph"
SOURCES: Final = (COMPOSE, LIBRARY, MORPH)


def check_source(kind: str, track: Path | None) -> None:
    """Refuse, before a film is read, a source that could not play anything.

    Raises:
        SounditError: the track is missing, or the library is missing or empty.
    """
    if track is not None and not track.is_file():
        raise FilmError(f"{track}: no such file")
    if kind == LIBRARY:
        from soundit_edge.film.scoring.library_songs import songs_of_library

        songs_of_library()


def source_for(
    kind: str,
    spotting: Spotting,
    track: Path | None,
    seed: int,
    preset: Preset = MUSICAL,
    ensemble: Ensemble | None = None,
) -> ScoreSource:
    """Open the source of a film's music.

    Args:
        kind: one of `SOURCES`.
        spotting: what the film asks for.
        track: the track for "morph"; None: the theme.
        seed: of the music; another number gives other music.
        preset: maps moods to music.
        ensemble: who plays what is composed; None: the seed chooses.

    Raises:
        SounditError: the source has nothing that can be played.
    """
    if kind == MORPH:
        return morphed_tracks(spotting.sections, track, seed, preset)
    if kind == LIBRARY:
        return library_tracks(spotting, seed, preset)
    from soundit_edge.film.scoring.composed import Composed, natural_bar_s
    from soundit_edge.music.mix.open_synth import open_synth

    cue_sheet = fitted(spotting.sections, natural_bar_s)
    return Composed(cue_sheet, seed, open_synth(), preset, ensemble, spotting.speech)


def morphed_tracks(sections: Sequence[SceneSection], track: Path | None, seed: int, preset: Preset) -> ScoreSource:
    """Morph one track, or the theme of a seed, to all sections.

    Raises:
        TrackError: the track cannot be played.
    """
    loaded = load_piece(ThemeSource(seed) if track is None else FileSource(track))
    bar_s = loaded.track.bar_s
    cue_sheet = fitted(sections, lambda section: bar_s / _tempo(section, preset))
    return MorphedTracks(cue_sheet, lambda cue: loaded, preset)


def library_tracks(spotting: Spotting, seed: int, preset: Preset) -> ScoreSource:
    """Morph songs of the library to the sections; one is chosen for each scene.

    Raises:
        SounditError: the library is missing or empty, or its songs cannot be played.
    """
    from soundit_edge.film.scoring.library_songs import Bars, choose, songs_of_library
    from soundit_edge.music.library.recommend.reach import reach_of

    bars = Bars()
    songs = choose(songs_of_library(), spotting.scenes, seed, reach_of(preset), bars)
    paths = _PathsByScene(spotting.scenes, [song.path for song in songs])
    cue_sheet = fitted(spotting.sections, lambda section: (bars[paths.of(section)] or 2.0) / _tempo(section, preset))
    return MorphedTracks(cue_sheet, _Loader(paths), preset)


class _PathsByScene:
    """The path of each scene's song."""

    def __init__(self, scenes: Sequence[Scene], paths: Sequence[str]) -> None:
        self._starts = [scene.start for scene in scenes]
        self._paths = paths

    def of(self, section: SceneSection) -> str:
        return self._paths[bisect_right(self._starts, section.start) - 1]


class _Loader:
    """Loads the song of a cue, once for consecutive cues with the same song."""

    def __init__(self, paths: _PathsByScene) -> None:
        self._paths = paths
        self._last: tuple[str, MorphedTrack] | None = None

    def __call__(self, cue: Cue) -> MorphedTrack:
        path = self._paths.of(cue.section)
        if self._last is None or self._last[0] != path:
            self._last = path, load_piece(FileSource(Path(path)))
        return self._last[1]


def _tempo(section: SceneSection, preset: Preset) -> float:
    return destination(section.emotion, section.affect, section.confidence, preset).tempo
