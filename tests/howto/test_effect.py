"""docs/howto/effect.md, done to a copy of the package: the effect can be locked on the page and is heard."""

from __future__ import annotations

import signal
import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from tests.device import NOTHING_SENSED, RunningDevice
from tests.howto.pages import RUN, build, places


def side(samples: npt.NDArray[np.float64]) -> float:
    """Return how far left and right stand apart at most."""
    return float(np.abs(samples[:, 0] - samples[:, 1]).max())


def test_an_effect_in_three_places_is_locked_on_the_page_and_heard(tmp_path: Path) -> None:
    assert len(places("effect")) == 3
    build(tmp_path, "effect")
    with RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "file:out.wav", program=RUN) as device:
        device.wait_for_page()
        refused = device.page.patch("api/locks", json={"width": 2})
        assert refused.status_code == 422
        assert '"width": a number from 0 to 1' in refused.json()["detail"]
        assert device.wait_until(lambda s: s["music"]["level_db"] > -40)["music"]["width"] == 1.0
        device.page.patch("api/locks", json={"width": 0}).raise_for_status()
        status = device.wait_until(lambda s: s["music"]["width"] == 0.0 and s["music"]["locks"])
        assert status["music"]["locks"] == {"width": 0.0}
        device.wait_until(lambda s: "you locked the stereo width: narrower" in s["music"]["reason"])
        device.wait_until(lambda s: s["t"] > status["t"] + 1.0)
        assert device.stop(signal.SIGTERM) == 0
    assert tomllib.loads((tmp_path / "settings.toml").read_text())["music"] == {"lock": {"width": 0.0}}
    samples, rate = soundfile.read(tmp_path / "out.wav")
    begin, end = samples[: rate // 2], samples[-rate // 2 :]
    assert side(begin) > 0.01
    assert np.abs(end).max() > 0.01
    assert side(end) < 1e-4
