"""End to end: files whose names are no text. The page lost its device over one."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.capture.media import film
from tests.device import RunningDevice


@pytest.mark.thorough
def test_a_clip_is_shown_whatever_it_is_called(tmp_path: Path) -> None:
    """Its name is no UTF-8, has a line's end, and a command to the terminal."""
    clip = film(tmp_path / "film.mp4", seconds=2.0)
    clip = clip.rename(tmp_path / os.fsdecode(b"caf\xe9 two\nlines \x1b[31m.mp4"))
    with RunningDevice(tmp_path, "--speaker", "off", "--clip", clip) as device:
        address = device.wait_for_page()
        (source,) = [source for source in device.status()["sources"] if source["role"] == "clip"]
        assert source["name"] == "caf\ufffd two lines  [31m.mp4"
        with httpx.stream("GET", f"{address}api/events") as stream:
            data = next(line for line in stream.iter_lines() if line.startswith("data: "))
        assert json.loads(data.removeprefix("data: "))["sources"]
        device.stop(signal.SIGTERM)
        assert device.process.returncode == 0
