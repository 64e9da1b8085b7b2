from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.analysis.chroma import STEP_S, changes, chroma
from soundit_edge.music.analysis.key import NAMES, Key, find_key
from soundit_edge.music.analysis.key_cues import CUES, by_tonic, key_cues
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate
from tests.music.signals import sine, stereo

MAJOR = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
MINOR = ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))


def cadence(tonic: int, minor: bool, tuning: float = 0.0, noise: float = 0.0) -> Stereo:
    """A second of each of the chords I IV V I, or of i iv V i."""
    t = np.arange(RATE) / RATE
    chords = []
    for chord in MINOR if minor else MAJOR:
        hertz = [440.0 * 2.0 ** ((57 + tonic + note + tuning - 69) / 12) for note in chord]
        chords.append(sum(np.sin(2 * np.pi * k * h * t) / k**2 for h in hertz for k in range(1, 5)))
    mono = 0.1 * np.concatenate(chords) + noise * np.random.default_rng(0).standard_normal(4 * RATE)
    return stereo(mono)


def key_of(samples: Stereo) -> Key:
    return find_key(chroma(downmix_half_rate(samples)))


@pytest.mark.parametrize("minor", [False, True])
@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_cadence_is_found(tonic: int, minor: bool) -> None:
    found = key_of(cadence(tonic, minor))
    assert (found.tonic, found.minor) == ((tonic + 9) % 12, minor)
    assert found.name == NAMES[(tonic + 9) % 12]
    assert found.mode == ("minor" if minor else "major")
    assert found.clear > 0.0


@pytest.mark.parametrize("tuning", [-0.4, -0.2, 0.3, 0.45])
def test_the_tuning_is_found_and_does_not_matter(tuning: float) -> None:
    samples = cadence(0, False, tuning)
    assert chroma(downmix_half_rate(samples)).tuning == pytest.approx(tuning, abs=0.03)
    assert key_of(samples).tonic == 9


def test_noise_does_not_matter() -> None:
    assert key_of(cadence(3, True, noise=0.05)).name == "C"


def test_silence_has_no_key() -> None:
    assert key_of(np.zeros((5 * RATE, 2), dtype=np.float32)) == Key(0, False, 0.0)
    assert key_of(np.zeros((1, 2), dtype=np.float32)) == Key(0, False, 0.0)


def test_a_note_is_itself_alone() -> None:
    notes = chroma(downmix_half_rate(sine(261.63, 3.0))).notes
    assert (notes.argmax(axis=1) == 0).all()
    assert notes[5:-5, 1:].max() < 0.05 * notes[5:-5, 0].min()


def test_a_chord_changes_where_it_changes() -> None:
    found = changes(chroma(downmix_half_rate(cadence(0, False))))
    highest = {int(second / STEP_S) + int(found[int(second / STEP_S) - 3 :][:7].argmax()) - 3 for second in (1, 2, 3)}
    assert highest <= {9, 10, 11, 19, 20, 21, 29, 30, 31}
    assert found[5] < 0.1 * found[10]


@pytest.mark.parametrize("channel", [0, 1])
def test_a_song_with_one_channel_upside_down_has_its_key_and_its_beat(channel: int) -> None:
    """Left and right were added: 120 bpm in A major were heard as noise in B minor (10g)."""
    samples = cadence(0, False)
    beat = np.tile(np.r_[np.ones(RATE // 20), np.full(RATE // 2 - RATE // 20, 0.1)], 16).astype(np.float32)
    song = np.tile(samples, (2, 1)) * beat[:, np.newaxis]
    song[:, channel] *= 0.9
    expected = analyse(song)
    assert (expected.key.name, expected.key.mode) == ("A", "major")
    assert expected.rhythm.bpm == pytest.approx(120.0, rel=0.01)
    song[:, channel] *= -1.0
    found = analyse(song)
    assert (found.key.name, found.key.mode) == ("A", "major")
    assert found.rhythm.bpm == pytest.approx(expected.rhythm.bpm, rel=1e-3)
    assert len(found.onsets) == pytest.approx(len(expected.onsets), abs=2)


def test_the_last_chord_counts_where_the_music_dies_away_and_not_where_it_is_cut() -> None:
    whole = cadence(3, False)
    rung = np.concatenate([whole, np.zeros((RATE, 2), dtype=np.float32)])
    cut, ended = (key_cues(chroma(downmix_half_rate(samples)))[CUES.index("last notes")] for samples in (whole, rung))
    assert np.linalg.norm(ended) == pytest.approx(1.0)
    assert set(np.argsort(ended)[-3:]) == {0, 4, 7}
    assert np.linalg.norm(cut) < 0.3


def test_a_cadence_falls_by_a_fifth_to_its_home_which_has_the_third_of_its_mode() -> None:
    t = np.arange(RATE) / RATE
    dominant, tonic = (sum(np.sin(2 * np.pi * h * t) for h in chord) for chord in ((98.0, 247.0), (65.4, 155.6, 392.0)))
    cues = key_cues(chroma(downmix_half_rate(stereo(0.1 * np.concatenate([dominant, tonic])))))
    assert cues[CUES.index("falling fifths")].argmax() == 0
    assert cues[CUES.index("minor thirds")].argmax() == 0
    assert cues[CUES.index("major thirds")].argmax() == 7


def test_a_cue_moves_with_its_tonic() -> None:
    cues = np.arange(len(CUES) * 12.0).reshape(len(CUES), 12)
    rows = by_tonic(cues)
    assert rows.shape == (12, len(CUES) * 12)
    assert rows[5, 0] == cues[0, 5]
    assert rows[5, 11] == cues[0, 4]
