"""What was read is kept, also by a run that was killed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.film import FilmError
from soundit_edge.film.spotting.readings_cache import Readings, forget_old

HEADER = {"film": "abc", "models": "1"}


def reading(t: float, speaking: bool | None = None, **detail: int | str) -> Reading:
    return Reading("lips", t, one_hot(Emotion.SAD, 0.7), 0.5, detail, speaking)


def begun(path: Path) -> None:
    """A run that marked 2 s and was killed a little later, in the middle of a line."""
    with Readings(path, HEADER) as readings:
        readings.add(reading(0.5, speaking=True, faces=2, text="not kept"))
        readings.add_cut(1.25)
        readings.add_speech([(0.2, 1.0)])
        readings.mark(2.0)
        readings.add(reading(2.5))
        readings.add_cut(2.75)
    path.write_bytes(path.read_bytes()[:-5])


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    with Readings(tmp_path / "new" / "a.jsonl", HEADER) as readings:
        assert (readings.until, readings.seconds) == (0.0, None)
    begun(tmp_path / "a.jsonl")
    with Readings(tmp_path / "a.jsonl", HEADER) as readings:
        assert (readings.until, readings.seconds) == (2.0, None)
        readings.add(reading(2.25))
        readings.add_speech([(0.9, 1.5), (4.0, 5.0)])
        readings.finish(6.0)
    with Readings(tmp_path / "a.jsonl", HEADER) as readings:
        assert readings.seconds == 6.0
        found = readings.found()
        kept = list(readings.readings())
    assert (found.cuts, found.speech, found.seconds) == ((1.25,), ((0.2, 1.5), (4.0, 5.0)), 6.0)
    assert [r.t for r in kept] == [0.5, 2.25], "what came after the last mark is read again"
    assert kept[0].probabilities == pytest.approx(one_hot(Emotion.SAD, 0.7), abs=1e-3)
    assert sum(kept[0].probabilities) == pytest.approx(1.0)
    assert [r.speaking for r in kept] == [True, None], "what fusion asks for"
    assert not kept[0].detail, "nothing that was said"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe nonsense", b'{"version": 1}\n{"until": 5}\n', b"[]\n"])
def test_a_file_of_something_else_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    with Readings(tmp_path / "a.jsonl", HEADER) as readings:
        assert (readings.until, readings.seconds) == (0.0, None)
        readings.finish(1.0)
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    assert [list(json.loads(line)) for line in lines] == [["version", "film", "models"], ["seconds"]]


def test_other_models_read_anew(tmp_path: Path) -> None:
    begun(tmp_path / "a.jsonl")
    with Readings(tmp_path / "a.jsonl", {**HEADER, "models": "2"}) as readings:
        assert readings.until == 0.0


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    begun(tmp_path / "a.jsonl")
    with (
        Readings(tmp_path / "a.jsonl", HEADER),
        pytest.raises(FilmError, match="another soundit score is reading"),
        Readings(tmp_path / "a.jsonl", HEADER),
    ):
        pass
    with Readings(tmp_path / "a.jsonl", HEADER) as readings:
        assert readings.until == 2.0


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FilmError, match="SOUNDIT_CACHE"), Readings(tmp_path / "file" / "a.jsonl", HEADER):
        pass


def test_old_films_are_forgotten(tmp_path: Path) -> None:
    import os

    for age in range(5):
        (tmp_path / f"{age}.jsonl").write_text("")
        os.utime(tmp_path / f"{age}.jsonl", (1000 - age, 1000 - age))
    forget_old(tmp_path, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.jsonl", "1.jsonl", "2.jsonl"]
    forget_old(tmp_path / "missing")
