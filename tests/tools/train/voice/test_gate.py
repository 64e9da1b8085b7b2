"""The fit of the speech gate: what tells the two apart gets the weight, and as little music passes as is asked."""

from __future__ import annotations

import numpy as np

from soundit_edge.senses.voice.log_mel import WINDOW
from tools.train.voice.gate import MAY_PASS, conditions, fit, of_window, passed


def test_what_tells_speech_from_music_counts() -> None:
    rng = np.random.default_rng(0)
    speech, music = rng.normal(0, 1, (2000, 6)), rng.normal(0, 1, (2000, 6))
    speech[:, 2] += 5
    weights, asked = fit(speech, music)
    assert np.abs(weights).argmax() == 2
    assert passed(music, weights, asked) <= 1.2 * MAY_PASS
    assert passed(speech, weights, asked) > 0.95


def test_windows_without_evidence_do_not_pass() -> None:
    rng = np.random.default_rng(0)
    speech, music = rng.normal(2, 1, (200, 6)), rng.normal(0, 1, (400, 6))
    speech[:20], music[:200] = np.nan, np.nan
    weights, asked = fit(speech, music)
    assert passed(speech[:20], weights, asked) == 0
    assert passed(music[:200], weights, asked) == 0


def test_conditions_are_windows() -> None:
    speech = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    sounds = dict(conditions(speech, np.random.default_rng(1)))
    assert len(sounds) == 6
    assert {len(sound) for name, sound in sounds.items() if name != "as it is"} == {WINDOW}


def test_silence_has_no_evidence() -> None:
    assert of_window(np.zeros(WINDOW, np.float32)) is None
