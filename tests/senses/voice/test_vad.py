"""Speech is told from everything else that a room sounds of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.senses.voice.vad import STEP, VoiceActivityDetector, active_part, levels, pitch

Samples = npt.NDArray[np.float32]
LENGTH = 40_000
TIME = np.arange(LENGTH) / SOUND_RATE


def talking(seed: int = 0, level: float = 0.1) -> Samples:
    """Something like a voice: gliding harmonics through formants in syllables with pauses and hisses between them."""
    rng = np.random.default_rng(seed)
    knots = rng.uniform(110, 210, 14)
    hertz = np.interp(TIME, np.linspace(0, 2.5, len(knots)), knots)
    phase = 2 * np.pi * np.cumsum(hertz) / SOUND_RATE
    voiced = sum(np.sin(k * phase) / k for k in range(1, 16))
    syllables = np.interp(TIME, np.linspace(0, 2.5, 28), np.tile([0.02, 1.0], 14) * rng.uniform(0.5, 1, 28)) ** 2
    hiss = rng.normal(0, 0.1, LENGTH) * (syllables < 0.1)
    sound = syllables * voiced + hiss
    return np.asarray(level * sound / np.abs(sound).max(), np.float32)


def melody(harmonics: int, decay: float, seed: int = 0) -> Samples:
    """An instrument's notes of a quarter second in the range of a voice."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(LENGTH)
    note = SOUND_RATE // 4
    for start in range(0, LENGTH, note):
        t = TIME[: min(note, LENGTH - start)]
        hertz = 220 * 2 ** (rng.integers(-7, 8) / 12)
        tone = sum(np.sin(2 * np.pi * k * hertz * t) / k for k in range(1, harmonics + 1))
        sound[start : start + len(t)] = tone * np.exp(-decay * t)
    return np.asarray(0.1 * sound, np.float32)


def chords() -> Samples:
    notes = [220 * 2 ** (n / 12) for n in (0, 4, 7, 12)]
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 0.8 * TIME)
    return np.asarray(0.03 * swell * sum(np.sin(2 * np.pi * f * TIME) for f in notes), np.float32)


def drums() -> Samples:
    rng = np.random.default_rng(0)
    since = TIME % 0.5
    kick = np.sin(2 * np.pi * 60 * since) * np.exp(-since * 20)
    snare = rng.normal(0, 0.5, LENGTH) * np.exp(-((TIME + 0.25) % 0.5) * 25)
    return np.asarray(0.2 * (kick + snare), np.float32)


NOT_SPEECH = {
    "silence": np.zeros(LENGTH, np.float32),
    "white noise": np.random.default_rng(0).normal(0, 0.1, LENGTH).astype(np.float32),
    "hum": (0.1 * np.sign(np.sin(2 * np.pi * 50 * TIME))).astype(np.float32),
    "a tone": (0.1 * np.sin(2 * np.pi * 200 * TIME)).astype(np.float32),
    "a siren": (0.1 * np.sin(2 * np.pi * np.cumsum(300 + 80 * np.sin(2 * np.pi * TIME)) / SOUND_RATE)).astype(
        np.float32
    ),
    "an organ": melody(8, 0.0),
    "a guitar": melody(8, 6.0),
    "chords": chords(),
    "drums": drums(),
    "full scale": np.ones(LENGTH, np.float32),
    "a click": np.eye(1, LENGTH, 20_000, dtype=np.float32)[0],
}


@pytest.mark.parametrize("seed", range(8))
def test_speech_passes(seed: int) -> None:
    speech = VoiceActivityDetector().judge(talking(seed))
    assert speech is not None
    assert speech.above_noise > 10
    assert 0.1 < speech.voiced < 1


@pytest.mark.parametrize("seed", range(8))
def test_a_word_of_half_a_second_passes(seed: int) -> None:
    word = talking(seed)[4_000:12_000]
    assert VoiceActivityDetector().judge(word) is not None
    alone = np.random.default_rng(seed).normal(0, 0.001, LENGTH).astype(np.float32)
    alone[16_000:24_000] += word
    assert VoiceActivityDetector().judge(alone) is not None


def test_a_word_alone_says_nothing_of_the_rooms_noise() -> None:
    gate = VoiceActivityDetector()
    assert gate.judge(talking()[4_000:12_000]) is not None
    noise = np.random.default_rng(0).normal(0, 0.003, LENGTH).astype(np.float32)
    assert gate.judge(noise) is None
    assert gate.judge(talking() + noise) is not None


@pytest.mark.parametrize("what", NOT_SPEECH)
def test_other_sounds_do_not(what: str) -> None:
    gate = VoiceActivityDetector()
    assert [gate.judge(NOT_SPEECH[what]) for _ in range(4)] == [None] * 4


@pytest.mark.parametrize("seed", range(4))
def test_speech_in_a_noisy_room_passes(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.003, LENGTH).astype(np.float32)
    gate = VoiceActivityDetector()
    assert gate.judge(noise) is None
    assert gate.judge(talking(seed) + noise) is not None


def test_speech_that_drowns_in_noise_does_not_pass() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, LENGTH).astype(np.float32)
    assert VoiceActivityDetector().judge(talking(level=0.05) + noise) is None


def test_speech_too_quiet_to_be_heard_does_not_pass() -> None:
    assert VoiceActivityDetector().judge(talking(level=1e-4)) is None


def test_a_long_speech_is_not_taken_for_noise() -> None:
    gate = VoiceActivityDetector()
    assert all(gate.judge(talking(seed)) is not None for seed in range(60))


@given(st.integers(0, LENGTH), st.integers(0, 3))
@settings(max_examples=40)
def test_no_length_raises(length: int, kind: int) -> None:
    sound = [talking(), NOT_SPEECH["silence"], NOT_SPEECH["drums"], NOT_SPEECH["full scale"]][kind]
    VoiceActivityDetector().judge(sound[:length])


@pytest.mark.parametrize("hertz", [80.0, 123.4, 200.0, 350.0])
def test_pitch_is_found_to_half_a_percent(hertz: float) -> None:
    sound = sum(np.sin(2 * np.pi * k * hertz * TIME) / k for k in range(1, 8))
    _, periodicity, found = pitch(np.asarray(0.1 * sound, np.float32))
    assert found == pytest.approx(hertz, rel=0.005)
    assert periodicity.min() > 0.9


def test_noise_has_no_pitch() -> None:
    _, periodicity, _ = pitch(NOT_SPEECH["white noise"])
    assert np.percentile(periodicity, 95) < 0.6


def test_levels_are_decibels_below_full_scale() -> None:
    assert levels(np.full(3 * STEP + 7, 0.1, np.float32)) == pytest.approx([-20.0] * 3, abs=1e-3)
    assert levels(np.zeros(STEP, np.float32)) == pytest.approx([-120.0])


def test_the_active_part_is_cut_out() -> None:
    sound = np.full(LENGTH, 1e-4, np.float32)
    sound[10 * STEP : 40 * STEP] = 0.1
    assert len(active_part(sound)) == 30 * STEP


@pytest.mark.parametrize("length", [0, 1, STEP - 1, STEP])
def test_the_active_part_of_next_to_nothing_is_all_of_it(length: int) -> None:
    assert len(active_part(np.zeros(length, np.float32))) == length
