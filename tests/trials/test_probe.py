"""What a stranger's file is taken for: by its content alone, and never by what it says of itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.media.container import open_container
from soundit_edge.trials.job import MediaKind
from soundit_edge.trials.limits import Limits
from soundit_edge.trials.probe import Unreadable, probe
from tests.capture.media import film, still, tone
from tests.trials import attacks

LIMITS = Limits()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of film with sound."""
    return film(tmp_path_factory.mktemp("whole") / "film.mp4", sound=tone(2.0, 48_000))


def uploaded(source: Path, folder: Path) -> Path:
    """The file as it lies in the folder of a trial: under a name that says nothing."""
    return Path(shutil.copy(source, folder / "upload"))


def refused(path: Path, limits: Limits = LIMITS) -> str:
    """Return the sentence that a file is refused with, which says nothing of this computer."""
    with pytest.raises(Unreadable) as refusal:
        probe(path, limits)
    assert str(path.parent) not in str(refusal.value)
    return str(refusal.value)


def test_a_film_is_a_film(whole: Path, tmp_path: Path) -> None:
    found = probe(uploaded(whole, tmp_path), LIMITS)
    assert found.kind is MediaKind.FILM
    assert found.seconds == pytest.approx(2.0, abs=0.1)


def test_a_sound_is_a_sound(tmp_path: Path) -> None:
    import soundfile

    soundfile.write(tmp_path / "sound.flac", tone(1.5, 16_000), 16_000)
    found = probe(uploaded(tmp_path / "sound.flac", tmp_path), LIMITS)
    assert found.kind is MediaKind.SOUND
    assert found.seconds == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp", ".tiff"])
def test_a_picture_is_a_picture(tmp_path: Path, suffix: str) -> None:
    assert probe(uploaded(still(tmp_path / f"still{suffix}"), tmp_path), LIMITS).kind is MediaKind.PICTURE


def test_bad_input_a_picture_that_is_called_a_film(tmp_path: Path) -> None:
    path = still(tmp_path / "still.png").rename(tmp_path / "holiday.mp4")
    assert probe(path, LIMITS).kind is MediaKind.PICTURE


def test_a_recording_of_a_browser_states_no_length(tmp_path: Path) -> None:
    """A MediaRecorder writes WebM into a pipe: VP8 and Opus, and no length in the header."""
    path = film(tmp_path / "whole.webm", seconds=0.8, sound=tone(0.8, 48_000), codecs=("libvpx", "libopus"))
    content = path.read_bytes()
    place = content.index(b"\x44\x89")  # Duration: made Void
    (tmp_path / "upload").write_bytes(content[:place] + b"\xec\x89" + content[place + 2 :])
    with open_container(tmp_path / "upload") as container:
        assert container.duration is None
    found = probe(tmp_path / "upload", LIMITS)
    assert found.kind is MediaKind.FILM
    assert found.seconds == pytest.approx(0.8, abs=0.1)


def test_bad_input_text_that_is_called_a_sound(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_text("la la la\n" * 1000)
    assert refused(path) == "This is no film, picture or sound that can be read here."


@pytest.mark.parametrize("attack", [attacks.zip_bomb, attacks.gzip_bomb, attacks.svg_bomb])
def test_attack_a_bomb_is_not_unpacked(tmp_path: Path, attack: Callable[[Path], Path]) -> None:
    assert "no film" in refused(attack(tmp_path / "upload"))


@pytest.mark.parametrize("attack", [attacks.playlist, attacks.concat, attacks.dash])
@pytest.mark.parametrize("name", ["upload", "upload.m3u8"])
def test_attack_a_list_that_leads_to_other_files(
    whole: Path, tmp_path: Path, attack: Callable[[Path, Path], Path], name: str
) -> None:
    secret = Path(shutil.copy(whole, tmp_path / "secret.mp4"))
    assert "no film" in refused(attack(tmp_path / name, secret))


def test_a_list_that_leads_to_other_files_is_one_that_ffmpeg_would_follow(whole: Path, tmp_path: Path) -> None:
    """Without the list of formats the attack succeeds: what the test above refuses is real."""
    secret = Path(shutil.copy(whole, tmp_path / "secret.mp4"))
    with open_container(attacks.concat(tmp_path / "upload", secret)) as container:
        assert container.streams.video


@pytest.mark.parametrize("size", [(100_000, 100_000), (20_000, 20_000), (65_000, 1_000)])
def test_attack_a_picture_without_end(tmp_path: Path, size: tuple[int, int]) -> None:
    assert refused(attacks.png_of(tmp_path / "upload", *size))


def test_attack_a_film_that_claims_to_last_for_days(tmp_path: Path) -> None:
    path = attacks.long_lie(film(tmp_path / "film.mp4", seconds=1.0))
    assert refused(path) == "It is too long: at most 30 minutes can be tried."


def test_a_film_that_is_longer_than_may_be(whole: Path) -> None:
    assert "too long" in refused(whole, Limits(max_media_s=1.5))


def test_a_film_whose_picture_is_larger_than_may_be(whole: Path) -> None:
    assert "too large" in refused(whole, Limits(max_pixels=160 * 120 - 1))


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 4096, b"\x00\x00\x00\x20ftypisom" + bytes(100), b"RIFF\xff\xff\xff\xffWAVE"]
)
def test_bad_input_what_is_no_media_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "upload").write_bytes(content)
    assert refused(tmp_path / "upload")
