"""Speech is found where it is, and music is none."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.film.spotting.dialogue import DialogueFinder, Span, joined
from tests.film.films import RATE, speech


def found(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], block: int = 1600) -> list[Span]:
    finder = DialogueFinder()
    spans = [
        span
        for start in range(0, len(samples), block)
        for span in finder(Sound(start / SOUND_RATE, samples[start : start + block]))
    ]
    return joined([*spans, *finder.finish()], 0.6)


def at_16k(seconds: float, spans: list[Span]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.ascontiguousarray(speech(seconds, spans)[:: RATE // SOUND_RATE, 0])


def test_speech_begins_and_ends_where_it_does() -> None:
    noise = np.random.default_rng(0).normal(0, 2e-4, 14 * SOUND_RATE).astype(np.float32)
    spans = found(at_16k(14, [(3.6, 6.0), (10.6, 13.0)]) + noise)
    assert len(spans) == 2
    assert np.array(spans).ravel() == pytest.approx([3.6, 6.0, 10.6, 13.0], abs=0.25)


def test_the_size_of_blocks_changes_little() -> None:
    samples = at_16k(8, [(3.6, 6.0)])
    a, b = found(samples, 1600), found(samples, 333)
    assert np.array(a).ravel() == pytest.approx(np.array(b).ravel(), abs=0.3)


def test_silence_noise_and_a_held_note_are_none() -> None:
    t = np.arange(6 * SOUND_RATE) / SOUND_RATE
    noise = np.random.default_rng(1).normal(0, 0.1, len(t))
    for sound in (0 * t, noise, 0.3 * np.sin(2 * np.pi * 220 * t)):
        assert found(sound.astype(np.float32)) == []


def test_sound_that_is_no_number_does_no_harm() -> None:
    broken = np.full(3 * SOUND_RATE, np.nan, np.float32)
    assert found(broken) == []


def test_spans_that_touch_are_one() -> None:
    assert joined([(5.0, 6.0), (1.0, 2.0), (2.2, 3.0), (2.5, 2.7)], 0.3) == [(1.0, 3.0), (5.0, 6.0)]
