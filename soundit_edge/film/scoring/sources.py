"""The sources of a film's music: composed for it, one track that is morphed to it, or songs of the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge.film import FilmError
from soundit_edge.film.scoring.morphed import MorphedTrack, MorphedTracks, load_piece
from soundit_edge.film.spotting.cue_sheet import Cue, ScoreSource, fitted
from soundit_edge.film.spotting.scenes import Scene
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
    scenes: Sequence[Scene],
    track: Path | None,
    seed: int,
    preset: Preset = MUSICAL,
    ensemble: Ensemble | None = None,
) -> ScoreSource:
    """Open the source of a film's music.

    Args:
        kind: one of `SOURCES`.
        scenes: of the film.
        track: the track for "morph"; None: the theme.
        seed: of the music; another number gives other music.
        preset: maps moods to music.
        ensemble: who plays what is composed; None: the seed chooses.

    Raises:
        SounditError: the source has nothing that can be played.
    """
    if kind == MORPH:
        return morphed_tracks(scenes, track, seed, preset)
    if kind == LIBRARY:
        return library_tracks(scenes, seed, preset)
    from soundit_edge.film.scoring.composed import Composed, natural_bar_s
    from soundit_edge.music.mix.open_synth import open_synth

    return Composed(fitted(scenes, natural_bar_s), seed, open_synth(), preset, ensemble)


def morphed_tracks(scenes: Sequence[Scene], track: Path | None, seed: int, preset: Preset) -> ScoreSource:
    """Morph one track, or the theme of a seed, to all scenes.

    Raises:
        TrackError: the track cannot be played.
    """
    loaded = load_piece(ThemeSource(seed) if track is None else FileSource(track))
    bar_s = loaded.track.bar_s
    cue_sheet = fitted(scenes, lambda scene: bar_s / _tempo(scene, preset))
    return MorphedTracks(cue_sheet, lambda cue: loaded, preset)


def library_tracks(scenes: Sequence[Scene], seed: int, preset: Preset) -> ScoreSource:
    """Morph songs of the library to the scenes, one chosen for each.

    Raises:
        SounditError: the library is missing or empty, or its songs cannot be played.
    """
    from soundit_edge.film.scoring.library_songs import Bars, choose, songs_of_library
    from soundit_edge.music.library.recommend.reach import reach_of

    bars = Bars()
    songs = choose(songs_of_library(), scenes, seed, reach_of(preset), bars)
    paths = dict(zip((scene.start for scene in scenes), (song.path for song in songs), strict=True))
    cue_sheet = fitted(scenes, lambda scene: (bars[paths[scene.start]] or 2.0) / _tempo(scene, preset))
    return MorphedTracks(cue_sheet, _Loader(paths), preset)


class _Loader:
    """Loads the song of a cue, once for consecutive cues with the same song."""

    def __init__(self, paths: dict[float, str]) -> None:
        self._paths = paths
        self._last: tuple[str, MorphedTrack] | None = None

    def __call__(self, cue: Cue) -> MorphedTrack:
        path = self._paths[cue.scene.start]
        if self._last is None or self._last[0] != path:
            self._last = path, load_piece(FileSource(Path(path)))
        return self._last[1]


def _tempo(scene: Scene, preset: Preset) -> float:
    return destination(scene.emotion, scene.affect, scene.confidence, preset).tempo
