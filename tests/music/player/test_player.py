"""The audio process, for real: each test starts one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from soundit_edge.audio.decode import TrackError
from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.audio.speaker import SpeakerError
from soundit_edge.errors import SounditError
from soundit_edge.music.compose.theme.theme import BPM
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.player.player import Player, PlayerError
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.score import BEATS
from soundit_edge.music.source import FileSource, ThemeSource
from tests.music.signals import frequency, made_theme, sine
from tests.recorded import assert_played, best_match
from tests.sound_server import SPEAKER, SoundServer, running_sound_server
from tests.variants import thorough
from tests.waiting import wait_until

BAR_S = BEATS * 60.0 / BPM  # of the theme


@pytest.fixture(scope="module")
def analyses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the analyses of all tracks of these tests: each is made once, by the first who loads it."""
    return tmp_path_factory.mktemp("analyses")


@pytest.fixture
def tone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, analyses: Path) -> FileSource:
    """A tone of two seconds, for what is as true of any track: a theme is ten times as much work."""
    monkeypatch.setenv("SOUNDIT_CACHE", str(analyses))
    soundfile.write(tmp_path / "tone.wav", sine(440.0, 2.0), RATE)
    return FileSource(tmp_path / "tone.wav")


def told(player: Player, condition: Callable[[PlayerStatistics], bool]) -> PlayerStatistics:
    """The first statistics for which a condition holds."""
    return wait_until(lambda: now if condition(now := player.statistics()) else None)


def test_a_file_has_exactly_the_seconds_asked_for_and_the_engines_samples(tmp_path: Path) -> None:
    player = Player(f"file:{tmp_path / 'out.wav'}", seconds=1.5, source=ThemeSource(3))
    player.start()
    assert player.ready() == f"file:{tmp_path / 'out.wav'}"
    wait_until(lambda: not player.alive)
    assert player.failure is None
    assert player.statistics().seconds == 1.5
    player.stop()
    samples = soundfile.read(tmp_path / "out.wav", dtype="float32")[0]
    np.testing.assert_allclose(samples, MorphEngine(Deck(made_theme(3))).render(round(1.5 * RATE)), atol=2.0**-23)


def test_a_stop_in_the_middle_leaves_a_file_that_plays_and_fades_out(tmp_path: Path, tone: FileSource) -> None:
    player = Player(f"file:{tmp_path / 'out.wav'}", source=tone)
    player.start()
    player.ready()
    wait_until(lambda: player.statistics().seconds > 0.5)
    player.stop()
    assert not player.alive
    assert player.failure is None
    samples = soundfile.read(tmp_path / "out.wav")[0]
    assert len(samples) == round(player.statistics().seconds * RATE)
    assert np.abs(samples[-BLOCK // 4 :]).max() < 1e-3
    assert not [p.name for p in tmp_path.iterdir() if p.name not in ("out.wav", "soundit.log", "tone.wav")]
    player.stop()
    assert not player.restart(), "it was stopped, it did not die"


def test_a_stop_that_takes_long_on_a_busy_machine_leaves_a_whole_file(tmp_path: Path, tone: FileSource) -> None:
    player = Player(f"file:{tmp_path / 'out.wav'}", source=tone)
    player.start()
    player.ready()
    wait_until(lambda: player.statistics().seconds > 0.1)
    assert player.pid is not None
    os.kill(player.pid, signal.SIGSTOP)
    later = threading.Timer(2.5, os.kill, (player.pid, signal.SIGCONT))
    later.start()
    player.stop()
    later.join()
    assert player.failure is None
    assert soundfile.info(tmp_path / "out.wav").frames == round(player.statistics().seconds * RATE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_process_itself_never_spoils_the_file(
    tmp_path: Path, number: signal.Signals, tone: FileSource
) -> None:
    player = Player(f"file:{tmp_path / 'out.wav'}", source=tone)
    player.start()
    player.ready()
    wait_until(lambda: player.statistics().seconds > 0.3)
    assert player.pid is not None
    os.kill(player.pid, number)
    if number == signal.SIGTERM:
        wait_until(lambda: not player.alive)
    else:  # Ctrl-C goes to every process of a terminal; the parent is the one that acts on it
        before = player.statistics().seconds
        wait_until(lambda: player.statistics().seconds > before + 0.2)
    player.stop()
    assert player.failure is None
    assert soundfile.info(tmp_path / "out.wav").frames == round(player.statistics().seconds * RATE)


def test_it_ends_by_itself_when_its_parent_is_killed_and_the_file_is_whole(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import sys\n"
        "from soundit_edge.music.player.player import Player\n"
        "if __name__ == '__main__':\n"
        "    player = Player(f'file:{sys.argv[1]}')\n"
        "    player.start()\n"
        "    player.ready()\n"
        "    print(player.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "out.wav")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert soundfile.info(tmp_path / "out.wav").frames > 0


def test_targets_and_volume_arrive_and_a_key_waits_for_its_bar(tmp_path: Path, tone: FileSource) -> None:
    player = Player("off", source=tone)
    player.start()
    player.ready()
    target = replace(NEUTRAL, tempo=2.0, semitones=2.0, loudness_db=-3.0)
    player.set(target)
    player.set_volume(0.5)
    now = told(player, lambda now: now.in_force.tempo == 2.0)
    assert (now.in_force.loudness_db, now.volume) == (-3.0, 0.5)
    now = told(player, lambda now: now.in_force.semitones == 2.0)
    # The key is reported when the stretcher takes the bar up, a little before it is heard.
    assert now.bars > 0.85
    player.stop()


@pytest.mark.thorough
def test_the_process_is_light_with_a_track_of_five_minutes(tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal((300 * RATE, 1), dtype=np.float32)
    soundfile.write(tmp_path / "long.wav", noise, RATE)
    player = Player("off", source=FileSource(tmp_path / "long.wav"))
    player.start()
    player.ready()
    process = psutil.Process(player.pid)
    wait_until(lambda: player.statistics().seconds > 0.5)
    shared = sum(m.rss for m in process.memory_maps() if "soundit-track" in m.path)
    whole = 300 * RATE * 4  # what it will be when the track has been heard to its end
    assert process.memory_info().rss - shared + whole < 150e6
    player.stop()


@pytest.mark.parametrize(
    ("spec", "why"),
    [("attic", "no speaker called 'attic'"), ("file:", "lacks the name"), ("file:/nowhere/out.wav", "cannot write")],
)
def test_a_speaker_that_cannot_be_opened_is_told_to_the_parent(spec: str, why: str, tone: FileSource) -> None:
    player = Player(spec, source=tone)
    player.start()
    with pytest.raises(SounditError, match=why) as caught:
        player.ready()
    assert isinstance(caught.value, SpeakerError) or spec.startswith("file:/")
    wait_until(lambda: not player.alive)
    player.stop()


def test_a_stop_before_it_is_ready_is_no_failure(tone: FileSource) -> None:
    player = Player("off", source=tone)
    player.start()
    player.stop()
    assert not player.alive
    assert player.failure is None


def test_a_player_that_never_started_can_be_stopped() -> None:
    Player("off").stop()


def test_the_process_imports_nothing_heavy() -> None:
    modules = (
        "soundit_edge.music.player.process.audio_process, soundit_edge.music.player.player, "
        "soundit_edge.music.player.process.render_loop, "
        "soundit_edge.music.compose.theme.theme, soundit_edge.audio.speaker, soundfile, sounddevice"
    )
    heavy = "cv2 av fastapi pydantic scipy mediapipe asyncio"
    program = f"import sys, {modules}; print(*set(sys.modules) & set('{heavy}'.split()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_it_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    player = Player("default", seconds=0.2)
    player.start()
    wait_until(lambda: player.failure is not None or not player.alive)
    player.stop()
    assert capfd.readouterr() == ("", "")


def as_good_as_can_be(player: Player) -> float:
    """Wait for the end. Gives the seconds until a busy machine made the engine leave something out: 0.0 at worst."""
    seconds = 0.0

    def ended() -> bool:
        nonlocal seconds
        alive, now = player.alive, player.statistics()
        seconds = now.seconds if now.quality == QualityLevel.FULL else seconds
        return not alive or now.quality != QualityLevel.FULL

    wait_until(ended)
    wait_until(lambda: not player.alive)
    return seconds


def test_what_a_device_plays_is_the_offline_render(sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)
    player = Player(SPEAKER, seconds=3.0)
    with sound_server.recording() as recording:
        player.start()
        assert player.ready() == SPEAKER
        best_s = as_good_as_can_be(player)
    player.stop()
    assert player.failure is None
    expected = MorphEngine(Deck(made_theme(1))).render(round(best_s * RATE))
    assert_played(expected, recording.samples, player.statistics().underruns)


needs_pulseaudio = pytest.mark.skipif(
    shutil.which("pulseaudio") is None, reason="pulseaudio is not installed (Debian: apt-get install pulseaudio)"
)


@needs_pulseaudio
def test_a_device_that_goes_away_is_silence_in_step_until_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tone: FileSource
) -> None:
    player = Player(SPEAKER, source=tone)
    with running_sound_server(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        player.start()
        player.ready()
        wait_until(lambda: player.statistics().seconds > 0.3)
        assert not player.statistics().lost
        server.process.terminate()
        wait_until(lambda: player.statistics().lost)
    earliest, music, latest = time.monotonic(), player.statistics().seconds, time.monotonic()

    def in_step() -> bool:
        before, kept, after = time.monotonic(), player.statistics().seconds - music, time.monotonic()
        assert kept < after - earliest + 0.3, "it does not run ahead"
        return kept > 1.5 and kept > before - latest - 0.3

    wait_until(in_step)
    with running_sound_server(tmp_path) as server:
        wait_until(lambda: not player.statistics().lost)
        with server.recording() as recording:
            back = player.statistics().seconds
            wait_until(lambda: player.statistics().seconds > back + 1.0)
        player.stop()
        assert player.failure is None
    assert np.abs(recording.samples).max() > 0.01


@needs_pulseaudio
@pytest.mark.parametrize(
    "takes",
    [
        "rate=44100 channels=8 format=s16le",
        *thorough("rate=48000 channels=1 format=float32le"),
    ],
)
def test_every_kind_of_device_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes: str) -> None:
    with running_sound_server(tmp_path, takes) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        player = Player(SPEAKER, seconds=2.0)
        with server.recording() as recording:
            player.start()
            player.ready()
            best_s = as_good_as_can_be(player)
        player.stop()
        assert player.failure is None
    expected, heard = (
        MorphEngine(Deck(made_theme(1))).render(round(best_s * RATE)).mean(axis=1),
        recording.samples.mean(axis=1),
    )
    starts = range(RATE // 2, len(expected) - RATE // 2, RATE // 4)
    found = [best_match(expected[start : start + RATE // 4], heard) for start in starts]
    delays = [place - start for start, (place, _) in zip(starts, found, strict=True)]
    # Another rate, fewer bits and an unknown place between two samples: alike, not the same.
    bad = [
        likeness < 0.95 or abs(delay - np.median(delays)) > 480
        for delay, (_, likeness) in zip(delays, found, strict=True)
    ]
    assert not any(bad) or player.statistics().underruns, (found, delays)


def test_a_process_that_is_killed_goes_on_in_another_one_at_the_same_place() -> None:
    player = Player("off")
    player.set(replace(NEUTRAL, tempo=1.5, loudness_db=-3.0))
    player.set_volume(0.8)
    player.start()
    player.ready()
    wait_until(lambda: player.statistics().bars > 1.2)
    assert player.pid is not None
    assert not player.restart(), "it lives"
    os.kill(player.pid, signal.SIGKILL)
    wait_until(lambda: not player.alive)
    before = player.statistics()
    began = time.monotonic()
    assert player.restart()
    after = told(player, lambda now: now.blocks > before.blocks)
    passed = time.monotonic() - began  # so much may have been played until we look
    assert before.seconds < after.seconds < before.seconds + passed
    assert before.bars - 0.1 < after.bars < before.bars + 0.1 + passed / BAR_S * 1.5
    assert after.in_force.tempo == pytest.approx(1.5, abs=0.01)
    assert after.in_force.loudness_db == pytest.approx(-3.0, abs=0.1)
    assert after.volume == 0.8
    player.ready()
    assert player.failure is None
    player.stop()


def test_the_process_in_the_place_of_another_is_heard_though_nothing_was_ever_set(tone: FileSource) -> None:
    player = Player("off", source=tone)
    player.start()
    player.ready()
    wait_until(lambda: player.statistics().bars > 0.2)
    assert player.pid is not None
    os.kill(player.pid, signal.SIGKILL)
    wait_until(lambda: not player.alive)
    blocks = player.statistics().blocks
    assert player.restart()
    wait_until(lambda: player.statistics().blocks > blocks + 40)
    assert player.statistics().peak_db > -40.0
    player.stop()


def test_a_process_that_is_killed_is_noticed_and_one_that_keeps_dying_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tone: FileSource
) -> None:
    monkeypatch.setattr("soundit_edge.music.player.player.MAX_RESTARTS", 1)
    player = Player("off", source=tone)
    player.start()
    for again in (True, False):
        player.ready()
        assert player.alive
        assert player.failure is None
        assert player.pid is not None
        os.kill(player.pid, signal.SIGKILL)
        wait_until(lambda: not player.alive)
        assert isinstance(player.failure, PlayerError)
        assert "died (exit code -9)" in str(player.failure)
        assert player.restart() is again
    assert isinstance(player.failure, PlayerError)
    player.stop()


@pytest.fixture
def songs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, analyses: Path) -> dict[str, Path]:
    """Two short tracks of bars of two seconds, and one that is none."""
    monkeypatch.setenv("SOUNDIT_CACHE", str(analyses))
    paths = {name: tmp_path / f"{name}.wav" for name in ("low", "high", "broken")}
    for name, hertz in (("low", 220.0), ("high", 550.0)):
        soundfile.write(paths[name], sine(hertz, 8.0, 0.05), RATE)
    paths["broken"].write_text("no sound at all")
    return paths


def heard(player: Player) -> str | None:
    player.poll()
    return player.piece.title if player.piece else None


def test_another_track_is_gone_over_to_while_the_music_plays(tmp_path: Path, songs: dict[str, Path]) -> None:
    player = Player(f"file:{tmp_path / 'out.wav'}", source=FileSource(songs["low"]))
    player.start()
    player.ready()
    assert heard(player) == "low"
    assert not player.transitioning
    player.play(FileSource(songs["high"]))
    assert player.transitioning
    assert heard(player) == "low"
    wait_until(lambda: heard(player) == "high")
    wait_until(lambda: not player.statistics().fading)
    assert player.statistics().tracks == 2
    assert not player.transitioning
    # It came in in a key near to the first one's; its own key is back at the bar line after the fade.
    wait_until(lambda: player.statistics().bars > 4.5)
    player.stop()
    assert player.failure is None
    samples, _ = soundfile.read(tmp_path / "out.wav")
    assert frequency(samples[RATE // 2 : RATE, 0]) == pytest.approx(220.0, abs=0.5)
    assert frequency(samples[-RATE:, 0]) == pytest.approx(550.0, abs=0.5)
    power = np.square(samples[RATE // 2 : -RATE // 2]).reshape(-1)[: len(samples) // 9_600 * 9_600 - 96_000]
    levels = power.reshape(-1, 9_600).mean(axis=1)
    assert levels.max() / levels.min() < 2.0, "equal power: no hole and no bump"


@pytest.mark.thorough
def test_going_back_while_it_fades_turns_the_fade_round(songs: dict[str, Path]) -> None:
    player = Player("off", source=FileSource(songs["low"]))
    player.start()
    player.ready()
    player.play(FileSource(songs["high"]))
    wait_until(lambda: heard(player) == "high")
    assert player.statistics().fading
    player.play(FileSource(songs["low"]))
    wait_until(lambda: heard(player) == "low")
    wait_until(lambda: not player.transitioning)
    assert player.statistics().tracks == 3
    player.stop()


def test_a_track_that_cannot_be_loaded_leaves_the_music_as_it_is(songs: dict[str, Path]) -> None:
    player = Player("off", source=FileSource(songs["low"]))
    player.start()
    player.ready()
    refusals = []
    for path, why in ((songs["broken"], "not a sound file"), (songs["low"].with_name("none.wav"), "no such file")):
        player.play(FileSource(path))
        wait_until(lambda: player.poll() or not player.transitioning)  # type: ignore[func-returns-value]
        refused = player.take_rejected()
        assert refused is not None
        refusals.append(refused)
        assert refused[0] == FileSource(path)
        assert isinstance(refused[1], SounditError)
        assert why in str(refused[1])
        assert player.take_rejected() is None
    assert (heard(player), player.statistics().tracks, player.failure) == ("low", 1, None)
    blocks = player.statistics().blocks
    wait_until(lambda: player.statistics().blocks > blocks)
    player.stop()


def test_a_first_track_that_cannot_be_loaded_is_told_to_whoever_waits(songs: dict[str, Path]) -> None:
    player = Player("off", source=FileSource(songs["broken"]))
    player.start()
    with pytest.raises(TrackError, match="not a sound file"):
        player.ready()
    wait_until(lambda: not player.alive)
    player.stop()


def test_a_track_that_was_prepared_needs_no_loading(songs: dict[str, Path]) -> None:
    player = Player("off", source=FileSource(songs["low"]))
    player.start()
    player.ready()
    assert not player.prepare(FileSource(songs["high"]))
    assert not player.prepare(FileSource(songs["high"]))
    assert not player.transitioning
    wait_until(lambda: player.failure is None and player.prepare(FileSource(songs["high"])))
    songs["high"].unlink()
    assert heard(player) == "low"
    player.play(FileSource(songs["high"]))
    wait_until(lambda: heard(player) == "high")
    player.stop()


@pytest.mark.thorough
def test_the_newest_wish_counts(songs: dict[str, Path]) -> None:
    player = Player("off")
    player.start()
    player.play(FileSource(songs["broken"]))  # before it is ready, too
    player.play(FileSource(songs["low"]))
    player.ready()
    player.play(FileSource(songs["high"]))
    wait_until(lambda: heard(player) == "high")
    assert player.take_rejected() is None
    assert player.statistics().tracks == 2
    player.stop()


def test_after_a_change_a_new_process_goes_on_with_the_track_that_was_heard(songs: dict[str, Path]) -> None:
    player = Player("off", source=FileSource(songs["low"]))
    player.start()
    player.ready()
    player.play(FileSource(songs["high"]))
    wait_until(lambda: heard(player) == "high" and not player.transitioning)
    before = player.statistics()
    assert player.pid is not None
    os.kill(player.pid, signal.SIGKILL)
    wait_until(lambda: not player.alive)
    began = time.monotonic()
    assert player.restart()
    after = told(player, lambda now: now.blocks > before.blocks)
    passed = time.monotonic() - began  # so much may have been played until we look
    player.ready()
    assert heard(player) == "high"
    assert player.statistics().tracks == 2
    assert before.bars - 0.15 < after.bars < before.bars + 0.15 + passed / 2.0
    player.stop()


@pytest.mark.thorough
def test_a_change_that_was_on_its_way_when_the_process_died_happens_all_the_same(songs: dict[str, Path]) -> None:
    player = Player("off", source=FileSource(songs["low"]))
    player.start()
    player.ready()
    wait_until(lambda: player.failure is None and player.prepare(FileSource(songs["high"])))
    player.play(FileSource(songs["high"]))
    assert player.pid is not None
    os.kill(player.pid, signal.SIGKILL)
    wait_until(lambda: not player.alive)
    assert player.restart()
    wait_until(lambda: heard(player) == "high" and not player.transitioning)
    player.stop()
