"""The scan in a process of its own: it finds songs, tells how far it is, and ends when it is broken off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from soundit_edge.errors import SounditError
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.folders import folders_of
from soundit_edge.music.library.lock import only_scan
from soundit_edge.page.library.scan_process import scanned
from tests.music.library.songs import a_file, song
from tests.waiting import until


async def test_songs_are_found_and_those_of_a_folder_that_is_away_are_missing(tmp_path: Path) -> None:
    music, away = tmp_path / "music", tmp_path / "stick"
    a_file(music / "one.flac", "One", album="First")
    with Library.open() as library:
        library.put(song(path=str(away / "two.flac"), title="Two"))
    seen: list[tuple[float | None, str]] = []
    report = await scanned([music, away], lambda share, name: seen.append((share, name)))
    assert (report.new, report.missing, report.skipped) == (1, 1, [])
    assert seen == [(0.0, ""), (1.0, "one.flac")]
    with Library.open() as library:
        assert [(one.title, one.album) for one in library.songs()] == [("One", "First")]
        assert [folder.path for folder in folders_of(library)] == [str(music)]


async def test_a_scan_is_broken_off_in_the_middle(tmp_path: Path) -> None:
    music = tmp_path / "music"
    for k in range(40):
        a_file(music / f"{k}.flac", hz=200.0 + k)
    seen: list[float | None] = []
    task = asyncio.create_task(scanned([music], lambda share, name: seen.append(share)))
    await until(lambda: seen)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen[-1] != 1.0
    # It has let go of the library; the watch over what tests leave behind sees that no process goes on.
    await until(lambda: _is_free(tmp_path / "library.db"))


def _is_free(library: Path) -> bool:
    try:
        with only_scan(library):
            return True
    except SounditError:
        return False
