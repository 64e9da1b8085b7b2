"""Sets on the disk: whole or not at all, for their owner alone, and a damaged one is one line and the shipped model."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from soundit_edge.capture.capture import Frame
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.own import head_file
from soundit_edge.senses.own import takes as takes_file
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.senses.own.labels import OwnLabels
from soundit_edge.senses.own.learn import learn
from soundit_edge.senses.own.shelf import ShelfError
from soundit_edge.senses.own.takes import MAX_MOMENTS, TakeMoment, TakesError
from tests.fakes.own import NumberObserver, head_beside_shipped, picture, recorded, shelf_in

MODELS = ModelSet(default_folder())
NAME = "0123456789abcdef"
WHOLE = takes_file.to_bytes(recorded(each=1, moments=5))
LABELS: TypeAdapter[OwnLabels] = TypeAdapter(OwnLabels)


@pytest.fixture(scope="module")
def content() -> HeadFile:
    takes = recorded()
    return head_file.of_head(*learn(takes)[:1], takes.info, learn(takes)[1])


def test_takes_come_back_as_they_were() -> None:
    takes = recorded()
    again = takes_file.from_bytes(takes_file.to_bytes(takes))
    assert again.info == takes.info
    for name in ("features", "shipped", "label", "take"):
        assert np.array_equal(getattr(again, name), getattr(takes, name))


def test_a_long_take_is_thinned_out_and_the_last_can_be_forgotten() -> None:
    takes, seen = recorded(each=1), NumberObserver().look(Frame(0, picture(1))).moment
    assert isinstance(seen, TakeMoment)
    more = takes.with_take(0, [seen] * 1000)
    assert more.counts == (2, 1)
    assert len(more.label) == len(takes.label) + MAX_MOMENTS
    assert more.without_last().counts == takes.counts


@pytest.mark.parametrize("name", ["features", "shipped"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_takes_with_what_is_no_number_are_refused(name: str, bad: float) -> None:
    takes = recorded()
    broken = getattr(takes, name).copy()
    broken[0, 0] = bad
    with pytest.raises(TakesError, match="no number"):
        takes_file.from_bytes(takes_file.to_bytes(replace(takes, **{name: broken})))


def test_takes_of_labels_that_there_are_not_are_refused() -> None:
    takes = recorded()
    with pytest.raises(TakesError, match="out of range"):
        takes_file.from_bytes(takes_file.to_bytes(replace(takes, label=takes.label + 7)))


def test_takes_with_objects_in_them_run_no_code() -> None:
    content = io.BytesIO()
    np.savez(content, info=np.array([print], dtype=object))
    packed = content.getvalue()
    head = WHOLE[: WHOLE.index(b"\n") + 1] + hashlib.sha256(packed).digest()
    with pytest.raises(TakesError, match="allow_pickle"):
        takes_file.from_bytes(head + packed)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_damaged_byte_is_noticed(place: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place] ^= change
    with pytest.raises(TakesError, match="damaged"):
        takes_file.from_bytes(bytes(damaged))


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_is_cut_off_is_noticed(length: int) -> None:
    with pytest.raises(TakesError, match="damaged"):
        takes_file.from_bytes(WHOLE[:length])


def test_a_head_comes_back_and_answers_the_same(content: HeadFile) -> None:
    again = head_file.from_json(content.model_dump_json().encode())
    takes = recorded(seed=9)
    for features in takes.features:
        assert again.head().read(features) == content.head().read(features)


def test_a_head_that_answers_otherwise_than_its_golden_answer_is_not_used(content: HeadFile) -> None:
    bent = content.model_copy(update={"weights": tuple(tuple(2 * w for w in row) for row in content.weights)})
    with pytest.raises(ModelSetError, match="answers otherwise"):
        bent.head()


@pytest.mark.parametrize("part", ["mean", "scale", "axes", "variances", "weights"])
def test_a_head_whose_parts_do_not_fit_is_not_used(content: HeadFile, part: str) -> None:
    bent = content.model_copy(update={part: getattr(content, part)[:-1]})
    with pytest.raises(ModelSetError, match="do not fit"):
        bent.head()


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"format": 2}', b"\xff", b"NaN"])
def test_what_is_no_head_is_said(text: bytes) -> None:
    with pytest.raises(ModelSetError):
        head_file.from_json(text)


def test_only_its_owner_may_read_a_set(tmp_path: Path, content: HeadFile) -> None:
    shelf = shelf_in(tmp_path)
    shelf.write(recorded())
    shelf.keep(content)
    modes = {path.stat().st_mode & 0o777 for path in (*shelf.takes.iterdir(), *shelf.heads.iterdir())}
    assert modes == {0o600}
    assert shelf.takes.stat().st_mode & 0o777 == 0o700


def test_a_power_cut_in_the_middle_of_writing_leaves_the_set_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shelf_in(tmp_path)
    shelf.write(recorded(each=2))

    def cut(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(ShelfError, match="the disk is full"):
        shelf.write(recorded(each=3))
    monkeypatch.undo()
    assert shelf.read(NAME).counts == (2, 2)
    assert [path.name for path in shelf.takes.iterdir()] == [f"{NAME}.npz"]


def test_a_damaged_set_is_one_line_and_the_others_are_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shelf = shelf_in(tmp_path)
    shelf.write(recorded())
    (shelf.takes / "fedcba9876543210.npz").write_bytes(b"PK\x03\x04 no")
    assert [takes.info.id for takes in shelf.sets()] == [NAME]
    assert len(caplog.records) == 1


@pytest.mark.parametrize("name", ["", "../x", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdef\n", "a" * 300])
def test_a_name_that_is_no_sets_touches_no_file(tmp_path: Path, name: str) -> None:
    shelf = shelf_in(tmp_path)
    for act in (shelf.read, shelf.head, shelf.forget):
        with pytest.raises(ShelfError, match="no such set"):
            act(name)


def test_what_is_used_survives_a_restart(tmp_path: Path, content: HeadFile) -> None:
    shelf, heads = shelf_in(tmp_path), OwnHeads()
    shelf.keep(content)
    heads.load(shelf, MODELS)
    assert head_beside_shipped(heads) is None
    shelf.use("expression", NAME)
    heads.load(shelf, MODELS)
    assert head_beside_shipped(heads) is not None
    heads.rest(True)
    assert head_beside_shipped(heads) is None
    heads.rest(False)
    shelf.write(recorded())
    shelf.forget(NAME)
    assert shelf.in_use() == {}
    assert [path.name for path in (*shelf.takes.iterdir(), *shelf.heads.iterdir())] == ["in_use.json"]


@pytest.mark.parametrize("damage", ["cut", "other model", "gone", "in_use"])
def test_a_head_that_cannot_be_used_is_one_line_and_the_shipped_model(
    tmp_path: Path, content: HeadFile, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    shelf, heads = shelf_in(tmp_path), OwnHeads()
    shelf.keep(content)
    shelf.use("expression", NAME)
    path = shelf.heads / f"{NAME}.json"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "gone":
        path.unlink()
    elif damage == "in_use":
        (shelf.heads / "in_use.json").write_text("\0")
    else:
        whole = json.loads(path.read_text())
        whole["info"]["basis"] = "0" * 64
        path.write_text(json.dumps(whole))
    with caplog.at_level(logging.WARNING):
        heads.load(shelf, MODELS)
    assert head_beside_shipped(heads) is None
    assert len(caplog.records) == 1


@pytest.mark.parametrize("name", ["", " ", "a\0b", "x" * 41, "x" * 300, "a\u202eb", "a\nb", "\ud800", "a\u200bb"])
def test_names_that_cannot_be_shown_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        LABELS.validate_python([{"name": name, "emotion": "happy"}, {"name": "b", "emotion": "sad"}])


@pytest.mark.parametrize(("one", "other"), [("smirk", "smirk"), ("smirk", " SMIRK "), ("caf\u00e9", "cafe\u0301")])
def test_the_same_name_twice_is_refused(one: str, other: str) -> None:
    with pytest.raises(ValidationError, match="same name"):
        LABELS.validate_python([{"name": one, "emotion": "happy"}, {"name": other, "emotion": "sad"}])


def test_names_of_other_scripts_are_taken() -> None:
    names = ["\u05e9\u05dc\u05d5\u05dd", "\u7b11\u9854", "\u00c4rger"]
    labels = LABELS.validate_python([{"name": name, "emotion": "happy"} for name in names])
    assert [label.name for label in labels] == names


@given(st.text(max_size=60))
def test_any_name_is_taken_whole_or_refused(name: str) -> None:
    try:
        labels = LABELS.validate_python([{"name": name, "emotion": "happy"}, {"name": "\u00a7", "emotion": "sad"}])
    except ValidationError:
        return
    assert labels[0].name.isprintable()
    assert 1 <= len(labels[0].name) <= 40
