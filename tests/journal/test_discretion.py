"""Names of files never come through, whatever they are made of; reasons and the program's own paths do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge import paths
from soundit_edge.journal.discretion import NO_NAME, without_names

OWN = ("/var/lib/soundit-edge/state", "/usr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/ann/Our song.mp3: no such file", f"{NO_NAME}: no such file"),
        ("/m/Ann: the end: live.flac: cannot be decoded", f"{NO_NAME}: cannot be decoded"),
        ("the scan of /home/ann/music broke off", f"the scan of {NO_NAME}"),
        (
            "FileNotFoundError: [Errno 2] No such file: '/m/Bob.mp3'",
            f"FileNotFoundError: [Errno 2] No such file: '{NO_NAME}",
        ),
        ("file:///media/ann/stick/metadata: gone", f"file://{NO_NAME}: gone"),
        ("first\n/m/a b.mp3: second\nthird", f"first\n{NO_NAME}: second\nthird"),
        ("/usr/../home/ann/x.mp3: gone", f"{NO_NAME}: gone"),
        ("/usrx/ann.mp3: gone", f"{NO_NAME}: gone"),
        ("//home/ann/x.mp3: gone", f"{NO_NAME}: gone"),
    ],
)
def test_a_name_is_left_out(text: str, expected: str) -> None:
    assert without_names(text, OWN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "/var/lib/soundit-edge/state/starts.json: cannot be written (the disk is full)",
        'File "/usr/lib/python3.11/socket.py", line 12, in connect',
        "http://127.0.0.1:8347/ and https://music.example/a/b",
        "3/4 time at 60 °C, 5 km/h, and/or",
        "the speaker 'Kitchen' is back",
        "",
    ],
)
def test_what_names_no_file_of_the_users_stays(text: str) -> None:
    assert without_names(text, OWN) == text


def test_the_programs_own_folders_are_those_of_its_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (paths.settings_file(), paths.state_folder() / "sets", Path(paths.__file__)):
        assert without_names(f"{path}: cannot be read") == f"{path}: cannot be read"
    assert without_names("/somewhere/else: cannot be read") == f"{NO_NAME}: cannot be read"


NAMES = st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: len(name) > 3 and name.strip("./ ") == name and ": " not in name
)


@given(
    st.lists(NAMES, min_size=1, max_size=3), st.sampled_from(["{}", "{}: gone", "cannot read {}: gone", "'{}' is bad"])
)
def test_no_name_comes_through(parts: list[str], sentence: str) -> None:
    left = without_names(sentence.format("/music/" + "/".join(parts)), OWN)
    assert not any(part in left.replace(NO_NAME, "") for part in parts if part not in sentence)
