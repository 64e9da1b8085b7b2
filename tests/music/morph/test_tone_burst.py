"""The test tone of a speaker, in the music."""

from __future__ import annotations

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.effects.limiter import CEILING_DB
from soundit_edge.music.morph.tone_burst import DUCKED, SIDE_S, TONE, TONE_HZ, ToneBurst

LOUDEST = np.float32(10 ** (CEILING_DB / 20))


def mixed(music: float, blocks: int = 100) -> Stereo:
    burst = ToneBurst()
    burst.begin()
    return np.concatenate([burst.mix(np.full((BLOCK, 2), music, np.float32)) for _ in range(blocks)])


def test_it_is_soft_and_first_on_the_left_and_then_on_the_right() -> None:
    tone, side = mixed(0.0), round(SIDE_S * RATE)
    assert np.abs(tone).max() <= TONE
    assert np.abs(tone[:side, 0]).max() > 0.9 * TONE
    assert not tone[:side, 1].any()
    assert np.abs(tone[side : 2 * side, 1]).max() > 0.9 * TONE
    assert not tone[side : 2 * side, 0].any()
    assert not tone[2 * side :].any()
    spectrum = np.abs(np.fft.rfft(tone[:side, 0]))
    assert np.argmax(spectrum) * RATE / side == TONE_HZ


def test_it_clicks_nowhere_and_the_music_steps_back_for_it_and_returns() -> None:
    music = mixed(float(LOUDEST))
    assert np.abs(np.diff(music, axis=0)).max() < 0.02
    assert np.abs(music).max() <= LOUDEST, "never above the limiter's ceiling"
    middle = music[round(0.25 * RATE), 1]
    np.testing.assert_allclose(middle, DUCKED * LOUDEST, rtol=1e-3)
    assert (music[-BLOCK:] == LOUDEST).all()


def test_without_a_tone_the_music_passes_bit_for_bit() -> None:
    block = np.random.default_rng(1).normal(size=(BLOCK, 2)).astype(np.float32)
    assert ToneBurst().mix(block) is block


def test_short_blocks_and_a_second_request_meanwhile_change_nothing() -> None:
    burst = ToneBurst()
    burst.begin()
    pieces = []
    for count in (100, 1, BLOCK - 1) * 120:
        pieces.append(burst.mix(np.zeros((count, 2), np.float32)))
        if len(pieces) < 20:
            burst.begin()
    whole = np.concatenate(pieces)
    np.testing.assert_array_equal(whole[: 90 * BLOCK], mixed(0.0)[: 90 * BLOCK])
