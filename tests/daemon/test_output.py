"""The device's way out: one track follows the other, and a file that cannot be written is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.audio.format import RATE
from soundit_edge.audio.wav import WavError
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.output import Output
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.player.programme import programme_of
from soundit_edge.music.source import MusicSource
from tests.music.signals import sine
from tests.waiting import until


@pytest.fixture
def songs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Tracks: one of four seconds, two bars, one that is none, and a long one."""
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    paths = [tmp_path / f"{name}.wav" for name in ("short", "broken", "long")]
    soundfile.write(paths[0], sine(220.0, 4.0, 0.05), RATE)
    paths[1].write_text("no sound at all")
    soundfile.write(paths[2], np.tile(sine(550.0, 8.0, 0.05), (5, 1)), RATE)
    return paths


async def until_heard(output: Output, title: str) -> None:
    await until(lambda: (piece := output.player.piece) is not None and piece.title == title)


async def test_tracks_follow_each_other_by_themselves_and_when_asked_and_one_that_is_broken_is_left_out(
    songs: list[Path],
) -> None:
    output = Output("off", None, programme_of(MusicSource.TRACKS, songs))
    assert output.several
    await output.start(1.0)
    watching = asyncio.create_task(output.watch())
    for title in ("short", "long"):
        await until_heard(output, title)
    assert "broken.wav" in output.track_note
    assert "left out" in output.track_note
    output.skip()
    await until_heard(output, "short")
    watching.cancel()
    await output.stop()
    assert output.player.failure is None


async def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    output = Output(f"file:{tmp_path}/no/such/folder/out.wav", None, programme_of(MusicSource.THEME))
    with pytest.raises(WavError, match="no/such/folder"):
        await output.start(1.0)
    await output.stop()


async def test_the_theme_goes_round_by_itself() -> None:
    output = Output("off", 0.5, programme_of(MusicSource.THEME))
    assert not output.several
    await output.start(1.0)
    output.skip()
    await output.watch()
    assert output.player.statistics().tracks == 1
    assert output.track_note == ""
    await output.stop()


async def test_a_song_that_cannot_be_loaded_leaves_the_programme_of_before(songs: list[Path]) -> None:
    output = Output("off", None, programme_of(MusicSource.TRACKS, songs[2:]))
    await output.start(1.0)
    watching = asyncio.create_task(output.watch())
    await until_heard(output, "long")
    output.change(programme_of(MusicSource.TRACKS, songs[1:2]))
    await until(lambda: "broken.wav" in output.track_note)
    await until(lambda: not output.player.transitioning)
    assert (output.programme.queue.current, output.player.statistics().tracks) == (songs[2], 1)
    watching.cancel()
    await output.stop()


async def test_what_the_settings_name_and_cannot_be_played_is_no_reason_not_to_start(songs: list[Path]) -> None:
    """A disk that was pulled out; the device would not have started again."""
    theme = programme_of(MusicSource.THEME)
    output = Output("off", 0.3, programme_of(MusicSource.TRACKS, [songs[1]]), theme)
    await output.start(1.0)
    assert output.programme is theme
    assert "broken.wav" in output.track_note
    await output.stop()


async def test_a_speaker_that_is_not_there_leaves_the_one_before_and_the_music_goes_on_where_it_was() -> None:
    output = Output("off", None, programme_of(MusicSource.THEME))
    await output.start(1.0)
    output.player.set(replace(NEUTRAL, tempo=1.5))
    watching = asyncio.create_task(output.watch())
    await until(lambda: output.player.statistics().bars > 0.2)
    before = output.player.statistics()
    with pytest.raises(NotNow, match="no speaker called 'Trumpet'"):
        await output.choose("Trumpet")
    assert output.status().state == "off"
    await until(lambda: output.player.statistics().blocks > before.blocks)
    after = output.player.statistics()
    assert after.bars > before.bars
    assert after.in_force.tempo == pytest.approx(1.5, abs=0.02)
    assert not watching.done(), "the device does not end with the process of one speaker"
    watching.cancel()
    await output.stop()
    assert output.player.failure is None


async def test_music_that_is_written_to_a_file_stays_there_and_what_is_not_heard_is_not_tested(tmp_path: Path) -> None:
    with pytest.raises(NotNow, match="written to a file"):
        await Output(f"file:{tmp_path / 'out.wav'}", None, programme_of(MusicSource.THEME)).choose("off")
    with pytest.raises(NotNow, match="no speaker to test"):
        Output("off", None, programme_of(MusicSource.THEME)).test()
