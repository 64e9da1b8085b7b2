"""Bad files: each is refused with one line that names it, or what can be read of it is read."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.capture.capture import CaptureError, Frame
from soundit_edge.capture.clip import Clip
from tests.capture.media import film, still, tone


def refused(path: Path, *words: str) -> None:
    """Assert that neither opening nor reading gives anything but one clear line."""
    with pytest.raises(CaptureError) as failure, Clip(path) as clip:
        list(clip.items())
    text = str(failure.value)
    assert "\n" not in text
    for word in (path.name, *words):
        assert word in text


def cut(path: Path, share: float) -> Path:
    """The beginning of a file as a new one."""
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    return path


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere.mp4", "no such file")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "films.mp4").mkdir()
    refused(tmp_path / "films.mp4", "folder")


@pytest.mark.parametrize("suffix", ["mp4", "wav", "png", "mp3", ""])
def test_an_empty_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"nothing.{suffix}"
    path.touch()
    refused(path, "empty")


@pytest.mark.parametrize("name", ["notes.txt", "notes.mp4", "notes.mp3", "notes.png", "notes.wav", "notes"])
def test_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("It was a dark and stormy night; the rain fell in torrents.\n" * 200)
    refused(path)


def test_subtitles_are_no_film(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n\n" * 50)
    refused(path, "neither picture nor sound")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["r.bin", "r.mp4", "r.mp3", "r.wav", "r.png", "r.jpg", "r.aac"])
def test_random_bytes(tmp_path: Path, name: str, seed: int) -> None:
    path = tmp_path / name
    # So many of them pass for a film, of which only converting the first picture fails.
    path.write_bytes(np.random.default_rng(seed).bytes(200_000))
    refused(path)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_truncated_mp4(tmp_path: Path, share: float) -> None:
    refused(cut(film(tmp_path / "film.mp4", sound=tone(2, 48_000)), share))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6])
def test_a_truncated_mkv(tmp_path: Path, share: float) -> None:
    refused(cut(film(tmp_path / "film.mkv", sound=tone(2, 48_000)), share))


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "aiff"])
@pytest.mark.parametrize("share", [0.001, 0.5, 0.7])
def test_a_truncated_sound(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"sound.{suffix}"
    soundfile.write(path, tone(4, 44_100), 44_100)
    refused(cut(path, share))


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff", "bmp", "webp"])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_a_truncated_picture(tmp_path: Path, suffix: str, share: float) -> None:
    refused(cut(still(tmp_path / f"picture.{suffix}"), share))


def test_a_film_that_is_damaged_in_the_middle_is_read_on(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mkv", seconds=4)
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : third + 4000] = np.random.default_rng(0).bytes(4000)
    path.write_bytes(content)
    with Clip(path) as clip:
        times = [item.t for item in clip.items()]
    assert times == sorted(times)
    assert times[-1] > 3.8, "it goes on behind the damage"
    assert len(times) > 50


def test_a_film_that_is_damaged_to_its_end_is_given_up(tmp_path: Path) -> None:
    path = film(tmp_path / "film.avi", seconds=6)
    content = bytearray(path.read_bytes())
    # The container stays whole, every picture after the first second is noise.
    begin, end = len(content) // 6, len(content) - 6000
    position, rng = content.find(b"00dc", begin), np.random.default_rng(0)
    while 0 <= position < end:
        size = int.from_bytes(content[position + 4 : position + 8], "little")
        content[position + 8 : position + 8 + size] = rng.bytes(size)
        position = content.find(b"00dc", position + 8 + size)
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=r"film\.avi: too damaged"), Clip(path) as clip:
        list(clip.items())


def test_a_name_with_a_colon_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "12:30.wav", tone(1, 16_000), 16_000)
    monkeypatch.chdir(tmp_path)
    with Clip(Path("12:30.wav")) as clip:
        assert list(clip.items())


@pytest.mark.parametrize("form", ["m3u8", "ffconcat"])
def test_a_playlist_does_not_make_the_device_connect(tmp_path: Path, form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/film.ts"
        path = tmp_path / f"list.{form}"
        path.write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{url}\n#EXT-X-ENDLIST\n"
            if form == "m3u8"
            else f"ffconcat version 1.0\nfile '{url}'\n"
        )
        refused(path)
        with pytest.raises(TimeoutError):
            server.accept()


def test_undecodable_tags_are_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "tagged.mp3"
    soundfile.write(path, tone(2, 44_100), 44_100)
    title = b"TPE1" + (6).to_bytes(4, "big") + b"\0\0" + b"\x03\xff\xfe\xc3\x28\xa0"
    path.write_bytes(b"ID3\x03\0\0" + bytes([0, 0, 0, len(title)]) + title + path.read_bytes())
    with Clip(path) as clip:
        assert not any(isinstance(item, Frame) for item in clip.items())


def test_a_file_that_is_gone_when_it_is_read_again(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", seconds=0.2)
    with Clip(path, loop=True) as clip:
        items = clip.items()
        next(items)
        path.unlink()
        with pytest.raises(CaptureError, match="no such file"):
            list(items)
