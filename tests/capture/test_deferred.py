"""Frames that nobody reads are not converted, and those that several read are converted once."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundit_edge.capture import camera, drawn, frame_converter
from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import DeferredRgb, Frame, Rgb
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import Drawn
from tests.capture.media import film
from tests.fakes.camera import FakeCamera
from tests.fakes.clock import ManualClock

PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


class Counted:
    """Stands for a function that makes a picture, and counts its calls."""

    def __init__(self, made: Any = lambda *_: PICTURE) -> None:
        self.calls = 0
        self._made = made

    def __call__(self, *arguments: Any) -> Rgb:
        self.calls += 1
        picture: Rgb = self._made(*arguments)
        return picture


def test_a_picture_is_converted_when_it_is_read_and_once_for_all_readers() -> None:
    convert = Counted()
    frame = Frame(1.0, DeferredRgb(convert))
    later = replace(frame, t=2.0)
    assert convert.calls == 0
    with ThreadPoolExecutor(8) as threads:
        pictures = list(threads.map(lambda one: one.rgb, [frame, later] * 20))
    assert convert.calls == 1
    assert all(picture is PICTURE for picture in pictures)


def test_frames_of_a_clip_that_nobody_reads_are_not_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "film.mkv", seconds=2)
    with Clip(path) as clip:
        every = [item.rgb for item in clip.items() if isinstance(item, Frame)]
    upright = Counted(frame_converter.upright)
    monkeypatch.setattr(frame_converter, "upright", upright)
    with Clip(path) as clip:
        opening = upright.calls
        frames = [item for item in clip.items() if isinstance(item, Frame)]
    assert len(frames) == len(every)
    assert upright.calls - opening == 1, "the first of its kind shows that it can be done"
    assert np.array_equal(frames[-1].rgb, every[-1])
    assert upright.calls - opening == 2


def test_frames_of_a_camera_that_nobody_reads_are_not_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    convert = Counted()
    monkeypatch.setattr(camera, "_to_rgb", convert)
    with Camera(0, ManualClock().now, open_device=FakeCamera().open) as source:
        frames = list(itertools.islice(source.items(), 3))
        assert convert.calls == 0
        assert frames[1].rgb is PICTURE
    assert convert.calls == 1


def test_frames_of_the_demo_that_nobody_reads_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Counted()
    monkeypatch.setattr(drawn, "draw", draw)
    with Drawn() as source:
        frames = [item for item in itertools.islice(source.items(), 6) if isinstance(item, Frame)]
    assert frames
    assert draw.calls == 0
