"""The gates of music.md that concern the stretcher alone; the whole engine's are in test_engine.py."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.morph.stretch.loop import Loop
from soundit_edge.music.morph.stretch.stretch import HOP, LONG, Stretch
from tests.music.signals import sine, stereo, tone_snr

CHORD = [220.0, 277.0, 330.0, 440.0, 554.0, 660.0, 1318.0, 2637.0]


def stretched(samples: Stereo, ratio: float, seconds: float, single_band: bool = False) -> Stereo:
    stretch = Stretch(Loop(samples, LONG), find_onsets(samples), single_band=single_band)
    return np.concatenate([stretch.hop(ratio).samples for _ in range(round(seconds * RATE / HOP))])


def chord() -> Stereo:
    return stereo(sum(sine(h, 4.0, 0.05, phase=i)[:, 0] for i, h in enumerate(CHORD)))  # type: ignore[arg-type]


@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.3])
def test_a_sine_stays_pure(ratio: float) -> None:
    out = stretched(sine(440.0, 2.0), ratio, 2.0)
    for start in range(RATE // 4, len(out) - RATE // 5, RATE // 4):
        assert tone_snr(out[start : start + RATE // 5, 0], [440.0]) > 90.0


@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.3])
def test_the_notes_of_a_chord_stay_apart(ratio: float) -> None:
    out = stretched(chord(), ratio, 2.0)
    for start in range(RATE // 4, len(out) - RATE // 5, RATE // 4):
        assert tone_snr(out[start : start + RATE // 5, 0], CHORD) > 40.0


@pytest.mark.parametrize("single_band", [False, True])
def test_at_its_own_speed_nothing_changes(single_band: bool) -> None:
    samples = stereo(np.random.default_rng(0).standard_normal(RATE) * 0.1)
    out = stretched(samples, 1.0, 0.9, single_band)
    # Where the bands meet, the short window's gain is not quite the long one's; the rest is rounding.
    error = np.sqrt(np.mean((out - samples[: len(out)])[LONG:] ** 2)) / 0.1
    assert error < (1e-5 if single_band else 0.02)


@settings(max_examples=20)
@given(st.floats(0.6, 1.6), st.floats(0.0, 3.1), st.floats(100.0, 6000.0))
def test_the_phase_between_the_channels_is_kept(ratio: float, angle: float, hertz: float) -> None:
    samples = sine(hertz, 1.0)
    samples[:, 1] = sine(hertz, 1.0, phase=angle)[:, 0]
    out = stretched(samples, ratio, 0.6)[RATE // 5 : RATE // 2].astype(np.float64)
    turning = np.exp(-2j * np.pi * hertz * np.arange(len(out)) / RATE) * np.hanning(len(out))
    left, right = out.T @ turning
    # At the loop's seam the tone itself may jump; nothing of that lies in this half second at these speeds.
    assert abs(np.angle(right / left * np.exp(-1j * angle), deg=True)) < 1.0


def test_channels_in_opposite_phase_do_not_cancel() -> None:
    samples = sine(440.0, 2.0)
    samples[:, 1] *= -1.0
    out = stretched(samples, 0.8, 1.0)
    np.testing.assert_allclose(out[:, 0], -out[:, 1], atol=1e-6)
    assert tone_snr(out[RATE // 4 : RATE // 2, 0], [440.0]) > 90.0


def test_after_silence_the_music_comes_back() -> None:
    samples = sine(440.0, 2.0)
    samples[: RATE // 2] = 0.0
    out = stretched(samples, 1.1, 1.5)
    assert np.abs(out[RATE // 8 : RATE // 4]).max() == 0.0
    assert np.std(out[RATE:]) == pytest.approx(np.std(samples[RATE:]), rel=0.02)


def click_train(spacing: int, count: int) -> npt.NDArray[np.float64]:
    random = np.random.default_rng(3)
    out = np.zeros(spacing * count)
    for k in range(count):
        out[k * spacing + 100 : k * spacing + 600] += random.standard_normal(500) * np.exp(-np.arange(500) / 80.0)
    return 0.2 * out


@pytest.mark.parametrize("ratio", [0.75, 0.9, 1.1, 1.3])
def test_the_beats_come_at_the_speed_that_was_asked_for(ratio: float) -> None:
    spacing, count = RATE // 2, 40
    samples = stereo(click_train(spacing, count))
    stretch = Stretch(Loop(samples, LONG), find_onsets(samples))
    hops = [stretch.hop(ratio) for _ in range(int(spacing * (count - 2) / ratio / HOP))]
    out = np.concatenate([hop.samples[:, 0] for hop in hops])
    smooth = np.convolve(np.square(out), np.hanning(256), mode="same")
    # Only the first two hops are at the track's own speed.
    due = (spacing * np.arange(4, count - 3) + 300 - 2 * HOP) / ratio + 2 * HOP
    half = int(spacing / ratio / 2)
    # The middle of each beat's energy is steadier than its top.
    offsets = np.arange(-half, half)
    found = []
    for at in due[due < len(out) - half].astype(int):
        energy = smooth[at - half : at + half]
        found.append(at + (offsets * energy).sum() / energy.sum())
    slope = np.polyfit(np.arange(len(found)), found, 1)[0] * ratio / spacing
    jitter = np.std(found - np.polyval(np.polyfit(np.arange(len(found)), found, 1), np.arange(len(found))))
    assert abs(slope - 1.0) < 100e-6
    assert jitter / RATE < 0.002


def test_the_place_in_the_track_is_exact_however_the_speed_changes() -> None:
    stretch = Stretch(Loop(sine(440.0, 1.0), LONG))
    random = np.random.default_rng(0)
    ratios = random.uniform(0.7, 1.3, 50)
    hops = [stretch.hop(float(ratio)) for ratio in ratios]
    # Each hop was planned two calls before it was made: the first was at the track's own speed.
    planned = np.concatenate([[0.0], np.cumsum(HOP * np.concatenate([[1.0], ratios]))])
    np.testing.assert_allclose([hop.start for hop in hops], planned[: len(hops)])
    assert stretch.ahead == pytest.approx(planned[len(hops) + 1])


@pytest.mark.parametrize("length", [1, 480, 5000])
def test_a_track_shorter_than_a_window_goes_round_in_it(length: int) -> None:
    samples = stereo(np.random.default_rng(0).standard_normal(length) * 0.1)
    out = stretched(samples, 1.0, 0.5, single_band=True)
    expected = samples[np.arange(len(out)) % length]
    np.testing.assert_allclose(out[LONG:], expected[LONG:], atol=1e-5)
