# ruff: noqa: E501 - what was and what becomes of it are compared side by side
"""One value of a TOML document is changed, and everything else stays as it was written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.formats.toml_edit import KeyPath, Value, edited

VOLUME: KeyPath = ("music", "volume")
POLICY: KeyPath = ("music", "policy")
TEMPO: KeyPath = ("music", "lock", "tempo")
WAH: KeyPath = ("music", "lock", "wah")


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("", {VOLUME: 0.5}, "[music]\nvolume = 0.5\n"),
        ("# mine\n", {TEMPO: 1.5}, "# mine\n\n[music.lock]\ntempo = 1.5\n"),
        ("[music]\nvolume = 0.7  # loud\n", {VOLUME: 0.5}, "[music]\nvolume = 0.5  # loud\n"),
        ("[music]\n  volume=0.7#x\n", {VOLUME: 0.5}, "[music]\n  volume=0.5#x\n"),
        ("[music]\nvolume = 0.70 # as it was\n", {VOLUME: 0.7}, "[music]\nvolume = 0.70 # as it was\n"),
        ("[music]\r\nvolume = 0.7\r\n", {VOLUME: 0.5, POLICY: "lift"}, '[music]\r\nvolume = 0.5\r\npolicy = "lift"\r\n'),
        ("[music]\nseed = 3\n\n# the page\n[page]\nport = 1\n", {VOLUME: 0.5}, "[music]\nseed = 3\nvolume = 0.5\n\n# the page\n[page]\nport = 1\n"),
        ("[music]\n\n[page]\n", {VOLUME: 0.5}, "[music]\nvolume = 0.5\n\n[page]\n"),
        ("[page]\nport = 1", {VOLUME: 0.5}, "[page]\nport = 1\n\n[music]\nvolume = 0.5\n"),
        ("music.seed = 3\n[page]\n", {VOLUME: 0.5}, "music.seed = 3\nmusic.volume = 0.5\n[page]\n"),
        ("music = { volume = 0.7, seed = 3 } # x\n", {VOLUME: 0.5}, "music = { volume = 0.5, seed = 3 } # x\n"),
        ("[music]\nlock = {tempo = 1.5}\n", {WAH: 0.5}, "[music]\nlock = { tempo = 1.5, wah = 0.5 }\n"),
        ("[music]\nlock = {tempo = 1.5}\n", {TEMPO: None}, "[music]\nlock = {}\n"),
        ("[music]\nlock.tempo = 1.5\n", {WAH: 0.5}, "[music]\nlock.tempo = 1.5\nlock.wah = 0.5\n"),
        ("[music]\nlock.tempo = 1.5\nseed = 1\n", {TEMPO: None}, "[music]\nseed = 1\n"),
        ("[music.lock]\ntempo = 1.5 # slow\nwah = 1\n", {TEMPO: None}, "[music.lock]\nwah = 1\n"),
        ("[music.lock]\n[music]\n", {TEMPO: 1.5}, "[music.lock]\ntempo = 1.5\n[music]\n"),
        ("[music]\nseed = 1\n", {TEMPO: None}, "[music]\nseed = 1\n"),
        ('[music]\ntrack = """\n[music.lock]\nvolume = 1\n"""\n', {VOLUME: 0.5}, '[music]\ntrack = """\n[music.lock]\nvolume = 1\n"""\nvolume = 0.5\n'),
        ('[music]\npolicy = """follow""" # why\n', {POLICY: "calm"}, '[music]\npolicy = "calm" # why\n'),
        ("[music]\npolicy = '''\nfollow''' # why\n", {POLICY: "calm"}, '[music]\npolicy = "calm" # why\n'),
        ('[music]\ntrack = "a # b = c" # d\n', {("music", "track"): "x"}, '[music]\ntrack = "x" # d\n'),
        ('["music"]\n"volume" = 0.7\n', {VOLUME: 0.5}, '["music"]\n"volume" = 0.5\n'),
        ('[music]\n"a = # b" = 1\nvolume = 1\n', {VOLUME: 0.5}, '[music]\n"a = # b" = 1\nvolume = 0.5\n'),
        ("[[song]]\nvolume = 1\n[[song]]\nvolume = 2\n", {VOLUME: 0.5}, "[[song]]\nvolume = 1\n[[song]]\nvolume = 2\n\n[music]\nvolume = 0.5\n"),
        ("list = [\n  1, # one\n  2,\n]\n[music]\nvolume = 1\n", {VOLUME: 0.5}, "list = [\n  1, # one\n  2,\n]\n[music]\nvolume = 0.5\n"),
    ],
)  # fmt: skip
def test_a_value_is_changed_where_it_stands(before: str, changes: dict[KeyPath, Value | None], after: str) -> None:
    assert edited(before, changes) == after


@pytest.mark.parametrize("text", ["music = 3\n", "[[music]]\nvolume = 1\n", "[music]\nlock = 3\n"])
def test_a_key_in_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no table"):
        edited(text, {TEMPO: 1.0})


@pytest.mark.parametrize("text", ["[music\n", "a = 1\na = 2\n", 'x = """\n'])
def test_a_document_that_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        edited(text, {VOLUME: 0.5})


lines = st.sampled_from(
    [
        "# a comment = 1",
        "",
        "[music]",
        "[music.lock]",
        "[page]",
        "[[song]]",
        "volume = 0.25 # mine",
        "tempo = 1.5",
        "lock.wah = 0.5",
        "lock = {wah = 0.5}",
        "music.volume = 1",
        "music.lock.tempo = 1",
        'music = {volume = 0.1, lock = {tempo = 2}, policy = "lift"}',
        'title = """\nvolume = 1\n[music]"""',
        "list = [ # x\n1,\n]",
        "port = 8347",
    ]
)
keys = st.sampled_from([VOLUME, POLICY, TEMPO, WAH])
values = st.none() | st.floats(0.0, 1.0) | st.sampled_from(["lift", 'quoted "x" \\', "line\nbreak", "é\u2028"])


def at(content: Any, path: KeyPath) -> Any:
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return content


@given(st.lists(lines, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans(), keys, values)
def test_whatever_the_document_only_the_value_changes(
    parts: list[str], line_end: str, ended: bool, path: KeyPath, value: Value | None
) -> None:
    text = "\n".join(parts).replace("\n", line_end) + (line_end if ended else "")
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    after_text = edited(text, {path: value})
    after = tomllib.loads(after_text)
    assert at(after, path) == value
    for other in {VOLUME, POLICY, TEMPO, WAH, ("page",), ("song",), ("title",), ("list",)} - {path}:
        assert at(after, other) == at(before, other)
    for line in parts:
        if line.startswith("#"):
            assert line in after_text
