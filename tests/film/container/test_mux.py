"""A film comes back with its picture untouched, in sync, with its subtitles, chapters, tags and rotation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from soundit_edge.film import FilmError
from soundit_edge.film.container.carried import carried
from soundit_edge.film.container.encode import code
from soundit_edge.film.container.mux import write_film
from soundit_edge.film.container.probe import examine
from soundit_edge.film.container.sound import sound_of
from tests.film.films import BLUE, RATE, RED, Making, Samples, clicks, heard, packets, shown

MOMENTS = [0.5, 1.2, 1.9, 2.6]
SECONDS = 3.0
SHOTS = [(2.0, RED), (1.0, BLUE)]
SUBTITLES = [(0.5, 1.5, "<i>One</i>"), (2.0, 2.5, "Zwei")]
CHAPTERS = [(0.0, 2.0, "Red"), (2.0, 3.0, "Blue")]


def ticking(channels: int = 2, rate: int = RATE, late: float = 0.0) -> Samples:
    return clicks(SECONDS, [moment - late for moment in MOMENTS], channels=channels, rate=rate)


FILMS: dict[str, Callable[[], Making]] = {
    "plain.mp4": lambda: Making(SHOTS, ticking()),
    "slow rate.mov": lambda: Making(SHOTS, ticking(rate=44_100), rate=44_100),
    "late sound.mkv": lambda: Making(SHOTS, ticking(late=0.3), late=0.3),
    "begins at two.mkv": lambda: Making(SHOTS, ticking(), first=2.0),
    "surround.mkv": lambda: Making(SHOTS, ticking(6), layout="5.1"),
    "varying.mkv": lambda: Making(SHOTS, ticking(), stamps=lambda i: 40 * i + 9 * (i % 3)),
    "old.mpg": lambda: Making(SHOTS, ticking(), codecs=("mpeg2video", "mp2")),
    "older.avi": lambda: Making(SHOTS, ticking(), codecs=("mpeg4", "mp3"), bframes=2),
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the film of a name, each made once."""
    folder = tmp_path_factory.mktemp("films")
    return cache(lambda name: FILMS[name]().write(folder / name))


def rewritten(folder: Path, source: Path, suffix: str) -> tuple[Path, list[str]]:
    """The film with its own sound coded anew, and what was lost on the way."""
    out = folder / "work" / f"out{suffix}"
    out.parent.mkdir(exist_ok=True)
    film = examine(source)
    sound = code(sound_of(film, round(SECONDS * RATE), 4800), folder / "work" / "sound")
    plan = carried(source, suffix)
    return out, [*plan.lost, *write_film(film, plan, out, sound, SECONDS, lambda t: None)]


def late_ms(path: Path) -> list[float]:
    """How late each click is that should come at one of the `MOMENTS`."""
    sound = heard(path)
    return [click_late_ms(sound, moment) for moment in MOMENTS]


def click_late_ms(sound: Samples, moment: float) -> float:
    """How late the click is that should come at a moment."""
    band = butter(4, 6000, "high", fs=RATE, output="sos")
    wanted = sosfilt(band, clicks(0.1, [0.05])[:, 0])
    first = round((moment - 0.05) * RATE)
    around = sosfilt(band, np.pad(sound.mean(axis=1), (RATE, RATE))[first + RATE - 4800 : first + RATE + 9600])
    return float(np.correlate(around, wanted).argmax() - 4800) / RATE * 1000


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("name", FILMS)
def test_picture_untouched_and_sound_in_sync(
    tmp_path: Path, films: Callable[[str], Path], name: str, suffix: str
) -> None:
    source = films(name)
    out, lost = rewritten(tmp_path, source, suffix)
    assert lost == []
    assert packets(out) == packets(source)
    before, after = shown(source), shown(out)
    assert [t for t, _ in after] == pytest.approx([t for t, _ in before], abs=0.001)
    # An old container says nothing of what its sound's coder put before the beginning: it is late in the source too.
    wanted = late_ms(source)
    assert np.abs(wanted).max() < (30.0 if name.startswith("old") else 1.0)
    assert late_ms(out) == pytest.approx(wanted, abs=0.1)


def test_the_first_blue_frame_comes_when_it_did(tmp_path: Path, films: Callable[[str], Path]) -> None:
    out, _ = rewritten(tmp_path, films("plain.mp4"), ".mp4")
    blue = next(t for t, image in shown(out) if image[:12, :, 2].mean() > image[:12, :, 0].mean())
    assert blue == pytest.approx(2.0, abs=0.001)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("kind", [".mp4", ".mkv"])
def test_subtitles_chapters_and_tags_are_kept(tmp_path: Path, kind: str, suffix: str) -> None:
    making = Making(SHOTS, ticking(), subtitles=SUBTITLES, chapters=CHAPTERS, tags={"title": "A film", "artist": "us"})
    out, lost = rewritten(tmp_path, making.write(tmp_path / f"film{kind}"), suffix)
    assert lost == []
    with av.open(str(out)) as container:
        assert {key.lower(): value for key, value in container.metadata.items()}["title"] == "A film"
        chapters: Any = container.chapters()
        assert [float(c["start"] * c["time_base"]) for c in chapters] == pytest.approx([0.0, 2.0], abs=0.01)
        assert [c["metadata"]["title"] for c in chapters] == ["Red", "Blue"]
        stream = container.streams.subtitles[0]
        assert stream.language == "eng"
        rows: list[Any] = [packet for packet in container.demux(stream) if packet.size > 2]
    assert [float(row.pts * row.time_base) for row in rows] == pytest.approx([0.5, 2.0], abs=0.002)
    assert [float(row.duration * row.time_base) for row in rows] == pytest.approx([1.0, 0.5], abs=0.002)
    assert b"One" in bytes(rows[0])
    assert b"Zwei" in bytes(rows[1])


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_a_film_of_a_telephone_stays_upright(tmp_path: Path, suffix: str) -> None:
    source = Making(SHOTS, ticking(), turned=True).write(tmp_path / "phone.mp4")
    out, _ = rewritten(tmp_path, source, suffix)
    turned = []
    for path in (source, out):
        with av.open(str(path)) as container:
            frame: Any = next(container.decode(video=0))
            turned.append(frame.rotation)
    assert turned[0] == turned[1] != 0


def test_a_picture_that_the_container_cannot_hold_is_refused(tmp_path: Path) -> None:
    film = Making([(0.4, RED)], codecs=("libvpx", "aac")).write(tmp_path / "film.mkv")
    with pytest.raises(FilmError, match=r"cannot hold its vp8 picture; write a \.mkv"):
        rewritten(tmp_path, film, ".mp4")
    assert rewritten(tmp_path, film, ".mkv")[0].stat().st_size > 1000


def test_surround_is_mixed_down(tmp_path: Path) -> None:
    channels = np.zeros((round(SECONDS * RATE), 6), np.float32)
    channels[:, 2] = 0.5 * np.sin(2 * np.pi * 440 * np.arange(len(channels)) / RATE)  # the middle
    film = examine(Making(SHOTS, channels, layout="5.1").write(tmp_path / "surround.mkv"))
    sound = np.concatenate(list(sound_of(film, round(SECONDS * RATE), 4800)))
    np.testing.assert_array_equal(sound[:, 0], sound[:, 1])
    assert 0.05 < np.abs(sound[RATE : 2 * RATE]).max() <= 0.5


def test_sound_that_ends_early_is_silent_to_the_end(tmp_path: Path) -> None:
    film = examine(Making(SHOTS, ticking()[: 2 * RATE]).write(tmp_path / "short.mp4"))
    sound = np.concatenate(list(sound_of(film, round(SECONDS * RATE), 4800)))
    assert sound.shape == (round(SECONDS * RATE), 2)
    assert np.abs(sound[round(2.1 * RATE) :]).max() == 0.0
    assert np.abs(sound[: 2 * RATE]).max() > 0.3
