"""Music whose key is known, as cues of its key: what `tools.music.train_key` learns from."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benches.analysis_pieces import SECONDS, kinds, piece
from benches.analysis_tracks import synthetic
from soundit_edge.audio.format import Stereo
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.music.analysis.chroma import chroma
from soundit_edge.music.analysis.key import Key
from soundit_edge.music.analysis.key_cues import CUES, by_tonic, key_cues
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.render.composition import OfflineBrief, bars
from soundit_edge.music.score import Bar
from tools.music.compose import composed
from tools.music.midi_sound import MidiSound, messages_of

Floats = npt.NDArray[np.float64]

PIECES: Final = range(1, 13)
TRACKS: Final = range(1_000, 1_120)
COMPOSED: Final = range(100, 104)
COMPOSED_S: Final = 60.0
VGMIDI_S: Final = 30.0
ASAP_S: Final = 60.0
_LETTERS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True, slots=True, eq=False)
class KeyedMusic:
    """Tracks and their keys.

    Attributes:
        cues: as `by_tonic` has them, float64 [tracks, 12, n].
        keys: 1 for each key that is right, else 0, float64 [tracks, 24], the major ones first.
    """

    cues: Floats
    keys: Floats

    def __len__(self) -> int:
        return len(self.keys)

    def of(self, which: npt.NDArray[np.bool_]) -> KeyedMusic:
        """Return some of them."""
        return KeyedMusic(self.cues[which], self.keys[which])


def own_pieces(fonts: Sequence[Path], cache: Path) -> KeyedMusic:
    """Return the pieces of `PIECES`, of which each seed is played by the next SoundFont."""
    sets = [_of_seed(seed, fonts[seed % len(fonts)], cache) for seed in PIECES]
    return KeyedMusic(np.concatenate([some.cues for some in sets]), np.concatenate([some.keys for some in sets]))


def own_tracks(cache: Path) -> KeyedMusic:
    """Return the tracks of `TRACKS`."""

    def made() -> Iterator[tuple[Stereo, list[int]]]:
        for seed in TRACKS:
            samples, truth = synthetic(seed)
            yield samples, [truth.tonic + 12 * truth.minor]

    return _kept(f"tracks {TRACKS}", made, cache)


def own_composed(cache: Path) -> KeyedMusic:
    """Return what is composed in each mood by the seeds of `COMPOSED`: the modes that the other sets lack.

    Its cache is to be deleted where the composer has changed.
    """

    def made() -> Iterator[tuple[Stereo, list[int]]]:
        for seed in COMPOSED:
            for emotion in Emotion:
                key = composed_key(bars(seed, OfflineBrief(emotion), COMPOSED_S))
                yield composed(emotion, COMPOSED_S, seed), [key.tonic + 12 * key.minor]

    return _kept(f"composed {COMPOSED} {COMPOSED_S}", made, cache)


def vgmidi(folder: Path, font: Path, cache: Path) -> KeyedMusic:
    """Return VGMIDI's pieces that state one key signature; C says nothing, for it is what is stated by default."""
    rows = [row for row in _rows(folder / "vgmidi.csv") if row["keysigs"] == "1" and row["keysig"] not in ("", "C")]
    return _performances(folder, rows, [_of_signature(row["keysig"]) for row in rows], font, VGMIDI_S, cache)


def asap(folder: Path, font: Path, cache: Path) -> KeyedMusic:
    """Return ASAP's performances whose key is known."""
    rows = [row for row in _rows(folder / "asap.csv") if row["key"]]
    keys = [[tonic_of(row["key"]) + 12 * (row["mode"] == "minor")] for row in rows]
    return _performances(folder, rows, keys, font, ASAP_S, cache)


def _of_seed(seed: int, font: Path, cache: Path) -> KeyedMusic:
    def made() -> Iterator[tuple[Stereo, list[int]]]:
        sound = _sound(font)
        for k, kind in enumerate(kinds(seed)):
            yield sound.play(piece(kind, 100 * seed + k)[0], SECONDS), [kind.tonic + 12 * kind.minor]

    return _kept(f"pieces {seed} {font.name} {SECONDS}", made, cache)


def _performances(
    folder: Path, rows: Sequence[dict[str, str]], keys: Sequence[list[int]], font: Path, seconds: float, cache: Path
) -> KeyedMusic:
    def made() -> Iterator[tuple[Stereo, list[int]]]:
        sound = _sound(font)
        for row, right in zip(rows, keys, strict=True):
            yield sound.play(messages_of(folder / row["path"]), seconds), right

    return _kept(f"{[row['path'] for row in rows]} {font.name} {seconds}", made, cache)


def _kept(name: str, made: Callable[[], Iterator[tuple[Stereo, list[int]]]], cache: Path) -> KeyedMusic:
    """Return tracks with the keys that are right, from the cache or made now."""
    place = cache / f"{hashlib.sha256(f'{CUES} {name}'.encode()).hexdigest()[:16]}.npz"
    if not place.exists():
        cues, keys = [], []
        for samples, right in made():
            cues.append(by_tonic(key_cues(chroma(downmix_half_rate(samples)))))
            keys.append(np.isin(np.arange(24), right).astype(np.float64))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(place, cues=cues, keys=keys)
    with np.load(place) as kept:
        return KeyedMusic(kept["cues"], kept["keys"])


def _sound(font: Path) -> MidiSound:
    try:
        return MidiSound(font)
    except OSError as error:
        raise SounditError(str(error)) from error


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise SounditError(f"{path}: cannot be read; give the folder of the music with --data") from error


def composed_key(bars: Iterable[Bar]) -> Key:
    """Return the key that most bars are in; it is minor where the mode's chord of home is."""
    (tonic, mode), _ = Counter((bar.tonic, bar.mode) for bar in bars).most_common(1)[0]
    return Key(tonic, MODES[mode].minor)


def tonic_of(name: str) -> int:
    """Return the semitones above C of a note's name, such as "F#m"."""
    return (_LETTERS[name[0]] + name.count("#") - name.count("b")) % 12


def _of_signature(name: str) -> list[int]:
    """Return a key and its relative."""
    tonic = tonic_of(name)
    return [12 + tonic, (tonic + 3) % 12] if name.endswith("m") else [tonic, 12 + (tonic + 9) % 12]
