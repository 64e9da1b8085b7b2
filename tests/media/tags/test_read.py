from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.media.tags.read import MAX_CHARACTERS, read_tags
from soundit_edge.media.tags.text import text_of
from tests.media.tags.containers import aac, chunk, chunked, flac, id3, id3_frame, id3v1, info, item, m4a, mp3
from tests.music.library.songs import a_file

LATIN = "Señorita – Björk"
WINDOWS = LATIN.encode("cp1252")


def utf_16(text: str) -> bytes:
    return b"\1" + text.encode("utf-16")


def test_the_bytes_of_a_tag_are_utf_8_or_else_windows_1252() -> None:
    assert text_of(LATIN.encode()) == text_of(WINDOWS) == LATIN
    assert text_of(b"\x81\x8d\x8f\x90\x9d \xe9") == "\x81\x8d\x8f\x90\x9d é"
    assert text_of(b"") == ""


@given(st.binary(max_size=50))
def test_any_bytes_are_some_text(content: bytes) -> None:
    text_of(content).encode()


def by_kind(folder: Path, title: bytes) -> dict[str, Path]:
    """A file of every kind whose title has these bytes."""
    frame = id3(id3_frame("TIT2", b"\0" + title))
    return {
        "ID3v1": mp3(folder / "v1.mp3", back=id3v1(title, b"")),
        "ID3v2.2, Latin-1": mp3(folder / "v22.mp3", id3(id3_frame("TT2", b"\0" + title, version=2), version=2)),
        "ID3v2.3, Latin-1": mp3(folder / "v23.mp3", id3(id3_frame("TIT2", b"\0" + title, version=3), version=3)),
        "ID3v2.4, Latin-1": mp3(folder / "latin.mp3", frame),
        "ID3v2.4, UTF-8": mp3(folder / "utf8.mp3", id3(id3_frame("TIT2", b"\3" + title))),
        "AAC": aac(folder / "a.aac", frame),
        "RIFF INFO": chunked(folder / "info.wav", info((b"INAM", title))),
        "ID3 in WAV": chunked(folder / "id3.wav", chunk(b"id3 ", frame)),
        "AIFF": chunked(folder / "name.aiff", chunk(b"NAME", title, ">")),
        "ID3 in AIFF": chunked(folder / "id3.aiff", chunk(b"ID3 ", frame, ">")),
        "FLAC": flac(folder / "a.flac", b"TITLE=" + title),
        "MP4": m4a(folder / "a.m4a", item(b"\xa9nam", [title])),
    }


@pytest.mark.parametrize("coding", ["cp1252", "utf-8"])
def test_a_title_is_read_whatever_its_bytes_are_said_to_be(tmp_path: Path, coding: str) -> None:
    """They became U+FFFD (10c), or one letter two where UTF-8 was called Latin-1."""
    title = "Déjà “vu”"
    files = by_kind(tmp_path, title.encode(coding))
    assert {kind: read_tags(path).title for kind, path in files.items()} == dict.fromkeys(files, title)


def test_the_artist_of_id3v1_riff_and_aiff_is_read(tmp_path: Path) -> None:
    v1 = mp3(tmp_path / "v1.mp3", back=id3v1("Café Müller".encode("latin-1"), "Beyoncé".encode("latin-1"), 17))
    tags = read_tags(v1)
    assert (tags.title, tags.artist, tags.genre) == ("Café Müller", "Beyoncé", "Rock")
    assert read_tags(chunked(tmp_path / "a.wav", info((b"IART", WINDOWS)))).artist == LATIN
    assert read_tags(chunked(tmp_path / "a.aiff", chunk(b"AUTH", WINDOWS, ">"))).artist == LATIN


def with_several(folder: Path) -> dict[str, Path]:
    """A file of every kind with two artists, three genres and two moods."""

    def frames(version: int, mark: bytes, coding: str, *, own_mood: bool = False) -> bytes:
        def text(*values: str) -> bytes:
            end = b"\0\0" if coding.startswith("utf-16") else b"\0"
            return mark + end.join(value.encode(coding) for value in values)

        mood = ("TXXX", text("MOOD", "Sad", "Calm")) if own_mood else ("TMOO", text("Sad", "Calm"))
        named = [("TPE1", text("Ann", "Bob")), ("TCON", text("Rock", "Jazz", "Folk")), mood]
        return id3(*(id3_frame(name, content, version) for name, content in named), version=version)

    comments = [b"ARTIST=Ann", b"artist=Bob", b"GENRE=Rock", b"GENRE=Jazz", b"GENRE=Folk", b"MOOD=Sad", b"MOOD=Calm"]
    atoms = [
        item(b"\xa9ART", [b"Ann", b"Bob"]),
        item(b"\xa9gen", [b"Rock", b"Jazz"]),
        item(b"\xa9gen", ["Folk".encode("utf-16-be")], type_=2),
        item(b"MOOD", [b"Sad", b"Calm"]),
    ]
    return {
        "ID3v2.4, UTF-8": mp3(folder / "utf8.mp3", frames(4, b"\3", "utf-8")),
        "ID3v2.4, UTF-16": mp3(folder / "utf16.mp3", frames(4, b"\1", "utf-16")),
        "ID3v2.4, UTF-16BE": mp3(folder / "utf16be.mp3", frames(4, b"\2", "utf-16-be")),
        "ID3v2.3": mp3(folder / "v23.mp3", frames(3, b"\0", "latin-1", own_mood=True)),
        "AAC": aac(folder / "a.aac", frames(4, b"\3", "utf-8")),
        "ID3 in WAV": chunked(folder / "id3.wav", chunk(b"id3 ", frames(4, b"\3", "utf-8"))),
        "ID3 in AIFF": chunked(folder / "id3.aiff", chunk(b"ID3 ", frames(4, b"\3", "utf-8"), ">")),
        "FLAC": flac(folder / "a.flac", *comments),
        "MP4": m4a(folder / "a.m4a", *atoms),
        "semicolons": flac(folder / "b.flac", b"ARTIST=Ann; Bob", b"GENRE=Rock;Jazz; Folk", b"MOOD=Sad; Calm"),
    }


def test_every_artist_genre_and_mood_is_kept(tmp_path: Path) -> None:
    """The first alone was (10s)."""
    for kind, path in with_several(tmp_path).items():
        tags = read_tags(path)
        assert (tags.artist, tags.genre, tags.moods) == ("Ann; Bob", "Rock; Jazz; Folk", ("sad", "calm")), kind


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("(17)", "Rock"),
        ("17", "Rock"),
        ("(17)Rock", "Rock"),
        ("(51)(39)", "Techno-Industrial; Noise"),
        ("(4)Eurodisco", "Disco; Eurodisco"),
        ("(RX)", "Remix"),
        ("((Live)", "(Live)"),
        ("(999)", "999"),
        ("8\0Jazz\0(52)", "Jazz; Electronic"),
        ("Rock/Jazz", "Rock/Jazz"),
        ("R&B", "R&B"),
    ],
)
def test_genres_of_id3_may_be_numbers(tmp_path: Path, text: str, genre: str) -> None:
    path = mp3(tmp_path / "a.mp3", id3(id3_frame("TCON", b"\0" + text.encode())))
    assert read_tags(path).genre == genre


def test_the_number_of_an_mp4_genre_is_its_name(tmp_path: Path) -> None:
    path = m4a(tmp_path / "a.m4a", item(b"gnre", [b"\0\x12"], type_=0), item(b"\xa9ART", [b"AC/DC"]))
    assert (read_tags(path).genre, read_tags(path).artist) == ("Rock", "AC/DC")


def test_tags_are_on_one_short_line(tmp_path: Path) -> None:
    for suffix in ("flac", "ogg"):
        tags = read_tags(a_file(tmp_path / f"a.{suffix}", "Déjà\nvu\x07 ", "x" * 1_000, "Hip-Hop"))
        assert (tags.title, tags.artist, tags.genre) == ("Déjà vu", "x" * MAX_CHARACTERS, "Hip-Hop")
    odd = read_tags(a_file(tmp_path / "odd.flac", "A\u2028B\u00a0\u202e C\r\nD\x1b[31m", "A\tB", "E\x85F"))
    assert (odd.title, odd.artist, odd.genre) == ("A B C D [31m", "A B", "E F")


@pytest.mark.parametrize(("suffix", "key"), [("mp3", "TMOO"), ("flac", "MOOD"), ("opus", "mood")])
def test_the_mood_is_read(tmp_path: Path, suffix: str, key: str) -> None:
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as out:
        out.metadata[key] = "Romantic; Up Beat/grief"
        coder = {"mp3": "libmp3lame", "flac": "flac", "opus": "libopus"}[suffix]
        stream: Any = out.add_stream(coder, 48_000, layout="mono")
        frame = av.AudioFrame(stream.codec_context.format.name, "mono", stream.codec_context.frame_size or 1152)
        frame.sample_rate, frame.pts = 48_000, 0
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
    assert read_tags(path).moods == ("romantic", "up beat", "grief")


def test_the_name_stands_in_for_a_title(tmp_path: Path) -> None:
    (tmp_path / "No Song.mp3").write_text("none")
    assert read_tags(tmp_path / "No Song.mp3").title == "No Song"
    assert read_tags(tmp_path / "not there.mp3").title == "not there"
    assert read_tags(a_file(tmp_path / "Untitled.flac", title=" ")).title == "Untitled"
    assert read_tags(a_file(tmp_path / "Two\nlines \x1b[1m.flac")).title == "Two lines [1m"
    assert read_tags(tmp_path / "\n.mp3").title == ".mp3"
    assert read_tags(tmp_path / "caf\udce9.mp3").title == "caf\ufffd"


def test_frames_in_odd_clothes(tmp_path: Path) -> None:
    picture = id3_frame("APIC", bytes(300))
    plain_size = b"APIC" + (300).to_bytes(4, "big") + bytes(2) + bytes(300)  # as iTunes wrote it
    title, rock = id3_frame("TIT2", b"\3Song"), b"\3Rock\0Jazz"
    cases = {
        "behind a picture": id3(picture, title),
        "behind a picture of iTunes'": id3(plain_size, title),
        "unsynchronised": id3(
            id3_frame("PRIV", b"\xff\0\xe0", 3), id3_frame("TIT2", b"\0Song", 3), version=3, flags=0x80
        ),
        "with a length": id3(id3_frame("TIT2", bytes(4) + b"\3Song", flags=0x01)),
        "grouped": id3(id3_frame("TIT2", b"\x05\3Song", flags=0x40)),
    }
    for kind, tag in cases.items():
        assert read_tags(mp3(tmp_path / "a.mp3", tag)).title == "Song", kind
    extended = id3(sync_safe_header() + title + id3_frame("TCON", rock), flags=0x40)
    assert read_tags(mp3(tmp_path / "a.mp3", extended)).genre == "Rock; Jazz"
    # What is compressed is left to FFmpeg.
    assert read_tags(mp3(tmp_path / "b.mp3", id3(id3_frame("TIT2", b"\3Song", flags=0x08)))).title in ("b", "Song")


def sync_safe_header() -> bytes:
    """An extended header of version 2.4 that says nothing."""
    return bytes([0, 0, 0, 6, 1, 0])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20), st.floats(0, 1), st.booleans())
def test_damaged_tags_do_no_harm(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, int]], share: float, mp4: bool
) -> None:
    path = tmp_path_factory.mktemp("tags") / "a.m4a"
    if mp4:
        content = bytearray(m4a(path, item(b"\xa9gen", [b"Rock", b"Jazz"]), item(b"MOOD", [b"Sad"])).read_bytes())
    else:
        content = bytearray(id3(id3_frame("TIT2", utf_16("Song")), id3_frame("TCON", b"\3Rock\0Jazz")))
    for place, value in damage:
        content[int(place * (len(content) - 1))] = value
    path.write_bytes(content[: int(len(content) * share)])
    assert read_tags(path).title
