"""Channels are mixed by what they are called, and a voice survives a channel that is upside down."""

from __future__ import annotations

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.media.downmix import MEMORY_S, SURE_S, ToMono, to_stereo, without_cancelling

RATE = 16_000
LAYOUTS = [
    "mono",
    "stereo",
    "2.1",
    "3.0",
    "3.0(back)",
    "4.0",
    "quad",
    "quad(side)",
    "3.1",
    "5.0",
    "5.0(side)",
    "4.1",
    "5.1",
    "5.1(side)",
    "6.0",
    "6.0(front)",
    "hexagonal",
    "6.1",
    "6.1(back)",
    "6.1(front)",
    "7.0",
    "7.0(front)",
    "7.1",
    "7.1(wide)",
    "7.1(wide-side)",
    "5.1.2",
    "octagonal",
    "cube",
    "downmix",
    "binaural",
    "ambisonic 1",
]
"""As FFmpeg calls them."""

Floats = npt.NDArray[np.float32]


def names_of(layout: str) -> tuple[str, ...]:
    return tuple(channel.name for channel in av.AudioLayout(layout).channels)


def only(name: str, layout: str) -> Floats:
    """A sample in which one channel of a layout alone has something."""
    return np.array([[float(each == name) for each in names_of(layout)]], np.float32)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_keeps_left_and_right_apart_and_its_middle_in_the_middle(layout: str) -> None:
    names = names_of(layout)
    for name in names:
        left, right = to_stereo(only(name, layout), names)[0]
        if name == "LFE":
            assert (left, right) == (0.0, 0.0), "an effect is left out"
        elif name in ("FC", "BC", "TC"):
            assert left == right > 0.1
        elif name.endswith(("L", "LC")):
            assert left > 0.1
            assert right == 0.0
        elif name.endswith(("R", "RC")):
            assert right > 0.1
            assert left == 0.0


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_mix_is_no_louder_than_the_loudest_channel(layout: str) -> None:
    names = names_of(layout)
    signs = np.sign(np.random.default_rng(1).normal(size=(500, len(names)))).astype(np.float32)
    assert np.abs(to_stereo(signs, names)).max() <= 1.0 + 1e-6


@pytest.mark.parametrize("order", ["FL FR FC LFE BL BR", "FL FC FR BL BR LFE", "FC FL FR SL SR LFE"])
def test_the_same_channels_in_another_order_are_the_same_mix(order: str) -> None:
    """WAVE's, Xiph's and Dolby's."""
    levels = {"FL": 0.1, "FR": 0.2, "FC": 0.3, "LFE": 0.9, "BL": 0.4, "BR": 0.5, "SL": 0.4, "SR": 0.5}
    names = order.split()
    mixed = to_stereo(np.array([[levels[name] for name in names]], np.float32), names)
    np.testing.assert_allclose(mixed, [[0.2464, 0.3172]], atol=1e-4)


def test_what_the_file_does_not_name_is_in_the_order_of_wave() -> None:
    for count, layout in enumerate(("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"), 1):
        channels = np.random.default_rng(count).normal(size=(10, count)).astype(np.float32)
        np.testing.assert_array_equal(
            to_stereo(channels, names_of(f"{count} channels")), to_stereo(channels, names_of(layout))
        )


def test_one_channel_is_heard_on_both_sides_whatever_it_is_called() -> None:
    for name in ("FC", "FL", "LFE", "NONE", "USR5"):
        np.testing.assert_array_equal(to_stereo(np.ones((3, 1), np.float32), (name,)), np.ones((3, 2)))


def test_a_channel_that_is_not_known_is_heard_in_the_middle() -> None:
    left, right = to_stereo(np.array([[0, 0, 1]], np.float32), ("FL", "FR", "USR7"))[0]
    assert left == right > 0.1


def test_the_effect_alone_is_heard() -> None:
    assert to_stereo(np.ones((1, 2), np.float32), ("LFE", "LFE2")).min() == pytest.approx(1.0)


def noise(seconds: float, seed: int = 0) -> Floats:
    return np.asarray(0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE)), np.float32)


def mixed(stereo: Floats, size: int = 500) -> Floats:
    mix = ToMono(RATE)
    return np.concatenate([mix(stereo[k : k + size]) for k in range(0, len(stereo), size)])


@given(st.integers(160, 4_000), st.floats(-0.5, 1.0), st.integers(0, 99))
def test_ordinary_stereo_is_the_mean_of_both_to_the_bit(size: int, common: float, seed: int) -> None:
    """Alike, unlike, or on one side alone."""
    a, b = noise(1.0, seed), noise(1.0, seed + 100)
    stereo = np.stack([a, common * a + (1 - abs(common)) * b], axis=1).astype(np.float32)
    np.testing.assert_array_equal(mixed(stereo, size), (stereo[:, 0] + stereo[:, 1]) * np.float32(0.5))
    alone = np.stack([np.zeros_like(a), a], axis=1)
    np.testing.assert_array_equal(mixed(alone, size), a * np.float32(0.5))


@pytest.mark.parametrize("by", [-1.0, -0.99, -0.7, -1.4])
def test_a_channel_that_is_upside_down_does_not_silence_a_voice(by: float) -> None:
    a = noise(3.0)
    louder = a if by >= -1.0 else np.float32(by) * a
    begun = round((SURE_S + 0.1) * RATE)
    np.testing.assert_array_equal(mixed(np.stack([a, np.float32(by) * a], axis=1))[begun:], louder[begun:])


def test_a_hiss_beside_a_cancelled_voice_is_not_all_that_is_left() -> None:
    a = noise(5.0)
    stereo = np.stack([a + 0.2 * noise(5.0, 1), -a + 0.2 * noise(5.0, 2)], axis=1)
    heard = mixed(stereo)[RATE:]
    assert abs(np.corrcoef(heard, a[RATE:])[0, 1]) > 0.9
    # About as loud on both sides: it does not go to and fro, through their mean, which is nothing.
    assert np.square(heard).reshape(-1, 1_600).mean(axis=1).min() > 0.5 * np.square(a).mean()


def test_a_channel_that_turns_over_on_the_way_is_heard_again_soon_and_turns_back_without_a_click() -> None:
    t = np.arange(12 * RATE) / RATE
    a = (0.3 * np.sin(2 * np.pi * 220 * t)).astype(np.float32)
    sign = np.where((t >= 4.0) & (t < 8.0), -1.0, 1.0).astype(np.float32)
    heard = mixed(np.stack([a, sign * a], axis=1))
    levels = np.sqrt(2 * np.square(heard).reshape(-1, 800).mean(axis=1))
    assert (levels > 0.29).mean() > 1 - 3 * MEMORY_S / 12
    assert levels[: 4 * 20].min() > 0.29
    assert levels[-2 * 20 :].min() > 0.29
    assert np.abs(np.diff(heard)[round(8.01 * RATE) :]).max() < 0.03


def test_silence_between_the_words_does_not_turn_the_mix() -> None:
    a = noise(6.0)
    a[2 * RATE : 4 * RATE] = 0.0
    np.testing.assert_array_equal(mixed(np.stack([a, -a], axis=1))[RATE:], a[RATE:])


def test_nothing_is_nothing() -> None:
    assert len(ToMono(RATE)(np.zeros((0, 2), np.float32))) == 0
    assert not mixed(np.zeros((RATE, 2), np.float32)).any()


def song(seconds: float) -> Floats:
    """Two tones that are not quite the same on both sides."""
    t = np.arange(round(seconds * RATE)) / RATE
    left, right = np.sin(2 * np.pi * 440 * t), 0.8 * np.sin(2 * np.pi * 440 * t) + 0.2 * np.sin(2 * np.pi * 660 * t)
    stereo: Floats = (0.3 * np.stack([left, right], axis=1)).astype(np.float32)
    return stereo


def test_sound_whose_channels_can_be_added_is_left_as_it_is() -> None:
    stereo = song(3.0)
    assert without_cancelling(stereo, RATE) is stereo
    only_left = stereo * np.array([1.0, 0.0], np.float32)
    assert without_cancelling(only_left, RATE) is only_left
    assert len(without_cancelling(stereo[:0], RATE)) == 0


def test_of_a_song_with_a_channel_upside_down_the_louder_one_counts_from_its_beginning() -> None:
    stereo = song(3.0) * np.array([1.0, -1.0], np.float32)
    mixed = without_cancelling(stereo, RATE)
    np.testing.assert_array_equal(mixed, np.repeat(stereo[:, :1], 2, axis=1))


def test_only_the_part_that_cancels_is_changed() -> None:
    stereo = song(30.0)
    stereo[3 * RATE : 15 * RATE, 1] *= -1
    mixed = without_cancelling(stereo, RATE)
    np.testing.assert_array_equal(mixed[: 3 * RATE], stereo[: 3 * RATE])
    np.testing.assert_array_equal(mixed[10 * RATE : 15 * RATE, 1], stereo[10 * RATE : 15 * RATE, 0])
    np.testing.assert_array_equal(mixed[25 * RATE :], stereo[25 * RATE :])
