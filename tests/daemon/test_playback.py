"""Mood to director to player, and what is said about it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.events import MoodChanged, ReasonGiven, TrackChanged
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.library.recommend.chooser import Chooser
from soundit_edge.music.library.recommend.library_queue import LibraryQueue
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.source import FileSource
from soundit_edge.settings import LockSettings, MusicSettings, Settings
from tests.daemon.bench import PIECE, Bench
from tests.fakes.songs import song
from tests.waiting import until

PAGE = Actor(Kind.PAGE, Role.OPERATOR)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_the_mood_moves_the_music_and_why_is_said_once(path: Path) -> None:
    bench = Bench(path)
    bench.run(5.0)
    bench.emotion = Emotion.HAPPY
    bench.run(30.0)
    assert bench.playback.mood.emotion is Emotion.HAPPY
    assert bench.player.target.tempo == pytest.approx(1.10, abs=0.01)
    assert bench.player.brief.emotion is Emotion.HAPPY
    (reason,) = bench.playback.reasons
    assert reason.words.startswith("the room turned happy: tempo up 10 %")


def test_it_begins_with_what_the_settings_say(path: Path) -> None:
    bench = Bench(path, Settings(music=MusicSettings(policy="calm", preset="dramatic", lock=LockSettings(tempo=1.5))))
    bench.run(60.0)
    assert bench.player.target.tempo == 1.5
    assert any("to calm" in reason.words for reason in bench.playback.reasons)


def test_every_setting_of_the_music_reaches_the_music(path: Path) -> None:
    bench = Bench(path)
    bench.store.change({"music": {"volume": 0.25, "preset": "dramatic", "lock": {"wah": 0.5}}}, PAGE)
    bench.emotion = Emotion.HAPPY
    bench.run(30.0)
    assert bench.player.volume == 0.25
    assert bench.player.target.wah == 0.5
    assert bench.player.target.tempo == pytest.approx(1.4, abs=0.02)


def test_a_volume_alone_is_no_reason(path: Path) -> None:
    bench = Bench(path)
    bench.store.change({"music": {"volume": 0.25}}, PAGE)
    bench.run(5.0)
    assert bench.playback.reasons == ()


def test_who_changed_something_is_named(path: Path) -> None:
    bench = Bench(path)
    bench.run(5.0)
    bench.store.change({"music": {"policy": "calm"}}, Actor(Kind.SCHEDULE, Role.OPERATOR, "evenings"))
    bench.run(0.1)
    assert bench.playback.reasons[0].words.startswith("the schedule chose to calm the room")


def test_a_composer_keeps_tempo_and_key_but_for_locks_of_whole_semitones(path: Path) -> None:
    bench = Bench(path, composes=True)
    bench.emotion = Emotion.HAPPY
    bench.run(30.0)
    assert (bench.player.target.tempo, bench.player.target.semitones) == (1.0, 0.0)
    bench.store.change({"music": {"lock": {"tempo": 1.5, "semitones": 2.6}}}, PAGE)
    bench.run(0.1)
    assert (bench.player.target.tempo, bench.player.target.semitones) == (1.5, 3.0)
    assert bench.playback.reasons[0].words == "you locked the tempo, the key: tempo up 50 %, key up 3 semitones"


def test_what_a_composer_did_is_a_reason_once_it_is_heard(path: Path) -> None:
    bench = Bench(path, composes=True)
    plain = PlayerStatistics(bpm=96.0, bar_s=2.5, lead=list(Instrument).index(Instrument.CLARINET))
    bench.player.now = plain
    bench.emotion = Emotion.HAPPY
    bench.run(10.0)
    assert not [reason for reason in bench.playback.reasons if "from" in reason.words]
    bench.player.now = replace(
        plain,
        bpm=120.0,
        tonic=2,
        mode=list(MODES).index("lydian"),
        style=EMOTIONS.index(Emotion.HAPPY),
        lead=list(Instrument).index(Instrument.FLUTE),
        pluck=list(Instrument).index(Instrument.STEEL_GUITAR),
    )
    bench.run(1.0)
    assert bench.playback.reasons[0].words == (
        "the music is now happy, like the room: from C major to D lydian, tempo up 25 %, flute and steel guitar play"
    )


def test_what_a_busy_computer_leaves_out_is_no_reason(path: Path) -> None:
    bench = Bench(path)
    bench.player.now = PlayerStatistics(quality=QualityLevel.RESAMPLE)
    bench.run(5.0)
    bench.emotion = Emotion.DISGUSTED
    bench.run(5.0)
    assert bench.playback.reasons[0].words == "the room turned disgusted: tempo down 5 %, darker, softer"


def test_the_library_chooses_for_the_mood_and_the_preset_and_says_why(path: Path) -> None:
    tame, near = song(1, valence=0.8, arousal=-0.3), song(2, valence=0.8, arousal=0.5)
    library = LibrarySession(LibraryQueue(Chooser([tame, near]), [tame, near]))
    bench = Bench(path, library=library)
    bench.emotion = Emotion.HAPPY
    bench.run(0.2)
    library.queue.begin()
    bench.run(0.2)
    assert bench.playback.reasons[0].words.startswith("song 2: ")
    # What the chooser of another preset would do is tested there; here, that it is told.
    seen: list[tuple[str, str]] = []
    library.queue.follow = lambda policy, preset: seen.append((policy.value, preset.name))  # type: ignore[method-assign]
    bench.store.change({"music": {"preset": "dramatic"}}, PAGE)
    bench.store.change({"music": {"policy": "lift"}}, PAGE)
    bench.store.change({"music": {"volume": 0.1}}, PAGE)
    assert seen == [("follow", "dramatic"), ("lift", "dramatic")]


async def test_moods_tracks_and_reasons_are_events(path: Path) -> None:
    bench = Bench(path)
    async with bench.bus.subscribe() as events:
        bench.run(5.0)
        assert bench.bus.readers[0].dropped == 0
        bench.emotion = Emotion.HAPPY
        bench.player.piece = replace(PIECE, title="Second light")
        bench.run(0.1)
        happened = [await anext(events) for _ in range(3)]
    assert [type(event) for event in happened] == [MoodChanged, TrackChanged, ReasonGiven]
    mood, track, reason = happened
    assert isinstance(mood, MoodChanged)
    assert mood.mood.emotion is Emotion.HAPPY
    assert track == TrackChanged("Second light")
    assert isinstance(reason, ReasonGiven)
    assert reason.reason.words == bench.playback.reasons[0].words


def counted_steps(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The room's time at each step of the playback from now on."""
    steps: list[float] = []
    step = bench.playback.step

    def counted() -> None:
        step()
        steps.append(bench.playback.mood.t)

    monkeypatch.setattr(bench.playback, "step", counted)
    return steps


async def test_it_steps_until_cancelled(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(path)
    steps = counted_steps(bench, monkeypatch)
    task = asyncio.create_task(bench.playback.run())
    await until(lambda: len(steps) >= 3)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_what_was_heard_last_is_looked_at_once_more_at_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A song that was skipped right before the device stopped was not noted."""
    first, second = song(1, valence=0.0, arousal=0.0), song(2, valence=0.1, arousal=0.1)
    library = LibrarySession(LibraryQueue(Chooser([first, second]), [first, second]))
    bench = Bench(path, library=library)
    steps = counted_steps(bench, monkeypatch)
    task = asyncio.create_task(bench.playback.run())
    await until(lambda: steps)
    looked_at: list[Path | None] = []
    monkeypatch.setattr(library.queue, "step", lambda now, mood, heard, left_s: looked_at.append(heard))
    bench.player.heard = FileSource(Path(second.path))
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert looked_at == [Path(second.path)]
