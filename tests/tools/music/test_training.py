from __future__ import annotations

import mido
import numpy as np
import pytest

from benches.analysis_pieces import SECONDS, PieceKind, kinds, piece
from soundit_edge.music.analysis.key import key_shares
from soundit_edge.music.analysis.key_cues import CUES
from tools.music.keyed_music import KeyedMusic, tonic_of
from tools.music.train_affect import ridge, usual_cues
from tools.music.train_key import fit as fit_key
from tools.music.train_metre import fit as fit_metre


def test_ridge_finds_the_weights_that_made_the_ratings() -> None:
    rng = np.random.default_rng(0)
    cues = rng.standard_normal((2_000, 3))
    weights, constant = ridge(cues, cues @ [1.0, -0.5, 0.0] + 0.3)
    np.testing.assert_allclose(weights, [1.0 / 1.1, -0.5 / 1.1, 0.0], atol=0.05)
    assert constant == pytest.approx(0.3, abs=0.05)


def test_few_records_count_as_much_as_much_rated_music() -> None:
    usual = usual_cues(np.zeros((2, 50, 1)), np.full((4, 1), 2.0))
    np.testing.assert_allclose(usual, [[1.0], [1.0]])


def test_keys_that_always_begin_in_the_bass_are_told_by_it() -> None:
    rng = np.random.default_rng(1)
    keys, cues = np.zeros((60, 24)), np.zeros((60, 12, len(CUES) * 12))
    for track, key in enumerate(rng.integers(24, size=60)):
        keys[track, key] = 1.0
        rows = np.zeros((len(CUES), 12))
        rows[CUES.index("first bass"), key % 12] = 1.0
        rows[CUES.index("notes"), (key % 12 + (3 if key >= 12 else 4)) % 12] = 1.0
        cues[track] = [np.roll(rows, -tonic, axis=1).ravel() for tonic in range(12)]
    weights, more_minor = fit_key([(KeyedMusic(cues, keys), 1.0)])
    assert (key_shares(cues, weights, more_minor).argmax(axis=1) == keys.argmax(axis=1)).all()


def test_the_right_ways_to_hear_become_the_likeliest() -> None:
    rng = np.random.default_rng(2)
    heard = []
    for _ in range(20):
        cues = rng.standard_normal((8, 4))
        heard.append((cues, cues[:, 2] == cues[:, 2].max()))
    weights = fit_metre(heard)
    assert np.mean([rights[(cues @ weights).argmax()] for cues, rights in heard]) > 0.7


@pytest.mark.parametrize(("name", "semitones"), [("C", 0), ("F#m", 6), ("Bb", 10), ("G#m", 8), ("Cb", 11)])
def test_a_tonic_has_its_semitones(name: str, semitones: int) -> None:
    assert tonic_of(name) == semitones


@pytest.mark.parametrize("kind", kinds(3)[::7], ids=lambda kind: f"{kind.group} {kind.bpm:.0f}")
def test_a_piece_is_the_same_each_time_and_keeps_its_truth(kind: PieceKind) -> None:
    messages, truth = piece(kind, 5)
    again, _ = piece(kind, 5)
    assert [str(message) for message in messages] == [str(message) for message in again]
    assert min(message.time for message in messages) >= 0.0
    assert truth.bpm == pytest.approx(kind.bpm, rel=0.25 if kind.group == "rubato" else 1e-6)
    assert (np.diff(truth.beats) > 0.0).all()
    assert truth.beats[-1] < SECONDS + 5.0
    struck = [message for message in messages if isinstance(message, mido.Message) and message.type == "note_on"]
    assert len(struck) > 50
