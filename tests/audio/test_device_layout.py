from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.device_layout import DeviceAdapter, StreamFormat, stream_formats
from soundit_edge.audio.format import RATE
from tests.music.signals import blocks, frequency, sine


def test_a_device_like_the_engine_gets_every_sample_as_it_is() -> None:
    samples = sine(440.0, 0.1)
    np.testing.assert_array_equal(DeviceAdapter(StreamFormat()).process(samples), samples)


@pytest.mark.parametrize("channels", range(1, 9))
def test_every_number_of_channels(channels: int) -> None:
    samples = sine(440.0, 0.1)
    samples[:, 1] *= 0.5
    out = DeviceAdapter(StreamFormat(RATE, channels)).process(samples)
    assert out.shape == (len(samples), channels)
    assert out.dtype == np.float32
    assert out.flags.c_contiguous
    if channels == 1:
        np.testing.assert_allclose(out[:, 0], 0.75 * samples[:, 0], atol=1e-7)
    else:
        np.testing.assert_array_equal(out[:, :2], samples)
        assert not out[:, 2:].any()


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_another_rate_keeps_pitch_and_length(rate: int) -> None:
    adapter = DeviceAdapter(StreamFormat(rate, 2))
    out = np.concatenate([adapter.process(block) for block in blocks(sine(440.0, 2.0))])
    assert len(out) == pytest.approx(2.0 * rate, abs=0.02 * rate)
    assert len(out) + adapter.delay == pytest.approx(2.0 * rate, abs=0.01 * rate)
    assert frequency(out[rate // 2 : rate, 0]) * rate / RATE == pytest.approx(440.0, abs=0.01)


def test_the_engines_own_layout_is_tried_first_and_the_devices_after_it() -> None:
    assert stream_formats(48_000.0, 2) == [
        StreamFormat(48_000, 2),
        StreamFormat(48_000, 1),
        StreamFormat(44_100, 2),
        StreamFormat(44_100, 1),
    ]
    assert stream_formats(44_100.0, 1) == [StreamFormat(48_000, 1), StreamFormat(44_100, 1)]
    assert stream_formats(96_000.0, 8)[0] == StreamFormat(48_000, 2)
    assert StreamFormat(96_000, 8) in stream_formats(96_000.0, 8)
