"""A model set that came over the air, tried and put in use by the running device, while the music plays."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from soundit_edge.inference.models import default_folder
from soundit_edge.update.sets.store import SetStore
from tests.device import RunningDevice
from tests.update.made_sets import whole_set
from tests.waiting import wait_until

SHORT = """
import functools, sys
from soundit_edge.cli.app import run_command_line
from soundit_edge.daemon import tuning
from soundit_edge.daemon.updates.trial import runner
tuning._is_needed = lambda folder: False
runner.TrialLimits = functools.partial(runner.TrialLimits, watch_s=1.0)
sys.argv[0] = "soundit"
sys.exit(run_command_line())
"""
"""The command, with trials of a second, and without measuring models beside them."""


def states(status: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["state"] for one in status["senses"]}


def test_a_set_is_tried_and_put_in_use_without_a_gap_in_the_music(tmp_path: Path) -> None:
    """Of the senses the voice alone is on, so that this costs little; the drawn demo speaks."""
    (tmp_path / "settings.toml").write_text("[senses]\nface = false\nbody = false\nlips = false\nhue = true\n")
    store, made = SetStore(tmp_path / "state" / "sets", default_folder()), whole_set(1)
    place = made.write(store.folder)
    store.begin_trial(made.set_id, now=1.0)
    with RunningDevice(tmp_path, "--speaker", "file:out.wav", program=(sys.executable, "-c", SHORT)) as device:
        device.wait_for_page()
        wait_until(lambda: device.page.get("api/models").raise_for_status().json()["name"] == "made")
        assert store.current() == made.set_id
        device.wait_until(lambda status: states(status)["hue"] == "reading")
        assert device.stop(signal.SIGTERM) == 0
    assert (store.trial(), store.refused(), place.is_dir()) == (None, {}, True)
    log = (tmp_path / "soundit.log").read_text()
    assert f"the model set {made.set_id} is in use" in log
    statistics = json.loads(
        next(line for line in log.splitlines() if "statistics {" in line).partition("statistics ")[2]
    )
    assert statistics["music"]["underruns"] == 0
    sound, rate = soundfile.read(tmp_path / "out.wav")
    blocks = np.abs(sound[rate : len(sound) - len(sound) % (rate // 4)]).reshape(-1, rate // 4, 2).max(axis=(1, 2))
    assert blocks.min() > 1e-3, "a quarter of a second of silence"
