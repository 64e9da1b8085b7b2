"""A day in a house in minutes: whatever people, clocks, disks and houses do, the device does what was chosen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundit_edge import files
from tests.soak.day import BEGIN, Day, House, full_disk
from tests.soak.virtual_time import VirtualLoop

MAX_BLOCKS: int = 60_000
"""By which Python's memory may grow over a day: a day of the mood is kept."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the device keeps what it remembers."""
    (tmp_path / "state").mkdir()
    monkeypatch.setenv("SOUNDIT_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@contextlib.contextmanager
def virtual() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=VirtualLoop, debug=False) as runner:
        yield runner


def test_an_evening(folder: Path) -> None:
    async def live() -> Day:
        day = Day(folder, seed=3)
        await day.run(hours=0.05)
        return day

    with virtual() as runner:
        day = runner.run(live())
    assert day.seen.broken == []
    assert day.seen.looks >= 3
    assert day.seen.done["the room changed"] > 0
    assert House.runs > 0
    assert (folder / "mood_history.json").is_file()


def test_a_night_on_which_the_clocks_are_set_back_gives_the_volume_back(folder: Path) -> None:
    async def live() -> tuple[float, float, float]:
        day = Day(folder, seed=3)
        day.offset_s = 6.9 * 3600  # a little before one
        day.device = type(day.device)(day)
        async with day.device.running():
            music = day.device.bench.store
            await asyncio.sleep(10.0)
            evening = music.current.music.volume
            day.offset_s += 3 * 3600 + 1800  # past three, which came twice
            await asyncio.sleep(10.0)
            night = music.current.music.volume
            assert list(day.broken()) == []
            day.offset_s += 4 * 3600
            await asyncio.sleep(10.0)
            return evening, night, music.current.music.volume

    with virtual() as runner:
        assert runner.run(live()) == (0.2, 0.0, 0.7)


def test_what_is_broken_is_seen(folder: Path) -> None:
    async def live() -> list[str]:
        day = Day(folder, seed=3)
        async with day.device.running():
            await asyncio.sleep(10.0)
            day.device.bench.player.volume = 0.0
            day.path.write_text("[music\n")
            for number in range(9):
                (folder / f"{number}").touch()
            return list(day.broken())

    with virtual() as runner:
        wrong = "\n".join(runner.run(live()))
    for what in ("was chosen", "nobody asked for silence", "settings are broken", "files pile up"):
        assert what in wrong


def test_a_full_disk_is_full_within_the_block_only(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(OSError, match="No space left"):
        files.write_whole(tmp_path / "a", b"x")
    files.write_whole(tmp_path / "a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_threads_take_no_virtual_time_and_sleep_takes_no_real_one() -> None:
    async def live() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        await asyncio.gather(asyncio.sleep(86_400.0), asyncio.to_thread(sum, range(10)))
        slept = loop.time()
        await asyncio.to_thread(sum, range(1000))
        return slept, loop.time()

    with virtual() as runner:
        slept, after = runner.run(live())
    assert slept == pytest.approx(86_400.0)
    assert after == slept


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_day(folder: Path, seed: int) -> None:
    async def live() -> Day:
        day = Day(folder, seed)
        await day.run(hours=24.0)
        return day

    with virtual() as runner:
        day = runner.run(live())
    assert BEGIN.utcoffset() != day.wall("").utcoffset()  # the clocks were set back
    assert day.seen.broken == []
    assert day.seen.blocks[-1] - day.seen.blocks[1] < MAX_BLOCKS
    assert day.seen.silent > 0
    assert min(day.seen.done.values()) > 2
