"""The history of the mood on the disk: kept over a restart, for its owner alone, and not at all in a public place."""

from __future__ import annotations

import asyncio
import contextlib
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.events import EventBus, ReasonGiven, TrackChanged
from soundit_edge.control.refusals import NotNow
from soundit_edge.control.status import ReasonStatus
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.watch import mood_file, mood_recorder
from soundit_edge.daemon.watch.mood_recorder import MoodRecorder
from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion, Mood, one_hot
from soundit_edge.page.app import create_app
from soundit_edge.page.routes import mood_history
from soundit_edge.perception.mood_history import (
    FINE_S,
    MAX_MARKS,
    MAX_MEANS,
    MAX_WORDS,
    ClockReading,
    Mark,
    MeanMood,
    MoodRecord,
)
from soundit_edge.settings import PrivacySettings, Settings
from tests.fakes.control import FakeControl
from tests.waiting import until

ADMIN = Actor(Kind.PAGE, Role.ADMIN)
HAPPY = Mood(0.0, Emotion.HAPPY, one_hot(Emotion.HAPPY), AFFECT[Emotion.HAPPY], 0.8)
LARGEST = MoodRecord(
    [MeanMood(1.7e9 + 30.25 * n, -0.123456, -0.123456, 0.123456, (0, 0, 0, 0, 0, 0, 60, 0)) for n in range(MAX_MEANS)],
    [Mark(1.7e9 + n, "reason", "\N{GRINNING FACE}" * MAX_WORDS) for n in range(MAX_MARKS)],
)


def mode_of(file: Path) -> int:
    """Who may do what with a file; 0 where there is none."""
    return stat.S_IMODE(file.stat().st_mode) if file.exists() else 0


class Kept:
    """A recorder with its own clock, which a test moves."""

    def __init__(self, *, public: bool = False) -> None:
        self.now = ClockReading(100.0, 1.7e9)
        self.store = SettingsStore(Settings(privacy=PrivacySettings(public_place=public)), None)
        self.events = EventBus()
        self.recorder = MoodRecorder(lambda: HAPPY, self.store, self.events, self._tick)

    def _tick(self) -> ClockReading:
        self.now = ClockReading(self.now.steady_s + 1.0, self.now.wall_s + 1.0)
        return self.now

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[MoodRecorder]:
        task = asyncio.create_task(self.recorder.run())
        await until(
            lambda: (self.recorder.record().means and self.events.readers) or self.store.current.privacy.public_place
        )
        try:
            yield self.recorder
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOUNDIT_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(mood_recorder, "SAMPLE_S", 0.001)
    return tmp_path / "state" / mood_recorder.FILE


async def test_it_is_kept_over_a_restart_with_reasons_and_tracks(file: Path) -> None:
    kept = Kept()
    async with kept.running() as recorder:
        kept.events.publish(TrackChanged("First light"))
        await until(lambda: len(recorder.record().marks) == 1)
        kept.events.publish(ReasonGiven(ReasonStatus(t=3.0, words="the room turned")))
        await until(lambda: len(recorder.record().marks) == 2)
        kept.events.publish(ReasonGiven(ReasonStatus(t=3.0, words="the room turned happy")))
        await until(lambda: recorder.record().marks[-1].words == "the room turned happy")
        await until(lambda: len(recorder.record().means) > 3)
    assert mode_of(file) == 0o600
    means, marks = recorder.record().means, recorder.record().marks
    assert sorted(mark.words for mark in marks) == ["First light", "the room turned happy"]
    again = Kept()
    again.now = kept.now
    found = again.recorder.record()
    assert [mark.words for mark in found.marks] == [mark.words for mark in marks]
    assert [mean.emotion for mean in found.means] == [Emotion.HAPPY] * len(means)
    assert sum(mean.count for mean in found.means) == sum(mean.count for mean in means)


async def test_it_is_written_now_and_then(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mood_recorder, "SAVE_S", 5.0)
    async with Kept().running():
        await until(file.exists)


async def test_nothing_is_kept_in_a_public_place(file: Path) -> None:
    kept = Kept()
    async with kept.running() as recorder:
        await recorder.erase()
        await until(lambda: recorder.record().means)
    assert mode_of(file)
    again = Kept()
    async with again.running() as recorder:
        again.events.publish(TrackChanged("First light"))
        again.store.change({"privacy": {"public_place": True}}, ADMIN)
        assert recorder.record() == MoodRecord([], [])
        await until(lambda: not file.exists())
        again.events.publish(TrackChanged("Second light"))
        await asyncio.sleep(0.05)
        assert recorder.record() == MoodRecord([], [])
        again.store.change({"privacy": {"public_place": False}}, ADMIN)
        await until(lambda: recorder.record().means)


async def test_what_an_earlier_run_kept_is_erased_where_the_place_is_public_at_the_start(file: Path) -> None:
    mood_file.save(file, LARGEST)
    kept = Kept(public=True)
    assert kept.recorder.record() == MoodRecord([], [])
    async with kept.running():
        await until(lambda: not file.exists())
    assert not mode_of(file)


def test_the_largest_history_is_small_and_comes_back(file: Path) -> None:
    mood_file.save(file, LARGEST)
    assert file.stat().st_size < mood_file.MAX_FILE_BYTES
    back = mood_file.load(file)
    assert (len(back.means), len(back.marks)) == (MAX_MEANS, MAX_MARKS)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"[" * 100_000,
        b'{"means": [[1e400, 1, 0, 0, 0, "happy"]], "marks": []}',
        b'{"means": [[1, 0, 0, 0, 0, "happy"]], "marks": []}',
        b'{"means": [[1, 1, 2, 0, 0, "happy"]], "marks": []}',
        b'{"means": [[1, 1, 0, 0, 0, "bored"]], "marks": []}',
        b'{"means": [], "marks": [[1, "gossip", "x"]]}',
        b'{"version": 2, "means": [], "marks": []}',
        b" " * 1_000_001,
    ],
)
def test_a_damaged_file_is_no_reason_not_to_start(file: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert mood_file.load(file) == MoodRecord()
    assert "begins again" in caplog.text


async def test_a_disk_that_takes_nothing_is_no_reason_to_stop(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.write_text("a file in the place of the folder")
    async with Kept().running() as recorder:
        await until(lambda: recorder.record().means)
    assert "cannot be kept" in caplog.text


async def test_what_a_disk_does_not_let_us_erase_is_erased_as_soon_as_it_does(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The page said that it was erased, and it came back with the next start."""
    mood_file.save(file, LARGEST)
    aside = file.parent.rename(file.parent.with_name("mended"))
    file.parent.write_text("a file in the place of the folder")
    kept = Kept()
    async with kept.running() as recorder:
        kept.events.publish(TrackChanged("First light"))
        await until(lambda: recorder.record().marks)
        with pytest.raises(NotNow, match="comes back where the device is switched off now"):
            await recorder.erase()
        assert not recorder.record().marks
        file.parent.unlink()
        aside.rename(file.parent)
        await until(lambda: file.stat().st_size < 1000)
        assert caplog.text.count("cannot be kept") == 1
        kept.store.change({"privacy": {"public_place": True}}, ADMIN)
        await until(lambda: not file.exists())


@pytest.fixture
async def page(file: Path) -> AsyncIterator[tuple[httpx.AsyncClient, MoodRecorder]]:
    kept = Kept()
    app: FastAPI = create_app(FakeControl(), mood_history.routes(kept.recorder))
    transport = httpx.ASGITransport(app)
    async with kept.running(), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client, kept.recorder


async def test_the_page_gets_it_in_arrays_and_an_administrator_erases_it(
    page: tuple[httpx.AsyncClient, MoodRecorder],
) -> None:
    client, _ = page
    answer = (await client.get("/api/history/mood", params={"hours": 0.5})).raise_for_status().json()
    columns = ("t", "valence", "arousal", "confidence", "emotion")
    assert len({len(answer[name]) for name in columns}) == 1
    assert answer["emotion"][0] in EMOTIONS
    assert (answer["valence"][0], answer["confidence"][0]) == (AFFECT[Emotion.HAPPY].valence, 0.8)
    assert 0 <= answer["now"] - answer["t"][-1] <= FINE_S + 1
    (await client.request("DELETE", "/api/history/mood", json={})).raise_for_status()
    assert (await client.get("/api/history/mood")).json()["marks"] == []


@pytest.mark.parametrize("hours", ["0", "-1", "25", "nan", "inf", "ten", "1e999"])
async def test_hours_that_are_none_are_refused_in_a_sentence(
    page: tuple[httpx.AsyncClient, MoodRecorder], hours: str
) -> None:
    answer = await page[0].get("/api/history/mood", params={"hours": hours})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("hours: ")
