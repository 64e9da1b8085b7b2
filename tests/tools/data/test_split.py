"""Splits by person: nobody in two parts, every part with somebody, refusals in one line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.errors import SounditError
from tools.data import split
from tools.data.split import Sample, check, deal_folds, deal_parts, read_split, rows_of


def index(folder: Path, persons: list[str], name: str = "index.csv") -> Path:
    with (folder / name).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "speaker", "emotion"])
        writer.writerows([f"{i}.wav", person, "happy" if i % 2 else "sad"] for i, person in enumerate(persons))
    return folder / name


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert split.main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    return captured.err


persons = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60)


@given(persons, st.integers(1, 5))
def test_every_person_is_in_one_fold_and_every_fold_has_somebody(some: list[str], folds: int) -> None:
    if len(set(some)) < folds:
        with pytest.raises(SounditError, match="persons cannot make"):
            deal_folds(some, folds)
        return
    dealt = deal_folds(some, folds)
    assert set(dealt) == set(some)
    assert set(dealt.values()) == {f"fold{i}" for i in range(folds)}


@given(persons, st.lists(st.floats(0.05, 1), min_size=1, max_size=4), st.integers(0, 9))
def test_every_part_has_somebody(some: list[str], shares: list[float], seed: int) -> None:
    parts = {f"part{i}": share for i, share in enumerate(shares)}
    if len(set(some)) < len(parts):
        with pytest.raises(SounditError, match="persons cannot make"):
            deal_parts(some, parts, seed)
        return
    dealt = deal_parts(some, parts, seed)
    assert set(dealt) == set(some)
    assert set(dealt.values()) == set(parts)
    assert dealt == deal_parts(some, parts, seed)


def test_parts_come_near_their_shares() -> None:
    some = [f"p{i // 10}" for i in range(400)]
    dealt = deal_parts(some, {"train": 0.75, "test": 0.25}, 1)
    assert sum(dealt[p] == "test" for p in some) == pytest.approx(100, abs=10)


def test_folds_are_the_training_tools(tmp_path: Path) -> None:
    """`python -m tools.train.voice folds` scores `speakers[fold::5]` with a network that never heard them."""
    names = [f"actor_{i:02d}" for i in range(1, 21)]
    assert [name for name, part in deal_folds(names, 5).items() if part == "fold1"] == sorted(names)[1::5]


def test_a_split_is_written_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = index(tmp_path, ["a", "b", "c", "a", "b", "c", "d"]), tmp_path / "split.csv"
    assert split.main(["write", str(data), "-o", str(out), "--parts", "train=0.7", "test=0.3"]) == 0
    assert "persons" in capsys.readouterr().out
    samples = read_split(out)
    assert [s.row for s in samples] == list(range(7))
    assert [s.person for s in samples] == ["a", "b", "c", "a", "b", "c", "d"]
    assert {s.part for s in samples} == {"train", "test"}
    assert split.main(["check", str(out)]) == 0
    assert rows_of(f"{out}:test") | rows_of(f"{out}:train") == set(range(7))
    assert not rows_of(f"{out}:test") & rows_of(f"{out}:train")


def test_a_class_that_a_part_lacks_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = index(tmp_path, ["a", "b", "a", "b"])
    assert split.main(["write", str(data), "-o", str(tmp_path / "s.csv"), "--folds", "2"]) == 0
    assert "fold0: 1 persons, 2 samples: happy 0 !, sad 2" in capsys.readouterr().out


def test_archives_are_split_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label, names = np.array([0, 1, 1], np.uint8), np.array(["begin", "stop"])
    np.savez(tmp_path / "d.npz", speaker=np.array(["x", "y", "y"]), label=label, label_names=names)
    out = tmp_path / "s.csv"
    assert split.main(["write", str(tmp_path / "d.npz"), "-o", str(out), "--label", "label", "--folds", "2"]) == 0
    assert [(s.person, s.label) for s in read_split(out)] == [("x", "begin"), ("y", "stop"), ("y", "stop")]


def test_a_person_in_two_parts_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.csv"
    path.write_text("row,person,label,part\n0,anna,sad,train\n1,bert,sad,test\n2,anna,happy,test\n")
    error = error_of(capsys, "check", str(path))
    assert "anna" in error
    assert str(path) in error


def test_a_row_that_is_there_twice_is_refused() -> None:
    with pytest.raises(SounditError, match="row 3 is there 2 times"):
        check([Sample(3, "a", "sad", "train"), Sample(3, "a", "sad", "train")], Path("s.csv"))


@pytest.mark.parametrize(
    "content", [None, "", "row,person\n", "row,person,label,part\n", "row,person,label,part\nx,a,b,c\n"]
)
def test_unusable_splits_are_named(content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.csv"
    if content is not None:
        path.write_text(content)
    assert str(path) in error_of(capsys, "check", str(path))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--person", "nobody"], "nobody"),
        (["--label", "mood"], "mood"),
        (["--folds", "9"], "--folds"),
        (["--parts", "train"], "train"),
        (["--parts", "train=-1"], "train=-1"),
        (["--parts", "a=1", "b=1", "c=1"], "persons"),
    ],
)
def test_what_cannot_be_split_is_said(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert said in error_of(capsys, "write", str(index(tmp_path, ["a", "b"])), "-o", str(out), *options)
    assert not out.exists()


@pytest.mark.parametrize("name", ["missing.csv", "broken.npz", "empty.csv"])
def test_unusable_data_is_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.npz").write_bytes(b"PK no archive")
    (tmp_path / "empty.csv").touch()
    assert name in error_of(capsys, "write", str(tmp_path / name), "-o", str(tmp_path / "out.csv"))


def test_an_unknown_part_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("row,person,label,part\n0,a,sad,train\n")
    with pytest.raises(SounditError, match="parts train"):
        rows_of(f"{path}:test")
    with pytest.raises(SounditError, match="cannot be read"):
        rows_of("test")
