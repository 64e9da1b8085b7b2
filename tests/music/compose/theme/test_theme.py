from __future__ import annotations

import itertools

import numpy as np
import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.audio.loudness import loudness
from soundit_edge.music.compose import harmony
from soundit_edge.music.compose.harmony import MAJOR, voicing
from soundit_edge.music.compose.theme.theme import BARS, BPM, LOUDNESS, compose, perform, theme
from soundit_edge.music.score import BEATS, Note, Part
from soundit_edge.music.synth.additive import INSTRUMENTS, hertz
from tests.music.signals import frequency, made_theme, true_peak_db

SEEDS = range(4)


def notes_of(seed: int, voice: Part) -> list[Note]:
    return [n for n in compose(np.random.default_rng(seed)) if n.voice is voice]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_theme_is_sixteen_bars_of_the_right_loudness_with_room_above(seed: int) -> None:
    track = made_theme(seed)
    assert len(track.samples) == pytest.approx(BARS * track.bar_samples, abs=1)
    assert loudness(track.sound) == pytest.approx(LOUDNESS, abs=0.05)
    assert true_peak_db(track.sound) < -4.0


def test_a_seed_gives_the_same_samples_and_another_seed_others() -> None:
    np.testing.assert_array_equal(made_theme(1).samples, theme(1).samples)
    assert not np.array_equal(made_theme(1).samples, made_theme(2).samples)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_rings_on_after_the_end_sounds_into_the_beginning(seed: int) -> None:
    samples = made_theme(seed).samples
    around = np.concatenate([samples[-RATE:], samples[:RATE]])
    jumps = np.abs(np.diff(around, axis=0)).max(axis=1)
    # The step from the last sample to the first is one like any other.
    assert jumps[RATE - 1] <= np.quantile(jumps, 0.999)
    assert np.abs(around[RATE - 100 : RATE + 100]).max() > 0.01


@pytest.mark.parametrize("seed", range(20))
def test_every_note_belongs_to_one_major_key_and_can_be_sung(seed: int) -> None:
    notes = [n for n in compose(np.random.default_rng(seed)) if n.voice is not Part.SHAKER]
    classes = {n.pitch % 12 for n in notes}
    assert any(classes <= {(tonic + s) % 12 for s in MAJOR} for tonic in range(12))
    lead = notes_of(seed, Part.LEAD)
    assert all(a.start + a.length <= b.start + 1e-9 for a, b in itertools.pairwise(lead))
    assert all(abs(a.pitch - b.pitch) <= 12 for a, b in itertools.pairwise(lead))
    assert min(n.pitch for n in lead) >= 60
    assert max(n.pitch for n in lead) <= 87


@pytest.mark.parametrize("seed", range(20))
def test_no_long_note_of_the_melody_rubs_against_the_chord(seed: int) -> None:
    pads = notes_of(seed, Part.PAD)
    for note in notes_of(seed, Part.LEAD):
        chord = {n.pitch % 12 for n in pads if n.start // BEATS == note.start // BEATS}
        if note.length >= 1.0:
            assert note.pitch % 12 in chord
            assert not {(note.pitch - 1) % 12, (note.pitch + 1) % 12} & chord


@pytest.mark.parametrize("seed", range(20))
def test_the_motif_comes_back(seed: int) -> None:
    def rhythm(bar: int) -> list[tuple[float, float]]:
        return [(n.start - BEATS * bar, n.length) for n in notes_of(seed, Part.LEAD) if n.start // BEATS == bar]

    assert rhythm(0) == rhythm(1) == rhythm(4) == rhythm(12) != rhythm(8)


@pytest.mark.parametrize("seed", range(20))
def test_the_voices_of_a_chord_move_little_and_never_lie_a_semitone_apart(seed: int) -> None:
    pads = notes_of(seed, Part.PAD)
    chords = [sorted(n.pitch for n in group) for _, group in itertools.groupby(pads, key=lambda n: n.start)]
    assert len(chords) == BARS
    for chord in chords:
        assert min(b - a for a, b in itertools.pairwise(chord)) >= 2
    moves = [sum(abs(p - q) for p, q in zip(a, b, strict=True)) / 4 for a, b in itertools.pairwise(chords)]
    assert max(moves) <= 5.0
    assert np.mean(moves) <= 3.0


@pytest.mark.parametrize("chord", [harmony.FIRST, harmony.FOURTH, harmony.SIXTH])
def test_a_voicing_holds_every_tone_of_its_chord(chord: harmony.Chord) -> None:
    pitches = voicing(chord, 48, (), low=52, high=72)
    assert {p % 12 for p in pitches} == {MAJOR[d] for d in chord.tones}
    assert all(52 <= p <= 72 for p in pitches)


@pytest.mark.parametrize("voice", [Part.PLUCK, Part.BASS, Part.LEAD])
@pytest.mark.parametrize("pitch", [45, 60, 81])
def test_a_note_has_its_pitch_and_ends_in_silence(voice: Part, pitch: int) -> None:
    sound = INSTRUMENTS[voice](pitch, 1.0)
    steady = sound[RATE // 10 : RATE // 2].sum(axis=1)
    assert abs(1200 * np.log2(frequency(steady) / hertz(pitch))) < 10.0
    assert np.abs(sound[[0, -1]]).max() < 1e-3
    assert np.abs(sound).max() > 0.3


def test_a_note_that_outlasts_the_loop_goes_on_at_its_beginning() -> None:
    beat = round(60 / BPM * RATE)
    late = perform([Note(Part.LEAD, BARS * BEATS - 1.0, 2.0, 69, 1.0)])
    early = perform([Note(Part.LEAD, 0.0, 2.0, 69, 1.0)])
    np.testing.assert_array_equal(np.roll(late, beat, axis=0), early)
