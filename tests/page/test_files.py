"""How the page's files are sent: small, once, and with the first screen's scripts asked for at once."""

from __future__ import annotations

import gzip
import json
import re
import struct
from collections.abc import AsyncIterator
from pathlib import PurePosixPath

import httpx
import pytest
import pytest_asyncio

from soundit_edge.page.app import create_app
from soundit_edge.page.routes.files import page_files
from tests.fakes.control import FakeControl

IMPORT = re.compile(r'^import [^;]*?"(\.[^"]+)";', re.MULTILINE)


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(FakeControl()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("accepted", "small"),
    [
        ("gzip, deflate, br", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0.5", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*;q=0", False),
        ("gzip;q=nonsense", False),
    ],
)
async def test_a_file_is_sent_small_to_who_takes_it(client: httpx.AsyncClient, accepted: str, small: bool) -> None:
    answer = await client.get("/static/page.js", headers={"accept-encoding": accepted})
    assert (answer.headers.get("content-encoding") == "gzip") is small
    assert answer.content == page_files()["page.js"]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < 0.6 * len(answer.content) if small else True


async def test_a_picture_is_not_compressed_twice(client: httpx.AsyncClient) -> None:
    for name, content in page_files().items():
        answer = await client.get(f"/static/{name}")
        smaller = len(gzip.compress(content, 9)) < len(content)
        assert (answer.headers.get("content-encoding") == "gzip") is smaller, name


async def test_what_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/static/page.js")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await client.get("/static/page.js", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for known in ('"other"', tag.strip('"'), ""):
        assert (await client.get("/static/page.js", headers={"if-none-match": known})).status_code == 200


async def test_a_tag_names_the_bytes_that_are_sent(client: httpx.AsyncClient) -> None:
    """A cache that took the compressed file for the plain one would hand out nonsense."""
    asked = [("/static/page.js", "gzip"), ("/static/page.js", ""), ("/static/plane.js", "gzip")]
    tags = {(await client.get(path, headers={"accept-encoding": coding})).headers["etag"] for path, coding in asked}
    assert len(tags) == 3


async def test_the_page_can_be_installed(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    link = re.search(r'rel="manifest" href="([^"]+)"', page)
    assert link is not None
    answer = await client.get(link[1])
    assert answer.headers["content-type"] == "application/manifest+json"
    assert "manifest-src 'self'" in answer.headers["content-security-policy"]
    manifest = json.loads(answer.text)
    assert {"name", "short_name", "start_url", "scope", "display", "theme_color", "background_color"} <= set(manifest)
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert touch is not None
    icons = [(icon["src"], icon["sizes"]) for icon in manifest["icons"] if icon["type"] == "image/png"]
    assert {size for _, size in icons} >= {"192x192", "512x512"}
    for path, size in [*icons, (touch[1], "180x180")]:
        picture = (await client.get(path)).content
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert "{}x{}".format(*struct.unpack(">II", picture[16:24])) == size, path


def test_the_scripts_of_the_first_screen_are_asked_for_at_once() -> None:
    """Otherwise a browser learns of each one from the one that needs it, and the first screen waits for all in turn."""
    files = page_files()
    todo, needed = ["page.js"], set()
    while todo:
        name = todo.pop()
        if name in needed:
            continue
        needed.add(name)
        todo += [_beside(name, found) for found in IMPORT.findall(files[name].decode())]
    page = files["index.html"].decode()
    loaded = set(re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', page))
    missing = "".join(f'\n<link rel="modulepreload" href="/static/{name}">' for name in sorted(needed - loaded))
    assert missing == "", f"index.html lacks:{missing}"
    assert loaded - needed == set()


def _beside(name: str, found: str) -> str:
    """Return the name of the file that a script at `name` imports as `found`."""
    parts = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(found).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
