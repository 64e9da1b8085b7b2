"""Tags of telephones and cameras stay, whatever their names, and so do the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from soundit_edge.film.container.quicktime_tags import add_tags
from tests.film.rewriting import FPS, frames, pictures, rewritten

APPLE = {
    "com.apple.quicktime.make": "Apple",
    "com.apple.quicktime.model": "iPhone 15",
    "com.apple.quicktime.software": "17.4.1",
    "com.apple.quicktime.location.ISO6709": "+48.1374+011.5755+519.000/",
    "com.apple.quicktime.creationdate": "2024-05-01T10:00:00+0200",
}
PLAIN = {"title": "Garten", "artist": "wir", "comment": "für Oma", "location": "+48.1374+011.5755/"}
CREATED = {"creation_time": "2024-05-01T08:00:00.000000Z"}


def tagged(path: Path, tags: dict[str, str]) -> Path:
    pictures(path)
    with av.open(str(path)) as film, av.open(str(path.with_stem("tagged")), "w") as out:
        new = out.add_stream_from_template(film.streams.video[0], opaque=True)
        plain: Any = {key: value for key, value in tags.items() if key not in APPLE}
        out.metadata.update(tags if path.suffix == ".mkv" else plain)
        for packet in film.demux(video=0):
            if packet.size:
                packet.stream = new
                out.mux(packet)
    if path.suffix != ".mkv":
        add_tags(path.with_stem("tagged"), {key: value for key, value in tags.items() if key in APPLE})
    return path.with_stem("tagged")


def tags(path: Path) -> dict[str, str]:
    with av.open(str(path)) as film:
        return {key.lower(): value for key, value in film.metadata.items()}


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("kind", [".mp4", ".mov", ".mkv"])
def test_all_tags_are_kept(tmp_path: Path, kind: str, suffix: str) -> None:
    source = tagged(tmp_path / f"phone{kind}", {**APPLE, **PLAIN, **CREATED, "my own": "tag"})
    out, lost = rewritten(source, suffix)
    assert lost == []
    held = tags(out)
    for key, value in {**APPLE, **CREATED}.items():
        assert held[key.lower()] == value
    assert {key: held[key] for key in PLAIN if key != "location"} == {k: PLAIN[k] for k in PLAIN if k != "location"}
    assert held["location"].startswith("+48.1374")
    assert len(frames(out)) == FPS


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_a_title_stays_where_every_player_looks_for_it(tmp_path: Path, suffix: str) -> None:
    out, _ = rewritten(tagged(tmp_path / "phone.mov", {**APPLE, **PLAIN}), suffix)
    content = out.read_bytes()
    assert content.count(b"\xa9nam") == 1
    assert content.count(b"com.apple.quicktime.model") == 1


def test_a_film_without_further_tags_is_left_as_ffmpeg_writes_it(tmp_path: Path) -> None:
    out, lost = rewritten(tagged(tmp_path / "film.mp4", PLAIN), ".mp4")
    assert lost == []
    assert b"mdta" not in out.read_bytes()


def test_tags_are_added_behind_more_than_four_gigabytes(tmp_path: Path) -> None:
    place = tmp_path / "large.mp4"
    moov = pictures(tmp_path / "small.mp4").read_bytes().partition(b"moov")
    header = moov[0][-4:] + moov[1] + moov[2]
    pictures_size = 5 << 30
    with place.open("wb") as file:  # with a hole instead of pictures
        file.write(b"\0\0\0\x01mdat" + (pictures_size + 16).to_bytes(8, "big"))
        file.seek(pictures_size, 1)
        file.write(header)
    add_tags(place, {"com.apple.quicktime.model": "iPhone"})
    with place.open("rb") as file:
        file.seek(16 + pictures_size)
        size = int.from_bytes(file.read(4), "big")
    assert place.stat().st_size == 16 + pictures_size + size
    assert size > len(header)


def test_a_file_of_another_making_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "other.mp4"
    place.write_bytes(b"\0\0\0\x10moov12345678" + b"\0\0\0\x0cmdat1234")
    with pytest.raises(ValueError, match="not at the end"):
        add_tags(place, {"key": "value"})
    assert len(place.read_bytes()) == 28
