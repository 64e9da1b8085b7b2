"""The notice for a public place: readable by anybody, in their language, and true."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape

import cv2
import httpx
import numpy as np
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.modalities import MODALITIES
from soundit_edge.page.route import add_routes
from soundit_edge.page.routes.notice import LAW, language_of, notice_page, routes
from soundit_edge.settings import PrivacySettings, SensesSettings, Settings

ADDRESS = "http://soundit-ab12.local:8347/notice"


class Place:
    def __init__(self) -> None:
        self.settings = Settings()


@pytest.fixture
def place() -> Place:
    return Place()


@pytest_asyncio.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_routes(app, routes(lambda: place.settings))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=ADDRESS.removesuffix("/notice")
    ) as client:
        yield client


def read_code(page: str) -> str:
    """What a camera reads in the page's QR code: its modules are the path's runs, drawn here as a picture."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \d+"', page)[0])
    picture = np.full((size, size), 255, np.uint8)
    x = y = 0.0
    for command, first, second in re.findall(
        r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", re.findall(r' d="([^"]+)"', page)[0]
    ):
        if command == "h":
            picture[int(y), int(x) : int(x + float(first))] = 0
            x += float(first)
        elif command == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second or 0)
    large = cv2.resize(picture, None, fx=10, fy=10, interpolation=cv2.INTER_NEAREST)
    return cv2.QRCodeDetector().detectAndDecode(large)[0]


async def test_it_says_what_is_read_and_kept_the_law_and_where_to_read_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/notice")
    page = unescape(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Emotion recognition is in use here" in page
    assert LAW in page
    for row in MODALITIES.values():
        assert f"<li>{row.reads}</li>" in page
    assert "No picture and no sound is stored" in page
    assert "<script" not in page
    assert " style=" not in page, "the page's policy forbids it"
    assert read_code(page) == ADDRESS
    assert ADDRESS in page


async def test_it_says_only_what_is_so(client: httpx.AsyncClient, place: Place) -> None:
    place.settings = Settings(
        senses=SensesSettings(face=False, lips=False),
        privacy=PrivacySettings(public_place=True, contact="Ask <Anna> & Ben, room 3"),
    )
    page = (await client.get("/notice")).text
    assert "expressions of faces" not in page
    assert "how voices sound" in page
    assert "Nothing about individuals is kept." in page
    assert "Ask &lt;Anna&gt; &amp; Ben, room 3" in page


@pytest.mark.parametrize("host", ["localhost:8347", "127.0.0.1:8347", "[::1]:8347"])
async def test_nobody_is_sent_to_their_own_computer(client: httpx.AsyncClient, host: str) -> None:
    page = (await client.get(f"http://{host}/notice")).text
    assert "<svg" not in page
    assert "127.0.0.1" not in page


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", "", "en"),
        ("de", "", "de"),
        ("xx", "de", "de"),
        ("en", "de", "en"),
        ("", "fr-CH, de;q=0.8, en;q=0.5", "de"),
        ("", "de;q=0.2, en;q=0.9", "en"),
        ("", "de;q=0", "en"),
        ("", "de;q=nonsense", "en"),
        ("../../etc/passwd", "*", "en"),
    ],
)
def test_it_speaks_the_readers_language(asked: str, accepted: str, language: str) -> None:
    assert language_of(asked, accepted, ("en", "de")) == language


@settings(max_examples=30)
@given(st.text("de-./", max_size=5), st.text("deqfr;=,.-*0195 \x00\u00e9", max_size=60))
def test_any_request_for_a_language_gets_one(asked: str, accepted: str) -> None:
    assert language_of(asked, accepted, ("en", "de")) in ("en", "de")


async def test_the_page_is_in_the_language_that_it_names(client: httpx.AsyncClient) -> None:
    assert '<html lang="de"' in (await client.get("/notice?language=de")).text
    table = {"What is kept": "Was bleibt <nichts>"}
    assert "Was bleibt &lt;nichts&gt;" in notice_page(Settings(), "de", table, "")
