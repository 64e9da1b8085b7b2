"""Recordings whose clock is reset, jumps, has gaps or says nothing: every picture and all sound, on a steady clock."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, Frame, Sound
from soundit_edge.capture.clip import Clip
from tests.film.films import BLUE, RED, Making, clicks

PART = [(2.0, RED), (1.0, BLUE)]
MPEG2 = ("mpeg2video", "mp2")


def part(path: Path, first: float = 0.0, codecs: tuple[str, str] = ("libx264", "aac")) -> Path:
    """Three seconds, red and then blue, with a click where the blue begins."""
    return Making(PART, clicks(3.0, [2.0]), first=first, codecs=codecs).write(path)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part whose clock begins with zero."""
    return part(tmp_path_factory.mktemp("part") / "one.ts")


def joined(path: Path, parts: Sequence[Path]) -> Path:
    path.write_bytes(b"".join(each.read_bytes() for each in parts))
    return path


def read(path: Path, begin: float = 0.0) -> tuple[list[Frame], list[Sound], Clip]:
    with Clip(path, max_fps=60.0, begin=begin) as clip:
        items = list(clip.items())
    return [i for i in items if isinstance(i, Frame)], [i for i in items if isinstance(i, Sound)], clip


def check_two_parts(path: Path) -> None:
    frames, sounds, clip = read(path)
    times = [frame.t for frame in frames]
    assert len(frames) == 150, "no picture is lost"
    assert min(np.diff(times)) > 0.03
    assert max(np.diff(times)) < 0.2
    assert times[-1] == pytest.approx(6, abs=0.2)
    assert sum(len(s.samples) for s in sounds) / SOUND_RATE == pytest.approx(6, abs=0.2)
    assert all(after.t - before.end > -0.1 for before, after in pairwise(sounds))
    assert clip.duration == pytest.approx(6, abs=0.2)
    assert clip.picture_end == pytest.approx(6, abs=0.2)
    blue = [f.t for before, f in pairwise(frames) if f.rgb[-9:, :, 2].mean() > 150 > before.rgb[-9:, :, 2].mean()]
    heard = [s.t + int(np.abs(s.samples).argmax()) / SOUND_RATE for s in sounds if np.abs(s.samples).max() > 0.2]
    assert [min(abs(t - moment) for t in heard) for moment in blue] == pytest.approx([0, 0], abs=0.08), "in step"
    assert np.diff(blue) == pytest.approx(3, abs=0.2)


@pytest.mark.parametrize(("kind", "codecs"), [("ts", ("libx264", "aac")), ("mpg", MPEG2), ("vob", MPEG2)])
def test_two_recordings_joined(tmp_path: Path, kind: str, codecs: tuple[str, str]) -> None:
    one = part(tmp_path / f"one.{kind}", codecs=codecs)
    check_two_parts(joined(tmp_path / f"both.{kind}", [one, one]))


@pytest.mark.parametrize("jump", [60.0, 3600.0, 90_000.0])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_clock_that_jumps(tmp_path: Path, one: Path, jump: float, order: tuple[int, int]) -> None:
    parts = [one, part(tmp_path / "two.ts", jump)]
    check_two_parts(joined(tmp_path / "both.ts", [parts[k] for k in order]))


def test_the_clock_of_mpeg_wraps_after_26_hours(tmp_path: Path) -> None:
    frames, _, _ = read(part(tmp_path / "film.ts", 2**33 / 90_000 - 2))
    assert len(frames) == 75
    assert frames[-1].t == pytest.approx(3, abs=0.1)


def test_short_parts_one_after_the_other(tmp_path: Path) -> None:
    one = Making([(0.6, RED)], clicks(0.6, [])).write(tmp_path / "one.ts")
    frames, _, _ = read(joined(tmp_path / "all.ts", [one] * 5))
    assert len(frames) == 75
    assert frames[-1].t == pytest.approx(3.0, abs=0.4)


def test_a_gap_in_matroska_stays(tmp_path: Path) -> None:
    """Its clock counts from its beginning: nothing was shown for so long."""
    making = Making([(4.0, RED)], stamps=lambda i: 40 * i + (30_000 if i >= 50 else 0))
    frames, _, clip = read(making.write(tmp_path / "screen.mkv"))
    assert len(frames) == 100
    assert frames[-1].t == pytest.approx(33.96, abs=0.01)
    assert clip.duration == pytest.approx(34, abs=0.1)


def test_an_hour_in_matroska_in_which_there_is_nothing(tmp_path: Path) -> None:
    making = Making([(4.0, RED)], stamps=lambda i: 40 * i + (3_600_000 if i >= 50 else 0))
    frames, _, clip = read(making.write(tmp_path / "screen.mkv"))
    assert len(frames) == 100
    assert frames[-1].t == pytest.approx(3.96, abs=0.05)
    assert clip.duration == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("kind", ["avi", "mkv", "mp4", "ts"])
@pytest.mark.parametrize("fps", [10, 25])
def test_reordered_frames_have_their_own_moments(tmp_path: Path, kind: str, fps: int) -> None:
    """AVI says only when a packet is decoded, Matroska only when it is shown."""
    codecs = ("mpeg4", "mp3") if kind == "avi" else ("libx264", "aac")
    making = Making([(4.0, RED)], clicks(4.0, [1.0]), fps=fps, codecs=codecs, bframes=2)
    frames, _, _ = read(making.write(tmp_path / f"film.{kind}"))
    assert len(frames) == 4 * fps
    assert np.diff([frame.t for frame in frames]) == pytest.approx(1 / fps, abs=0.002)
    bars = [int(frame.rgb[:, 0].mean(axis=1).argmax()) for frame in frames]
    assert bars == pytest.approx([round(20 * k / fps) % 120 for k in range(len(bars))], abs=1), "in order"


@pytest.mark.parametrize("begin", [1.0, 4.0])
def test_reading_begins_anywhere_on_the_steady_clock(tmp_path: Path, one: Path, begin: float) -> None:
    path = joined(tmp_path / "both.ts", [one, one])
    all_frames, all_sounds, _ = read(path)
    frames, sounds, clip = read(path, begin)
    assert [f.t for f in frames] == [f.t for f in all_frames if f.t >= begin - 0.02]
    assert clip.picture_end == pytest.approx(6, abs=0.2)
    for frame, other in zip(frames, [f for f in all_frames if f.t >= begin - 0.02], strict=True):
        assert np.array_equal(frame.rgb, other.rgb)
    assert all(s.t >= begin for s in sounds)
    assert sum(len(s.samples) for s in sounds) == pytest.approx(
        sum(len(s.samples) for s in all_sounds if s.t >= begin), abs=0.1 * SOUND_RATE
    )


def test_a_loop_of_a_joined_recording(tmp_path: Path, one: Path) -> None:
    two = part(tmp_path / "two.ts", 3600.0)
    with Clip(joined(tmp_path / "both.ts", [one, two]), loop=True) as clip:
        times = []
        for item in clip.items():
            if item.t > 13:
                break
            times.append(item.t)
    assert max(np.diff(times)) < 0.3, "no pause of an hour between the rounds"


@pytest.mark.parametrize("stamp", [1, 1000])
def test_frames_a_thousandth_of_a_second_apart(tmp_path: Path, stamp: int) -> None:
    making = Making([(4.0, RED)], stamps=lambda i: stamp * i)
    frames, _, _ = read(making.write(tmp_path / "film.mkv"))
    times = [frame.t for frame in frames]
    assert times == sorted(times)
    assert times[-1] == pytest.approx(99 * stamp / 1000, abs=1 / 30)


def test_a_clip_of_one_frame_every_minute(tmp_path: Path) -> None:
    making = Making([(0.2, RED)], stamps=lambda i: 60_000 * i, fps=25)
    frames, _, _ = read(making.write(tmp_path / "slides.mkv"))
    assert [frame.t for frame in frames] == pytest.approx([0, 60, 120, 180, 240])


def test_sound_that_appears_on_the_way(tmp_path: Path, one: Path) -> None:
    """A broadcast's second programme has a sound track that the first had not: FFmpeg finds it when it comes there."""
    silent = Making([(8.0, RED)]).write(tmp_path / "silent.ts")
    frames, _, _ = read(joined(tmp_path / "both.ts", [silent, one, silent]))
    assert len(frames) == 475
    assert frames[-1].t == pytest.approx(19, abs=0.3)


def test_slow_pictures_come_in_order_with_the_sound(tmp_path: Path) -> None:
    making = Making([(12.0, RED)], clicks(12.0, [6.0]), fps=1, bframes=3)
    with Clip(making.write(tmp_path / "slow.mkv")) as clip:
        times = [item.t for item in clip.items()]
    assert times == sorted(times)


def test_frames_without_any_stamp_come_at_the_rate_of_the_film(tmp_path: Path) -> None:
    frames, _, _ = read(Making([(2.0, RED)]).write(tmp_path / "bare.h264"))
    assert np.diff([frame.t for frame in frames]) == pytest.approx(0.04, abs=0.001)
    assert len(frames) == 50
