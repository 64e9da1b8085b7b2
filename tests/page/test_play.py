"""The view "Play" in a real browser: from an empty library to a song of one's own, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Position, expect

from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import NotNow
from soundit_edge.music.library.database import Library
from soundit_edge.page.library.librarian import Librarian
from soundit_edge.page.library.places import Places
from soundit_edge.page.routes import library
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.fakes.songs import many_songs
from tests.music.library.songs import a_file
from tests.page.conftest import OpenPage
from tests.page.test_access import fits

pytestmark = pytest.mark.browser


@pytest.fixture
def played() -> list[int]:
    """The songs that were asked for, in order."""
    return []


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Music"
    a_file(folder / "Jazz" / "blue.flac", "Blue", "Ann", hz=220.0)
    a_file(folder / "Jazz" / "green.flac", "Green", "Ann", hz=440.0)
    (folder / "Jazz" / "broken.mp3").write_bytes(b"no sound")
    return folder


class Jukebox(FakeControl):
    """A device that plays one song, and is loading it for ever."""

    def __init__(self, played: list[int]) -> None:
        super().__init__()
        self._played = played

    async def play_song(self, number: int, by: Actor) -> None:
        if self._played:
            raise NotNow("The song is still loading.")
        self._played.append(number)


@pytest.fixture
def device(music: Path, played: list[int]) -> Iterator[PageThread]:
    control = Jukebox(played)
    librarian = Librarian(places=Places(lambda: music, list))
    with PageThread(control, library.routes(control, librarian)) as device:
        yield device


def view(open_page: OpenPage, width: int = 1440, height: int = 900) -> Page:
    page = open_page(width, height)
    page.get_by_role("link", name="Play").click()
    expect(page.get_by_role("heading", name="First light")).to_be_visible()
    return page


def test_from_a_folder_to_a_song_with_its_mood_corrected(
    open_page: OpenPage, played: list[int], complaints: list[str]
) -> None:
    page = view(open_page)
    expect(page.get_by_text("add a folder or a USB stick, and the songs")).to_be_visible()
    page.get_by_role("button", name="Add a folder or a USB stick").click()
    page.get_by_role("button", name="Music").click()
    page.get_by_role("button", name="Jazz").click()
    page.get_by_role("button", name="Add “Jazz”").click()
    expect(page.get_by_role("progressbar", name="How far the scan is")).to_be_visible()
    expect(page.get_by_text("The scan is done. Songs: 2; new: 2; gone: 0.")).to_be_visible()
    page.get_by_text("1 file is no song").click()
    expect(page.get_by_text("broken.mp3")).to_be_visible()

    # The map shows both, and a click on one plays it.
    chart = page.get_by_role("img", name="2 songs on the plane")
    blue = page.get_by_role("button", name="Blue Ann")
    blue.focus()
    expect(page.locator(".map-title")).to_have_text("Blue")
    with page.expect_response("**/api/play/song"):
        chart.click(position=_place_of(page, "Blue"))
    assert len(played) == 1
    with Library.open(write=False) as opened:
        assert (song := opened.song(played[0])) is not None
    assert song.title == "Blue"
    with page.expect_response("**/api/play/song"):
        page.get_by_role("button", name="Green Ann").click()
    expect(page.get_by_role("alert").filter(has_text="still loading")).to_be_visible()
    complaints.clear()  # the browser notes an answer of 409

    page.get_by_role("searchbox", name="Search the library").fill("GRÉEN")
    expect(page.get_by_text("1 song", exact=True)).to_be_visible()
    expect(blue).to_have_count(0)
    page.get_by_role("searchbox", name="Search the library").fill("")

    page.get_by_role("button", name="About Blue").click()
    sheet = page.get_by_role("dialog", name="Blue")
    sheet.get_by_role("combobox", name="It feels").select_option("sad")
    expect(sheet.get_by_text("You corrected this by hand.")).to_be_visible()
    sheet.get_by_role("button", name="Like", exact=True).click()
    expect(sheet.get_by_role("button", name="Like", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.get_by_role("combobox", name="Mood").select_option("sad")
    expect(blue).to_be_visible()

    page.get_by_text("History", exact=True).click()
    expect(page.get_by_text("liked · happy")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    assert "Blue" in download.value.path().read_text()
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("button", name="Erase all of it, and what was learnt of your taste?").click()
    expect(page.get_by_text("What was heard is erased (entries: 1), and what was learnt")).to_be_visible()


def _place_of(page: Page, title: str) -> Position:
    """Where a song lies on the map, in pixels of it."""
    with Library.open(write=False) as opened:
        song = next(song for song in opened.songs() if song.title == title)
    size: float = page.locator(".map").evaluate("map => map.clientWidth")
    unit = size / (2 * 1.32)
    return Position(x=(1.32 + song.valence) * unit, y=(1.32 - song.arousal) * unit)


def test_a_large_library_fits_a_small_phone_and_goes_by_keyboard(open_page: OpenPage, played: list[int]) -> None:
    with Library.open() as opened, opened.transaction():
        for song in many_songs(300):
            opened.put(song)
    page = view(open_page, 320, 640)
    expect(page.get_by_text("300 songs", exact=True)).to_be_visible()
    rows = page.locator(".songs li")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show more").press("Enter")
    expect(rows).to_have_count(100)
    assert fits(page)
    chart = page.locator(".map")
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map-title")).not_to_be_empty()
    with page.expect_response("**/api/play/song"):
        page.keyboard.press("Enter")
    assert len(played) == 1
