"""The picture and the sound that every player would show, whatever else is in the file."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest
from av.stream import Disposition
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.media.streams import StreamChoice, choose_streams
from tests.media.containers import Picture, Sound, container, without_decoder

DEFAULT = Disposition.default
COVER = Picture("mjpeg", 1, pix_fmt="yuvj420p")


def chosen(path: Path) -> tuple[int | None, int | None, list[tuple[int, str]]]:
    """The numbers of picture and sound, and of the others with the reason."""
    with av.open(str(path)) as opened:
        choice = choose_streams(opened)
        picture, sound = (None if s is None else s.index for s in (choice.picture, choice.sound))
        return picture, sound, [(p.stream.index, p.why) for p in choice.passed_over]


def test_one_picture_and_one_sound(tmp_path: Path) -> None:
    assert chosen(container(tmp_path / "film.mp4", [Picture(), Sound()])) == (0, 1, [])


def test_a_commentary_before_the_default_sound(tmp_path: Path) -> None:
    path = container(tmp_path / "film.mkv", [Picture(), Sound(), Sound(disposition=DEFAULT)])
    assert chosen(path) == (0, 2, [(1, "a further sound track")])


@pytest.mark.parametrize("beside", [Disposition.comment, Disposition.visual_impaired, Disposition.hearing_impaired])
def test_a_commentary_that_is_marked_as_default(tmp_path: Path, beside: Disposition) -> None:
    path = container(tmp_path / "film.mkv", [Picture(), Sound(disposition=beside | DEFAULT), Sound()])
    assert chosen(path)[1] == 2


def test_of_equal_sounds_that_of_which_there_is_more(tmp_path: Path) -> None:
    """FFmpeg's rule, where no track is marked."""
    path = container(
        tmp_path / "film.ts", [Picture("mpeg2video"), Sound("mp2", bit_rate=64_000), Sound("mp2", bit_rate=192_000)]
    )
    assert chosen(path)[1] == 2


def test_a_cover_before_the_film_that_nothing_marks_as_one(tmp_path: Path) -> None:
    path = container(tmp_path / "film.mp4", [COVER, Picture(disposition=DEFAULT), Sound()])
    assert chosen(path) == (1, 2, [(0, "a cover picture")])


def test_a_cover_in_a_container_that_does_not_count_frames(tmp_path: Path) -> None:
    assert chosen(container(tmp_path / "film.mkv", [COVER, Picture(), Sound()])) == (1, 2, [(0, "a cover picture")])


def test_a_cover_that_is_marked_as_default(tmp_path: Path) -> None:
    path = container(tmp_path / "film.mp4", [Picture("png", 1, DEFAULT, pix_fmt="rgb24"), Picture(), Sound()])
    assert chosen(path)[0] == 1


def test_a_film_of_single_pictures_is_a_film(tmp_path: Path) -> None:
    path = container(tmp_path / "camera.avi", [Picture("mjpeg", pix_fmt="yuvj420p"), Sound("pcm_s16le")])
    assert chosen(path) == (0, 1, [])


def test_a_song_with_a_cover_has_no_picture(tmp_path: Path) -> None:
    cover = Picture("mjpeg", 1, Disposition.attached_pic, pix_fmt="yuvj420p")
    assert chosen(container(tmp_path / "song.mp4", [cover, Sound()]))[0] is None


def test_sound_without_a_decoder_gives_way_to_one_with(tmp_path: Path) -> None:
    path = container(tmp_path / "film.mov", [Picture(), Sound("pcm_s16le"), Sound()])
    assert chosen(without_decoder(path)) == (0, 2, [(1, "no decoder")])


def test_sound_without_a_decoder_alone_is_named(tmp_path: Path) -> None:
    path = without_decoder(container(tmp_path / "film.mov", [Picture(), Sound("pcm_s16le")]))
    with av.open(str(path)) as opened:
        choice = choose_streams(opened)
        assert choice.sound is None
        assert choice.undecodable("audio") == "apac"
        assert choice.undecodable("video") is None


def fake(index: int, kind: str, decodable: bool, disposition: int, codec: str, frames: int) -> Any:
    named = SimpleNamespace(canonical_name=codec)
    context = SimpleNamespace(codec=named) if decodable else None
    stream: Any = SimpleNamespace(
        index=index, type=kind, codec_context=context, disposition=Disposition(disposition), frames=frames
    )
    stream.container = SimpleNamespace(dumps_format=lambda: "")
    return stream


class FakeStreams(list[Any]):
    """The streams of a container, of which FFmpeg finds any to be the best."""

    def __init__(self, streams: list[Any], best: int) -> None:
        super().__init__(streams)
        self._best = best
        self.video = [s for s in streams if s.type == "video"]
        self.audio = [s for s in streams if s.type == "audio"]

    def best(self, kind: str, related: Any = None) -> Any:
        of_kind = self.video if kind == "video" else self.audio
        return of_kind[self._best % len(of_kind)] if of_kind else None


described = st.tuples(
    st.sampled_from(["video", "audio"]),
    st.booleans(),
    st.sampled_from([0, 1, 8, 128, 256, 1024, 1025]),
    st.sampled_from(["h264", "mjpeg", "aac"]),
    st.integers(0, 2),
)


@given(st.lists(described, max_size=6), st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_whatever_is_in_a_file(rows: list[tuple[str, bool, int, str, int]], best: int) -> None:
    streams = [fake(index, *row) for index, row in enumerate(rows)]
    choice: StreamChoice = choose_streams(SimpleNamespace(streams=FakeStreams(streams, best)))
    accounted = [s.index for s in choice.used] + [p.stream.index for p in choice.passed_over]
    assert sorted(accounted) == list(range(len(rows))), "each stream is used or passed over, with a reason"
    for stream in choice.used:
        assert stream.codec_context is not None
    if choice.picture is not None:
        assert not choice.picture.disposition & Disposition.attached_pic
    plain = (Disposition.default, Disposition.default | Disposition.attached_pic)
    marked = [s for s in streams if s.type == "audio" and s.codec_context and s.disposition in plain]
    if marked:
        assert choice.sound in marked
    assert (choice.sound is None) == (not any(s.type == "audio" and s.codec_context for s in streams))
