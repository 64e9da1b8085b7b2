"""The pictures of songs on the page: by number only, read once, and told not to be sniffed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from soundit_edge.daemon.music import pictures
from soundit_edge.daemon.music.pictures import KEPT, SongPictures
from soundit_edge.media.tags.picture import Picture
from soundit_edge.music.library.database import Library
from soundit_edge.page.app import create_app
from soundit_edge.page.routes import art
from tests.fakes.control import FakeControl
from tests.fakes.songs import song
from tests.media.tags.containers import mp3
from tests.media.tags.test_picture import PNG, apic


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A library whose first song has a picture, whose second has none, and whose third has lost its file."""
    files = [mp3(tmp_path / "a.mp3", apic(PNG, b"image/png")), mp3(tmp_path / "b.mp3"), tmp_path / "c.mp3"]
    with Library.open() as library:
        for file in files:
            library.put(song(0, path=str(file)))
    transport = httpx.ASGITransport(create_app(FakeControl(), art.routes(SongPictures().of)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_a_picture_is_sent_as_what_it_is(page: httpx.AsyncClient) -> None:
    answer = await page.get("/api/art/1")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("number", ["2", "3", "4", str(2**63 - 1)])
async def test_where_there_is_none_a_sentence_says_so(page: httpx.AsyncClient, number: str) -> None:
    answer = await page.get(f"/api/art/{number}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "This song has no picture."})


@pytest.mark.parametrize("number", ["0", "-1", "a.mp3", "1.5", str(2**63), "9" * 400, "%2e%2e", "1%00"])
async def test_what_is_no_number_is_refused(page: httpx.AsyncClient, number: str) -> None:
    assert (await page.get(f"/api/art/{number}")).status_code == 422


@pytest.mark.parametrize("path", ["../../etc/passwd", "1/2", "..%2f..%2fetc%2fpasswd"])
async def test_no_path_leads_anywhere(page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(f"/api/art/{path}")).status_code in (404, 422)


async def test_a_picture_that_many_ask_for_is_read_once_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def reading(number: int) -> Picture:
        read.append(number)
        return Picture("image/png", b"%d" % number)

    monkeypatch.setattr(pictures, "_read", reading)
    songs = SongPictures()
    assert {picture.content for picture in await asyncio.gather(*[songs.of(1)] * 50) if picture} == {b"1"}
    assert read == [1]
    for number in range(2, 2 + KEPT):
        await songs.of(number)
        await songs.of(1)  # what is looked at stays
    await songs.of(2)
    assert read == [1, *range(2, 2 + KEPT), 2]
