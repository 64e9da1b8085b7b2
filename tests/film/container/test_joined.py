"""A film that was joined of two, or whose clock jumps, is written whole: picture, kept sound and new sound in step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.film.container.carried import carried
from soundit_edge.film.container.encode import code
from soundit_edge.film.container.mux import write_film
from soundit_edge.film.container.probe import examine
from soundit_edge.film.container.sound import sound_of
from tests.film.films import Making, clicks, heard, shown

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
PART_S = 3.0
FLASHES = [1.0, 2.0]
SHOTS = [(1.0, BLACK), *((0.2, WHITE), (0.8, BLACK)) * 2]
H264, MPEG2 = ("libx264", "aac"), ("mpeg2video", "mp2")


def part(path: Path, codecs: tuple[str, str], first: float = 0.0) -> Path:
    """Write three seconds in which it flashes and clicks once a second."""
    return Making(SHOTS, clicks(PART_S, FLASHES), codecs=codecs, first=first).write(path)


def joined(folder: Path, suffix: str, codecs: tuple[str, str], later: float) -> Path:
    one = part(folder / f"one{suffix}", codecs)
    two = part(folder / f"two{suffix}", codecs, later) if later else one
    whole = folder / f"film{suffix}"
    whole.write_bytes(one.read_bytes() + two.read_bytes())
    return whole


def flashes(path: Path) -> list[float]:
    """Return when the picture turns white."""
    light = [(t, image.mean() > 128) for t, image in shown(path)]
    return [t for (t, is_light), (_, was_light) in zip(light[1:], light, strict=False) if is_light and not was_light]


def beeps(path: Path) -> list[float]:
    """Return when a click begins."""
    loud = np.flatnonzero(np.abs(heard(path)[:, 0]) > 0.2) / RATE
    return [float(t) for t in loud[np.diff(loud, prepend=-1.0) > 0.5]]


# Each kind of film, and each codec in each container.
@pytest.mark.parametrize(
    ("kind", "codecs", "later", "suffix"),
    [
        (".ts", H264, 0.0, ".mp4"),
        (".ts", MPEG2, 0.0, ".mkv"),
        (".ts", H264, 3600.0, ".mkv"),
        (".m2ts", H264, 0.0, ".mp4"),
        (".vob", MPEG2, 0.0, ".mp4"),
        (".mpg", MPEG2, 0.0, ".mkv"),
    ],
)
def test_picture_and_kept_sound_stay_in_step(
    tmp_path: Path, kind: str, codecs: tuple[str, str], later: float, suffix: str
) -> None:
    source, out = joined(tmp_path, kind, codecs, later), tmp_path / "work" / f"out{suffix}"
    out.parent.mkdir()
    film, plan = examine(source), carried(source, suffix)
    kept = code(sound_of(film, round(2 * PART_S * RATE), 4800), tmp_path / "work" / "sound")
    lost = write_film(film, plan, out, kept, 2 * PART_S, lambda t: None)
    assert [*plan.lost, *lost] == []
    wanted = [*FLASHES, *(PART_S + t for t in FLASHES)]
    seen, listened = flashes(out), beeps(out)
    assert len(seen) == len(listened) == len(wanted)
    assert seen == pytest.approx(wanted, abs=0.15)
    assert np.subtract(listened, seen) == pytest.approx(np.zeros(len(wanted)), abs=0.045)
    moments = [t for t, _ in shown(out)]
    assert len(moments) == 150
    assert np.diff(moments) == pytest.approx(np.full(149, 0.04), abs=0.1)
    assert np.diff(moments).min() > 0.03
