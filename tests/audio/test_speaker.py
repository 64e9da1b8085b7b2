"""One contract for every sink, the fake one included, and what is particular to each."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from soundit_edge.audio import portaudio
from soundit_edge.audio.device_layout import StreamFormat
from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.audio.open_speaker import SCHEMES, forms, open_speaker, writes_file
from soundit_edge.audio.speaker import NoSpeaker, NullSpeaker, PortAudioSpeaker, Speaker, SpeakerError
from soundit_edge.audio.wav import LONGEST, WavError, WavFile
from soundit_edge.cli.app import app
from soundit_edge.errors import SounditError
from soundit_edge.music.render.midi import MidiError, write_midi
from soundit_edge.settings import DeviceSettings
from tests.fakes.speaker import FakeSpeaker
from tests.music.signals import blocks, frequency, sine
from tests.recorded import STARTING, assert_played, longest_sound
from tests.sound_server import SPEAKER, SoundServer
from tests.surroundings import fill, small_disk
from tests.waiting import wait_until


@pytest.fixture
def devices(sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """The sound server's devices, for this process."""
    with monkeypatch.context() as patch:
        for name, value in sound_server.environment.items():
            patch.setenv(name, value)
        portaudio.reinitialise()
        yield sound_server
    portaudio.reinitialise()


@pytest.fixture
def no_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without a sound card: ALSA's configuration as it is, and no server to be found."""
    if any(Path("/proc/asound").glob("card*")):
        pytest.skip("this machine has a sound card")
    with monkeypatch.context() as patch:
        patch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        portaudio.reinitialise()
        yield
    portaudio.reinitialise()


@pytest.fixture(params=["fake", "off", "file", "device"])
def make_speaker(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Speaker]:
    if request.param == "device":
        request.getfixturevalue("devices")
        return lambda: PortAudioSpeaker(SPEAKER)
    makers: dict[str, Callable[[], Speaker]] = {
        "fake": FakeSpeaker,
        "off": NullSpeaker,
        "file": lambda: WavFile(tmp_path / "out.wav"),
    }
    return makers[request.param]


def test_contract_it_has_a_name_takes_blocks_of_any_length_and_closes_twice(
    make_speaker: Callable[[], Speaker],
) -> None:
    speaker = make_speaker()
    assert speaker.name
    for block in [*blocks(sine(440.0, 0.05)), sine(440.0, 0.005), sine(440.0, 0.0)]:
        speaker.write(block)
    assert speaker.underruns == 0 or isinstance(speaker, PortAudioSpeaker)  # a busy machine lets a device run dry
    speaker.close()
    speaker.close()


def test_contract_a_device_keeps_time_and_nothing_else_does(make_speaker: Callable[[], Speaker]) -> None:
    speaker = make_speaker()
    assert speaker.is_clock_source == isinstance(speaker, PortAudioSpeaker)
    assert not speaker.lost
    assert speaker.fill == 1.0, "it was not full yet"
    speaker.close()


def test_the_buffer_of_a_device_fills_and_runs_empty(devices: SoundServer) -> None:
    speaker = open_speaker(SPEAKER)
    block = np.zeros((BLOCK, 2), dtype=np.float32)

    def filled() -> bool:
        for _ in range(60):
            speaker.write(block)
        return 0.5 < speaker.fill <= 1.0  # unless a busy machine lets it run dry before we look

    wait_until(filled)
    wait_until(lambda: speaker.fill < 0.05)
    speaker.write(block)
    assert speaker.fill < 0.5
    speaker.close()


def test_what_a_device_plays_is_what_was_written(devices: SoundServer) -> None:
    random = np.random.default_rng(0)
    noise = (0.1 * random.standard_normal((RATE, 2))).astype(np.float32)
    with devices.recording() as recording:
        speaker = open_speaker(SPEAKER)
        for block in blocks(noise):
            speaker.write(block)
        speaker.close()
    assert_played(noise[: len(noise) // BLOCK * BLOCK], recording.samples, speaker.underruns)


@pytest.mark.parametrize("layout", [StreamFormat(44_100, 2), StreamFormat(48_000, 1), StreamFormat(44_100, 8)])
def test_a_device_of_another_rate_or_number_of_channels_plays_the_same(
    devices: SoundServer, monkeypatch: pytest.MonkeyPatch, layout: StreamFormat
) -> None:
    refused = StreamFormat(48_000, 999)  # what the device does not take is passed over
    monkeypatch.setattr("soundit_edge.audio.speaker.stream_formats", lambda rate, channels: [refused, layout])
    tone = sine(440.0, 1.0)
    with devices.recording() as recording:
        speaker = PortAudioSpeaker(SPEAKER)
        assert speaker.format == layout
        for block in blocks(tone):
            speaker.write(block)
        speaker.close()
    whole = longest_sound(recording.samples)
    assert len(whole) == pytest.approx(RATE, abs=STARTING) or speaker.underruns
    heard = whole[len(whole) // 4 : -len(whole) // 4, 0]
    assert frequency(heard) == pytest.approx(440.0, abs=0.1)


def test_a_device_that_takes_nothing_of_all_is_named(devices: SoundServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundit_edge.audio.speaker.stream_formats", lambda rate, channels: [StreamFormat(48_000, 999)])
    with pytest.raises(SpeakerError, match="the speaker 'spk' cannot be opened: "):
        PortAudioSpeaker(SPEAKER)


def test_a_device_is_found_by_a_part_of_its_name_in_any_case(devices: SoundServer) -> None:
    speaker = open_speaker("SP")
    assert speaker.name == SPEAKER
    speaker.close()


def test_an_unknown_device_is_named_and_the_others_are_listed(devices: SoundServer) -> None:
    with pytest.raises(SpeakerError, match="no speaker called 'attic'; there is: 'spk', 'mic'"):
        open_speaker("attic")


def test_an_ambiguous_name_is_refused(devices: SoundServer) -> None:
    with pytest.raises(SpeakerError, match="more than one speaker is called 'u'"):
        open_speaker("u")  # pulse and default


def test_without_a_device_the_default_is_missing_and_a_name_is_unknown(no_devices: None) -> None:
    with pytest.raises(NoSpeaker, match="no speaker"):
        open_speaker("default")
    with pytest.raises(SpeakerError, match="no speaker called 'attic'; this machine has none") as caught:
        open_speaker("attic")
    assert not isinstance(caught.value, NoSpeaker)


def test_a_device_says_nothing_on_stderr(no_devices: None, capfd: pytest.CaptureFixture[str]) -> None:
    portaudio.reinitialise()
    with pytest.raises(NoSpeaker):
        open_speaker("default")
    assert capfd.readouterr() == ("", "")


def test_off_is_silent() -> None:
    assert isinstance(open_speaker("off"), NullSpeaker)


@pytest.mark.parametrize("name", SCHEMES)
def test_contract_a_scheme_opens_what_is_behind_its_colon_and_nothing_without_it(name: str, tmp_path: Path) -> None:
    speaker = open_speaker(f"{name}{tmp_path}/a:b.wav")
    speaker.write(sine(440.0, 0.1))
    speaker.close()
    assert writes_file(f"{name}x") is SCHEMES[name].writes_file
    assert [p.name for p in tmp_path.iterdir()] == (["a:b.wav"] if SCHEMES[name].writes_file else [])
    with pytest.raises(SpeakerError, match=f"lacks the name of what it opens, as in {name}{SCHEMES[name].argument}"):
        open_speaker(name)


@pytest.mark.parametrize("name", [name for name, scheme in SCHEMES.items() if scheme.offered])
def test_contract_what_is_offered_is_in_the_help_and_the_settings(name: str) -> None:
    form = f"{name}{SCHEMES[name].argument}"
    assert form in forms()
    assert form in CliRunner().invoke(app, ["run", "--help"]).output
    assert form in (DeviceSettings.model_fields["speaker"].description or "")


@pytest.mark.parametrize("spec", ["fiel:out.wav", "File:/tmp/out.wav", "files:x", "file :x"])
def test_a_mistyped_scheme_is_answered_with_the_one_that_there_is(no_devices: None, spec: str) -> None:
    with pytest.raises(SpeakerError, match=f"no speaker called '{spec}'; .*; did you mean 'file:'?"):
        open_speaker(spec)
    assert not writes_file(spec)


def test_a_device_whose_name_has_a_colon_is_no_scheme(no_devices: None) -> None:
    with pytest.raises(SpeakerError, match=r"this machine has none$"):
        open_speaker("HDA Intel PCH: ALC257 Analog (hw:0,0)")


@pytest.mark.parametrize(("spec", "why"), [("file:", "lacks the name"), ("", "has no name; give a device's name, ")])
def test_a_spec_without_a_name_is_refused(spec: str, why: str) -> None:
    with pytest.raises(SpeakerError, match=why):
        open_speaker(spec)


def test_a_file_has_24_bits_and_exactly_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    samples = sine(440.0, 0.1)
    speaker = open_speaker(f"file:{path}")
    speaker.write(samples)
    assert not path.exists()  # until it is whole
    speaker.close()
    assert [p.name for p in tmp_path.iterdir()] == ["out.wav"]
    assert soundfile.info(path).subtype == "PCM_24"
    read, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    np.testing.assert_allclose(read, samples, atol=2.0**-23)


def test_a_file_in_the_way_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    path.write_text("what was there")
    speaker = WavFile(path)
    speaker.write(sine(440.0, 0.1))
    assert path.read_text() == "what was there"
    speaker.close()
    assert soundfile.info(path).frames == RATE // 10


@pytest.mark.parametrize("name", ["missing/out.wav", "folder"])
def test_a_path_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(WavError, match=f"cannot write {tmp_path / name}: ") as caught:
        open_speaker(f"file:{tmp_path / name}")
    assert isinstance(caught.value, SounditError)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WavError, match="does not let us"):
        open_speaker(f"file:{tmp_path / 'out.wav'}")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("x" * 256, "File name too long"),
        ("file/out.wav", "Not a directory"),
        ("fifo", "it is a device or a pipe, and no file"),
        ("missing/out.wav", "there is no folder "),
    ],
)
def test_each_reason_why_a_file_cannot_be_written_is_told_as_it_is(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(WavError, match=why):
        WavFile(tmp_path / name)
    with pytest.raises(MidiError, match=why):
        write_midi(tmp_path / name, [])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fifo", "file"]


@pytest.mark.parametrize("name", ["x" * 251 + ".wav", "é" * 125 + ".wav", "caf\udce9.wav"])
def test_any_name_that_the_system_allows_can_be_written(tmp_path: Path, name: str) -> None:
    speaker = WavFile(tmp_path / name)
    speaker.write(sine(440.0, 0.1))
    speaker.name.encode()
    speaker.close()
    assert os.listdir(tmp_path) == [name]
    assert soundfile.info(os.fsencode(tmp_path / name)).frames == RATE // 10


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "out.wav").symlink_to("music/out.wav")
    speaker = WavFile(tmp_path / "out.wav")
    speaker.close()
    assert (tmp_path / "out.wav").is_symlink()
    assert os.listdir(tmp_path / "music") == ["out.wav"]


def test_of_two_that_write_the_same_file_the_last_to_finish_is_there_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    first, second = WavFile(path), WavFile(path)
    for speaker, hertz in ((first, 220.0), (second, 550.0)):
        for block in blocks(sine(hertz, 0.5)):
            speaker.write(block)
    second.close()
    assert frequency(soundfile.read(path)[0][:, 0]) == pytest.approx(550.0, abs=1.0)
    first.close()
    assert frequency(soundfile.read(path)[0][:, 0]) == pytest.approx(220.0, abs=1.0)
    assert os.listdir(tmp_path) == ["out.wav"]


def test_a_new_file_takes_the_next_name_that_is_free(tmp_path: Path) -> None:
    mine = tmp_path / "out.wav"
    mine.write_text("mine")
    speakers = [open_speaker(f"new-file:{mine}") for _ in range(2)]
    assert [speaker.name for speaker in speakers] == [f"file:{tmp_path / name}" for name in ("out-2.wav", "out-3.wav")]
    for speaker in speakers:
        speaker.write(sine(440.0, 0.1))
        speaker.close()
    assert mine.read_text() == "mine"
    assert soundfile.info(tmp_path / "out-3.wav").frames == RATE // 10


def test_a_new_file_that_is_given_up_leaves_its_name_free(tmp_path: Path) -> None:
    speaker = WavFile(tmp_path / "out.wav", replace=False)
    speaker.discard()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("opener", ["os.open", "soundfile.SoundFile"])
def test_a_signal_while_a_file_is_begun_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opener: str
) -> None:
    """A signal that came right after the file was made left it behind: nobody had anything yet to discard."""
    owner, name = {"os.open": (os, "open"), "soundfile.SoundFile": (soundfile, "SoundFile")}[opener]
    plain = getattr(owner, name)

    def interrupted(*arguments: Any, **options: Any) -> None:
        opened = plain(*arguments, **options)
        assert list(tmp_path.iterdir()) != []
        if isinstance(opened, int):
            os.close(opened)  # what the system gave is lost with the interrupted call
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            WavFile(tmp_path / "out.wav")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_as_such_whether_a_file_is_begun_or_gone_on_with(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 200) as disk:
        speaker = WavFile(disk / "out.wav")
        with pytest.raises(WavError, match=r"cannot write on to .*/out\.wav: the disk is full"):
            speaker.write(sine(440.0, 1.0))
        speaker.discard()
        assert os.listdir(disk) == []
        fill(disk)
        for replace in (True, False):
            with pytest.raises(WavError, match=r"cannot write .*/out\.wav: the disk is full"):
                WavFile(disk / "out.wav", replace=replace)
        with pytest.raises(MidiError, match=r"cannot write .*/out\.mid: the disk is full"):
            write_midi(disk / "out.mid", [])
        assert os.listdir(disk) == ["filling"]


def test_a_file_that_is_as_long_as_it_can_be_says_so_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LONGEST * 6 + 1000 < 2**32 < (LONGEST + RATE) * 6
    monkeypatch.setattr("soundit_edge.audio.wav.LONGEST", 1_200)
    speaker = WavFile(tmp_path / "out.wav")
    block = sine(440.0, BLOCK / RATE)
    speaker.write(block)
    speaker.write(block)
    with pytest.raises(WavError, match=r"out\.wav is full: a WAV file holds .* hours"):
        speaker.write(block)
    speaker.close()
    assert soundfile.info(tmp_path / "out.wav").frames == 1_024


def test_when_the_disk_is_full_it_says_so_and_keeps_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    speaker = WavFile(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(WavError, match=f"cannot write on to {path}"):
            speaker.write(sine(440.0, 1.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    speaker.close()
    assert soundfile.info(path).frames > 16_000
