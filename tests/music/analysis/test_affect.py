from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.emotion import Affect
from soundit_edge.music.analysis.affect import estimate
from soundit_edge.music.analysis.affect_cues import CUES, affect_cues
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.analysis.chroma import Chroma
from soundit_edge.music.analysis.spectral_flux import SpectralFlux
from tests.music.signals import stereo

MAJOR, MINOR = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)), ((0, 3, 7), (5, 8, 12), (7, 10, 14), (0, 3, 7))
CLUSTERS = ((0, 1, 6), (2, 3, 8), (1, 2, 7), (0, 1, 6))


def struck(chords: tuple[tuple[int, ...], ...], each_s: float, seconds: float = 16.0) -> Stereo:
    """Chords that are struck and die away, round and round."""
    t = np.arange(round(each_s * RATE)) / RATE
    pieces = []
    for k in range(round(seconds / each_s)):
        hertz = [220.0 * 2.0 ** (note / 12) for note in chords[k // max(1, round(2.0 / each_s)) % 4]]
        pieces.append(sum(np.sin(2 * np.pi * n * h * t) / n**2 for h in hertz for n in range(1, 5)) * np.exp(-t / 0.5))
    return stereo(0.05 * np.concatenate(pieces))


def affect_of(samples: Stereo) -> Affect:
    return estimate(analyse(samples).cues)


def test_major_is_more_pleasant_than_minor_and_both_than_clusters() -> None:
    major, minor, clusters = (affect_of(struck(chords, 0.5)).valence for chords in (MAJOR, MINOR, CLUSTERS))
    assert major > minor > clusters


def test_much_that_sets_in_is_more_aroused() -> None:
    assert affect_of(struck(MAJOR, 0.25)).arousal > affect_of(struck(MAJOR, 2.0)).arousal + 0.2


@pytest.mark.parametrize("gain_db", [-30.0, -12.0, 9.0])
def test_how_loud_a_song_is_does_not_matter(gain_db: float) -> None:
    song = struck(MINOR, 0.5)
    louder = affect_of(song * np.float32(10 ** (gain_db / 20)))
    assert (louder.valence, louder.arousal) == pytest.approx(
        (affect_of(song).valence, affect_of(song).arousal), abs=0.02
    )


@pytest.mark.parametrize("samples", [np.zeros((5 * RATE, 2)), np.zeros((1, 2))])
def test_silence_is_still_and_neither_pleasant_nor_unpleasant(samples: Stereo) -> None:
    assert affect_of(samples.astype(np.float32)) == Affect(0.0, -1.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(CUES), max_size=len(CUES)))
def test_any_song_lies_in_the_plane(cues: list[float]) -> None:
    found = estimate(cues)
    assert -1.0 <= found.valence <= 1.0
    assert -1.0 <= found.arousal <= 1.0


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 200), st.integers(0, 2**32 - 1), st.integers(0, 500))
def test_anything_has_cues(moments: int, seed: int, onsets: int) -> None:
    rng = np.random.default_rng(seed)
    notes = rng.random((moments, 12)) * (rng.random((moments, 12)) < 0.3)
    rises = rng.random(10 * moments)
    found = affect_cues(
        SpectralFlux(rises, rises, rises, rises), Chroma(notes, 0.0, notes, notes), onsets, moments * RATE // 10
    )
    assert len(found) in ((0,) if not notes.any() else (len(CUES),))
    assert np.isfinite(found).all()
