"""The trials of a device, over work that does what a test says: limits, two visitors, and how each comes to its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.emotion import Emotion
from soundit_edge.trials.folder import TrialsFolder
from soundit_edge.trials.job import TrialJob, TrialOptions
from soundit_edge.trials.limits import Limits
from soundit_edge.trials.messages import Failed, Message, ReadingRow, Result
from soundit_edge.trials.trial import Trial
from soundit_edge.trials.trials import NoTrial, Offer, Trials
from soundit_edge.trials.upload import UploadTooLarge, name_for
from tests.fakes.clock import ManualClock
from tests.surroundings import fill, small_disk
from tests.waiting import until

ANNA = Actor(Kind.PAGE, Role.OPERATOR, "anna")
BEN = Actor(Kind.PAGE, Role.OPERATOR, "ben")
LIMITS = Limits(max_bytes=1000, keep_free=0)
RESULT = Result(emotion=Emotion.HAPPY, shares={Emotion.HAPPY: 1.0})


class Work:
    """Work that goes on until a test says how it ends.

    Attributes:
        jobs: that were begun, in order.
        broken_off: how many were cancelled.
    """

    def __init__(self) -> None:
        self.jobs: list[TrialJob] = []
        self.broken_off = 0
        self.say: Callable[[Message], None] = lambda message: None
        self.ended: asyncio.Event = asyncio.Event()

    async def __call__(self, job: TrialJob, hear: Callable[[Message], None]) -> None:
        self.jobs.append(job)
        self.say = hear
        self.ended = asyncio.Event()
        try:
            await self.ended.wait()
        except asyncio.CancelledError:
            self.broken_off += 1
            raise

    def end(self, message: Message = RESULT) -> None:
        self.say(message)
        self.ended.set()


class House:
    """Trials in a folder of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.work = Work()
        self.limits = LIMITS
        self.trials = Trials(TrialsFolder(lambda: folder), self.clock.now, lambda: self.limits, run=self.work)

    async def bring(self, by: Actor = ANNA, content: bytes = b"film", size: int | None = None) -> Trial:
        offer = Offer(by, "film.mp4", len(content) if size is None else size, TrialOptions())
        return await self.trials.begin(offer, pieces(content))

    def left(self) -> list[str]:
        return sorted(os.listdir(self.folder))


async def pieces(content: bytes, size: int = 3) -> AsyncIterator[bytes]:
    for k in range(0, len(content), size):
        yield content[k : k + size]


@contextlib.asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(house.trials.run())
    await until(lambda: house.trials.objection(ANNA) == "")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path / "trials")
    async with running(house):
        yield house
    assert house.left() == []


async def test_a_file_is_worked_on_and_its_result_kept_for_its_visitor(house: House) -> None:
    trial = await house.bring(content=b"0123456789")
    await until(lambda: house.work.jobs)
    job = house.work.jobs[0]
    assert job.upload.read_bytes() == b"0123456789"
    assert [oct(path.stat().st_mode)[-3:] for path in (house.folder, trial.folder, job.upload)] == ["700", "700", "600"]
    house.work.say(ReadingRow(t=0.5, sense="face", emotion=Emotion.SAD, valence=-0.5, arousal=0.0, trust=1.0))
    status = trial.status(0, 10)
    assert (status.state, len(status.rows), status.next, trial.status(1, 10).rows) == ("running", 1, 1, ())
    house.work.end()
    await until(lambda: trial.state == "done")
    assert house.trials.find(trial.id, ANNA).result == RESULT


async def test_work_that_fails_says_why(house: House) -> None:
    trial = await house.bring()
    await until(lambda: house.work.jobs)
    house.work.end(Failed(why="It is damaged."))
    await until(lambda: trial.state == "failed")
    assert trial.status(0, 1).note == "It is damaged."


async def test_two_visitors_at_once_do_not_see_each_other(house: House) -> None:
    one, other = await asyncio.gather(house.bring(ANNA, b"hers"), house.bring(BEN, b"his"))
    assert one.id != other.id
    assert len(one.id) == 32
    for number, by in ((one.id, BEN), (other.id, ANNA), ("0" * 32, ANNA), ("../" + one.id, ANNA)):
        with pytest.raises(NoTrial):
            house.trials.find(number, by)
    await until(lambda: house.work.jobs)
    assert sorted((one.state, other.state)) == ["running", "waiting"]  # one after the other
    house.work.end()
    await until(lambda: len(house.work.jobs) == 2)


async def test_a_visitor_has_so_many_trials_and_all_have_so_many(house: House) -> None:
    house.limits = replace(LIMITS, max_per_visitor=2, max_in_all=3)
    for by in (ANNA, ANNA, BEN):
        await house.bring(by)
    with pytest.raises(NotNow, match=r"^You have 2 trials already: delete one first\.$"):
        await house.bring(ANNA)
    with pytest.raises(NotNow, match=r"^Others are trying files"):
        await house.bring(BEN)
    assert len(house.left()) == 3


async def test_one_that_is_quiet_for_two_minutes_goes_and_one_that_is_seen_stays(house: House) -> None:
    quiet, seen = await house.bring(), await house.bring()
    for _ in range(4):
        house.clock.advance(30.0)
        house.trials.find(seen.id, ANNA)
        await house.trials.expire()
    assert house.left() == [seen.id]
    assert not quiet.kept


async def test_after_an_hour_it_goes_whoever_watches(house: House) -> None:
    trial = await house.bring()
    while house.clock.now() < 3600.0:
        assert house.left() == [trial.id]
        house.clock.advance(60.0)
        with contextlib.suppress(NoTrial):
            house.trials.find(trial.id, ANNA)
        await house.trials.expire()
    assert house.left() == []


@pytest.mark.parametrize("phase", ["waiting", "running", "done"])
async def test_cancelled_in_each_phase_nothing_is_left(house: House, phase: str) -> None:
    first = await house.bring()
    await until(lambda: house.work.jobs)
    trial = await house.bring() if phase == "waiting" else first
    if phase == "done":
        house.work.end()
        await until(lambda: trial.task is not None and trial.task.done())
    assert trial.state == phase
    await house.trials.remove(trial)
    assert house.work.broken_off == (phase == "running")
    assert trial.id not in house.left()
    with pytest.raises(NoTrial):
        house.trials.find(trial.id, ANNA)


async def test_visitor_gone_in_the_middle_of_sending(house: House) -> None:
    arrived = asyncio.Event()

    async def breaks_off() -> AsyncIterator[bytes]:
        yield b"half"
        arrived.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(house.trials.begin(Offer(ANNA, "x", 8, TrialOptions()), breaks_off()))
    await arrived.wait()
    assert len(house.left()) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert house.left() == []


async def test_one_that_is_sent_for_an_hour_is_given_up(house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            house.clock.advance(60.0)
            await house.trials.expire()
            yield b"."

    with pytest.raises(NotNow, match="took too long"):
        await house.trials.begin(Offer(ANNA, "x", 1000, TrialOptions()), endless())
    assert house.clock.now() <= 3700.0
    assert house.left() == []


@pytest.mark.parametrize("size", [0, -1])
async def test_bad_input_an_empty_file(house: House, size: int) -> None:
    with pytest.raises(InvalidChange, match="empty"):
        await house.bring(size=size)
    assert house.left() == []


async def test_bad_input_oversize(house: House) -> None:
    with pytest.raises(UploadTooLarge, match="at most 0 MB"):
        await house.bring(size=1001)
    assert house.left() == []


@pytest.mark.parametrize(("size", "words"), [(9, "More was sent"), (11, "Not all of the file")])
async def test_bad_input_a_length_that_is_a_lie(house: House, size: int, words: str) -> None:
    with pytest.raises(InvalidChange, match=words):
        await house.bring(content=b"0123456789", size=size)
    assert house.left() == []


async def test_a_disk_that_has_no_room_for_film_and_score(house: House) -> None:
    house.limits = replace(LIMITS, keep_free=2**62)
    with pytest.raises(NotNow, match="not enough room"):
        await house.bring()
    assert house.left() == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kilobytes."""
    with small_disk(tmp_path / "disk", 400) as disk:
        yield disk


async def test_a_disk_that_is_full_in_the_middle_of_sending(disk: Path) -> None:
    async def sent() -> AsyncIterator[bytes]:
        yield bytes(50_000)
        fill(disk)
        yield bytes(50_000)

    house = House(disk / "trials")
    house.limits = replace(LIMITS, max_bytes=10**6)
    async with running(house):
        with pytest.raises(NotNow, match="the disk is full"):
            await house.trials.begin(Offer(ANNA, "x", 100_000, TrialOptions()), sent())
        assert house.left() == []


async def test_others_that_fill_the_disk_in_the_middle_of_sending(house: House) -> None:
    async def sent() -> AsyncIterator[bytes]:
        yield b"half"
        house.trials._folder.free_bytes = lambda: -1  # type: ignore[method-assign]
        yield b"half"

    with pytest.raises(NotNow, match="not enough room"):
        await house.trials.begin(Offer(ANNA, "x", 8, TrialOptions()), sent())
    assert house.left() == []


async def test_at_the_end_of_the_device_everything_goes(tmp_path: Path) -> None:
    house = House(tmp_path / "trials")
    async with running(house):
        await house.bring()
        await house.bring(BEN)
        await until(lambda: house.work.jobs)
    assert (house.left(), house.work.broken_off) == ([], 1)
    with pytest.raises(NotNow, match="starting or ending"):
        await house.bring()


async def test_what_a_killed_device_has_left_goes_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "trials"
    (folder / "0123").mkdir(parents=True)
    (folder / "0123" / "upload").write_bytes(b"film")
    (folder / "stray").write_bytes(b"?")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (folder / "link").symlink_to(outside)
    house = House(folder)
    async with running(house):
        assert house.left() == []
    assert (outside / "kept").exists()


async def test_a_second_device_does_not_delete_the_files_of_the_first(house: House) -> None:
    trial = await house.bring()
    other = House(house.folder)
    task = asyncio.create_task(other.trials.run())
    await until(lambda: "Another soundit" in other.trials.objection(ANNA))
    with pytest.raises(NotNow, match="Another soundit"):
        await other.bring()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert house.left() == [trial.id]


async def test_where_there_is_no_place_the_device_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    house = House(tmp_path / "file" / "trials")
    task = asyncio.create_task(house.trials.run())
    await until(lambda: "no place" in house.trials.objection(ANNA))
    with pytest.raises(NotNow, match=r"^There is no place to keep a file: [^/]*\.$"):
        await house.bring()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a.mp4", "a.mp4"),
        ("a\0b.mp4", "a b.mp4"),
        ("x" * 300, "x" * 120),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "untitled"),
        ("///", "untitled"),
        ("Caf\u00e9 \U0001f600.mp4", "Caf\u00e9 \U0001f600.mp4"),
    ],
)
def test_bad_input_names(name: str, shown: str) -> None:
    assert name_for(name, LIMITS) == shown


@given(st.text(max_size=400))
def test_every_name_can_be_shown_and_none_leads_anywhere(name: str) -> None:
    shown = name_for(name, LIMITS)
    assert 1 <= len(shown) <= LIMITS.max_name
    assert shown.isprintable()
    assert not {"/", "\\"} & set(shown)
    shown.encode()
