"""What the controller shows, and does to songs; what it shares with every control surface is in the contract."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.claim import ClaimState
from soundit_edge.control.events import PrivacyChanged, SourceChanged
from soundit_edge.control.refusals import NotAllowed, NotNow
from soundit_edge.control.status import PrivacyStatus, SourceStatus
from soundit_edge.daemon import controller as controller_module
from soundit_edge.emotion import Emotion
from soundit_edge.music.library.recommend.chooser import Chooser
from soundit_edge.music.library.recommend.library_queue import LibraryQueue
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.music.source import FileSource
from soundit_edge.settings import PrivacySettings, Settings
from tests.daemon.bench import Bench
from tests.fakes.songs import song

PAGE = Actor(Kind.PAGE, Role.OPERATOR)
LOST = SourceStatus(role="speaker", name="spk", state="lost", note="the speaker is gone; looking for it")


class Claim:
    """A claim that remembers what was done to it."""

    claim_state: ClaimState = "unclaimed"

    def __init__(self) -> None:
        self.done: list[str] = []

    def open_claim(self) -> None:
        self.done.append("open")

    async def reset_claim(self) -> None:
        self.done.append("reset")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def a_library() -> LibrarySession:
    songs = [song(number, valence=0.8, arousal=0.5) for number in (1, 2, 3)]
    return LibrarySession(LibraryQueue(Chooser(songs), songs))


def test_the_status_is_put_together_from_all_parts(path: Path) -> None:
    bench = Bench(path, several=True)
    bench.tracks.track_note = "Gone.wav: no such file; it is left out"
    bench.emotion = Emotion.HAPPY
    bench.run(2.0)
    status = bench.controller.status()
    assert status.t == pytest.approx(12.0)
    assert status.mood.emotion is Emotion.HAPPY
    assert status.sources == tuple(bench.sources)
    assert status.integrations == bench.integrations
    assert (status.music.title, status.music.several, status.music.note) == (
        "First light",
        True,
        "Gone.wav: no such file; it is left out",
    )
    assert status.music.reason.startswith("the room turned happy")
    assert (status.volume, status.note) == (0.7, "")


def test_what_cannot_be_kept_is_told(path: Path) -> None:
    library = a_library()
    bench = Bench(path, library=library)
    bench.store.note = "what you chose cannot be kept: settings.toml: cannot be written"
    assert bench.controller.status().note == bench.store.note
    library.note = "what you hear and like cannot be kept: library.db: full"
    assert bench.controller.status().note == f"{bench.store.note}; {library.note}"


async def test_a_song_is_rated_and_one_that_is_not_liked_is_left(path: Path) -> None:
    library = a_library()
    bench = Bench(path, several=True, library=library)
    bench.run(0.2)
    library.queue.begin()
    assert bench.controller.status().music.rating == "none"
    await bench.controller.rate("liked", PAGE)
    assert bench.controller.status().music.rating == "liked"
    assert bench.tracks.skipped == 0
    await bench.controller.rate("disliked", PAGE)
    assert bench.tracks.skipped == 1


async def test_what_is_no_song_of_the_library_cannot_be_rated(path: Path) -> None:
    with pytest.raises(NotNow, match="no song of your library"):
        await Bench(path).controller.rate("liked", PAGE)


async def test_in_a_public_place_nobodys_taste_is_kept(path: Path) -> None:
    library = a_library()
    bench = Bench(path, Settings(privacy=PrivacySettings(public_place=True)), several=True, library=library)
    library.keep_history(False)
    bench.run(0.2)
    library.queue.begin()
    current = library.queue.current
    bench.player.heard = None if current is None else FileSource(current)
    bench.run(1.0)
    with pytest.raises(NotNow, match="public place"):
        await bench.controller.rate("liked", PAGE)
    assert bench.controller.status().music.rating == "none"
    assert library.queue.entries() == []
    library.keep_history(True)
    bench.player.heard = None
    bench.run(0.2)
    assert library.queue.entries() != [], "elsewhere it is kept"


def test_the_log_of_a_public_place_is_no_history_of_its_moods(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    for public in (True, False):
        bench = Bench(path, Settings(privacy=PrivacySettings(public_place=public)))
        bench.emotion = Emotion.HAPPY
        bench.run(2.0)
        assert bench.controller.status().music.reason.startswith("the room turned happy")
        assert ("turned happy" in caplog.text) is not public


async def test_that_a_camera_is_opened_or_closed_is_an_event(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller_module, "LOOK_S", 0.001)
    bench = Bench(path)
    task = asyncio.create_task(bench.controller.run())
    async with bench.controller.events() as events:
        await asyncio.sleep(0.05)
        bench.privacy = PrivacyStatus(camera_open=True)
        assert await anext(events) == PrivacyChanged(bench.privacy)
    assert bench.controller.status().privacy == bench.privacy
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_speaker_that_is_lost_is_an_event(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller_module, "LOOK_S", 0.001)
    bench = Bench(path)
    task = asyncio.create_task(bench.controller.run())
    async with bench.controller.events() as events:
        await asyncio.sleep(0.05)
        assert events.dropped == 0
        bench.sources = [LOST]
        assert await anext(events) == SourceChanged((LOST,))
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_the_claim_is_for_whoever_stands_before_the_device(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    claim = Claim()
    controller = Bench(path, claim=claim).controller
    assert controller.status().claim == "unclaimed"
    for kind in (Kind.PAGE, Kind.SCHEDULE, Kind.INTEGRATION):
        for change in (controller.open_claim, controller.reset_claim):
            with pytest.raises(NotAllowed, match="stands before the device"):
                await change(Actor(kind, Role.ADMIN))
    assert claim.done == []
    panel = Actor(Kind.PANEL, Role.OPERATOR)
    await controller.open_claim(panel)
    await controller.reset_claim(panel)
    assert claim.done == ["open", "reset"]
    assert "the claim was reset at the device" in caplog.text


class Safe:
    """A device that would start again."""

    safe_mode = False

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def set_safe_mode(self, on: bool) -> None:
        self.asked.append(on)


async def test_safe_mode_is_for_the_admin(path: Path) -> None:
    safe = Safe()
    controller = Bench(path, safe_mode=safe).controller
    assert controller.status().safe_mode is False
    for kind, role in ((Kind.PAGE, Role.OPERATOR), (Kind.PANEL, Role.OPERATOR), (Kind.PAGE, Role.VIEWER)):
        with pytest.raises(NotAllowed):
            await controller.set_safe_mode(True, Actor(kind, role))
    assert safe.asked == []
    await controller.set_safe_mode(True, Actor(Kind.PAGE, Role.ADMIN))
    assert safe.asked == [True]


async def test_a_device_that_nothing_would_start_again_has_no_safe_mode(path: Path) -> None:
    controller = Bench(path).controller
    assert controller.status().safe_mode is None
    with pytest.raises(NotNow, match="Nothing would start this device again"):
        await controller.set_safe_mode(True, Actor(Kind.PAGE, Role.ADMIN))


async def test_a_device_without_a_page_has_no_claim(path: Path) -> None:
    controller = Bench(path).controller
    with pytest.raises(NotNow, match="no page"):
        await controller.open_claim(Actor(Kind.PANEL, Role.OPERATOR))
    assert controller.status().claim == "claimed"
