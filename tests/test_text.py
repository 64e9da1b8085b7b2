"""Words for people."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.text import did_you_mean, folded, known_names, presentable, reason, refusal


@given(st.text(st.characters(codec=None, categories=None)))
def test_a_presentable_name_is_one_line_that_can_be_encoded_and_printed(name: str) -> None:
    shown = presentable(name)
    shown.encode()
    assert shown.isprintable() or not shown


@given(st.binary().map(lambda name: name.replace(b"\0", b"")))
def test_a_name_of_any_bytes_is_presentable(name: bytes) -> None:
    presentable(name.decode("utf-8", "surrogateescape")).encode()


def test_a_presentable_name_stays_as_it_is_where_it_can() -> None:
    assert presentable("Señorita – 東京 🎵.flac") == "Señorita – 東京 🎵.flac"
    assert presentable("caf\udce9\n.mpg") == "caf\ufffd .mpg"
    assert presentable("\udcc3\udca9.mpg") == "é.mpg"  # under LANG=C


def test_a_full_disk_is_called_one_and_the_rest_as_the_system_calls_it() -> None:
    assert reason(OSError(errno.ENOSPC, "No space left on device")) == "the disk is full"
    assert reason(PermissionError(errno.EACCES, "Permission denied")) == "Permission denied"
    assert reason(OSError("no number")) == "no number"
    assert reason(OSError()) == "OSError"


@pytest.mark.parametrize(
    ("name", "words"), [("a", "a: why"), (b"caf\xe9", "caf\udce9: why"), (3, "why"), (None, "why")]
)
def test_a_refusal_names_the_file_where_there_is_one(name: object, words: str) -> None:
    assert refusal(OSError(errno.EIO, "why", name)) == words


def test_where_no_word_is_near_all_are_named() -> None:
    assert known_names("hapy", ["happy", "sad"]) == "; did you mean 'happy'?"
    assert known_names("xyzzy", ["happy", "sad"]) == "; known are happy, sad"
    assert known_names("xyzzy", []) == "; known are none"


def test_the_nearest_word_is_suggested() -> None:
    assert did_you_mean("hapy", ["happy", "sad"]) == "; did you mean 'happy'?"
    assert did_you_mean("xyzzy", ["happy", "sad"]) == ""


@pytest.mark.parametrize(
    ("text", "due"),
    [("Beyoncé", "beyonce"), ("ÅNGSTRÖM", "angstrom"), ("Straße", "strasse"), ("50 %_", "50 %_"), ("", "")],
)
def test_text_is_compared_without_case_and_accents(text: str, due: str) -> None:
    assert folded(text) == folded(text.upper()) == due
