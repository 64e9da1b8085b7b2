"""Starts that were too short end in safe mode; long lives and wanted ends do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.daemon.health.starts import (
    FILE,
    MAX_SAFE_S,
    MAX_SHORT_LIVES,
    MIN_SAFE_S,
    CountedStart,
    counted_start,
)
from soundit_edge.errors import SounditError
from soundit_edge.signals import Ended


def crash(folder: Path, times: int = 1, why: str = "") -> None:
    """Begin so many lives that end without a word, or after `why`."""
    for _ in range(times):
        start = CountedStart(folder)
        if why:
            start.note(why)


def test_three_short_lives_end_in_safe_mode_which_says_why(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    last = CountedStart(tmp_path)
    assert last.safe_why == ""
    last.note("the camera's driver hangs")
    assert CountedStart(tmp_path).safe_why == (
        "safe mode, with music and page only: 3 starts in a row ended within 5 minutes. "
        "The latest: the camera's driver hangs"
    )


def test_a_life_that_ended_without_a_word_is_said_to_have_been_killed(tmp_path: Path) -> None:
    crash(tmp_path, 1, "an old reason")
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    assert "it was killed, or a library crashed" in CountedStart(tmp_path).safe_why


def test_what_ends_a_life_by_an_error_is_noted_and_raised(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    with pytest.raises(SounditError), counted_start(tmp_path):
        raise SounditError("there is no speaker Kitchen")
    assert "there is no speaker Kitchen" in CountedStart(tmp_path).safe_why


def test_a_life_that_was_long_enough_sets_the_count_back(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    CountedStart(tmp_path).note_healthy()
    crash(tmp_path, MAX_SHORT_LIVES)
    assert CountedStart(tmp_path).safe_why


@pytest.mark.parametrize("end", [None, KeyboardInterrupt(), Ended(15)])
def test_a_life_that_somebody_ended_is_no_short_one(tmp_path: Path, end: BaseException | None) -> None:
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    try:
        with counted_start(tmp_path) as start:
            assert not start.safe_why
            if end is not None:
                raise end
    except (KeyboardInterrupt, Ended):
        pass
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    assert not CountedStart(tmp_path).safe_why


def test_stopping_a_device_in_safe_mode_lets_it_start_as_usual(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES)
    with counted_start(tmp_path) as start:
        assert start.safe_why
    assert not CountedStart(tmp_path).safe_why


def test_safe_mode_that_crashes_itself_stays_safe_mode(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES, "it crashed")
    for _ in range(5):
        assert "it crashed" in CountedStart(tmp_path).safe_why


def test_the_power_cut_again_and_again_in_safe_mode_makes_the_wait_no_longer(tmp_path: Path) -> None:
    """Somebody who pulls the plug ten times waits for ten minutes, not for a day."""
    starts = [CountedStart(tmp_path) for _ in range(10)]
    assert [bool(start.safe_why) for start in starts] == [False] * 3 + [True] * 7
    assert {start.safe_s for start in starts[3:]} == {MIN_SAFE_S}


def test_after_its_time_one_ordinary_start_is_tried_and_safe_mode_lasts_longer_each_time(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES)
    waits = []
    for _ in range(12):
        with counted_start(tmp_path) as safe:
            assert safe.safe_why
            waits.append(safe.safe_s)
            safe.allow_retry()
        retry = CountedStart(tmp_path)
        assert retry.safe_why == ""
    assert waits[:3] == [MIN_SAFE_S, 2 * MIN_SAFE_S, 4 * MIN_SAFE_S]
    assert waits[-1] == MAX_SAFE_S


def test_a_retry_that_lives_long_ends_the_story(tmp_path: Path) -> None:
    crash(tmp_path, MAX_SHORT_LIVES)
    with counted_start(tmp_path) as safe:
        safe.allow_retry()
    CountedStart(tmp_path).note_healthy()
    crash(tmp_path, MAX_SHORT_LIVES)
    assert CountedStart(tmp_path).safe_s == MIN_SAFE_S


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"short": -1}', b'{"short": "many"}', b"\xff\xfe", b'{"why": 3}']
)
def test_a_damaged_count_begins_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert not CountedStart(tmp_path).safe_why
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    assert CountedStart(tmp_path).safe_why


def test_without_a_folder_nothing_is_counted_and_nothing_written(tmp_path: Path) -> None:
    for _ in range(2 * MAX_SHORT_LIVES):
        with counted_start(None) as start:
            start.note("why")
            assert not start.safe_why
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_nothing_does_not_keep_the_device_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "state"
    blocked.write_bytes(b"")
    with counted_start(blocked) as start:
        assert not start.safe_why
    assert "a crash loop would not be noticed" in caplog.text


def test_what_a_full_disk_did_not_take_is_written_with_the_next_word(tmp_path: Path) -> None:
    """A life that was long, and ended well, counted as a short one where the disk was full in its fifth minute."""
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    start = CountedStart(tmp_path)
    aside = tmp_path.rename(tmp_path.with_name("mended"))
    tmp_path.write_text("a file in the place of the folder")
    start.note_healthy()
    tmp_path.unlink()
    aside.rename(tmp_path)
    start.end_well()
    assert not CountedStart(tmp_path).safe_why


def test_the_count_is_on_the_disk_before_the_device_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    CountedStart(tmp_path)
    assert synced


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["crash", "healthy", "stop"]), max_size=12))
def test_safe_mode_comes_after_three_crashes_in_a_row_and_never_otherwise(
    tmp_path_factory: pytest.TempPathFactory, ends: list[str]
) -> None:
    folder, short = tmp_path_factory.mktemp("state"), 0
    for end in ends:
        start = CountedStart(folder)
        assert bool(start.safe_why) == (short >= MAX_SHORT_LIVES)
        short += 1
        if end == "healthy" and not start.safe_why:
            start.note_healthy()
            short = 0
        elif end == "stop":
            start.end_well()
            short = 0


def test_safe_mode_that_was_asked_for_lasts_until_the_device_is_started_again(tmp_path: Path) -> None:
    with counted_start(tmp_path) as start:
        assert start.ask_for(safe_mode=True)
    for _ in range(MAX_SHORT_LIVES + 1):  # also where the power fails
        asked = CountedStart(tmp_path)
        assert "because somebody asked for it" in asked.safe_why
        assert not asked.ends_by_itself
    with counted_start(tmp_path) as asked:
        assert asked.safe_why
    assert not CountedStart(tmp_path).safe_why


@pytest.mark.parametrize("crashed", [0, MAX_SHORT_LIVES])
def test_safe_mode_is_left_when_somebody_asks_for_that(tmp_path: Path, crashed: int) -> None:
    crash(tmp_path, crashed)
    start = CountedStart(tmp_path)
    if not crashed:
        start.ask_for(safe_mode=True)
    with counted_start(tmp_path) as safe:
        assert safe.safe_why
        assert safe.ask_for(safe_mode=False)
    crash(tmp_path, MAX_SHORT_LIVES - 1)
    assert not CountedStart(tmp_path).safe_why, "what was counted before is forgotten"


def test_what_cannot_be_remembered_is_not_promised(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    for folder in (None, blocked):
        assert not CountedStart(folder).ask_for(safe_mode=True)
