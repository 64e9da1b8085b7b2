"""The files of the page: few and fixed, and held in memory by name, so there is no path that a request could climb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Final

from fastapi import HTTPException, Response

from soundit_edge.page import vocabulary
from soundit_edge.page.route import Route

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


def page_files() -> Mapping[str, bytes]:
    """Return the content of every file of the page by its name under /static, such as "views/play.js"."""
    found = dict(_walk(resources.files("soundit_edge.page") / "static", ""))
    return {**found, vocabulary.MODULE_NAME: vocabulary.module()}


def routes() -> list[Route]:
    """Return the routes of the files: everybody may read them, for they are the same in every device."""
    files = page_files()

    def file(name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return Response(files[name], media_type=_TYPES[PurePath(name).suffix], headers={"cache-control": "no-cache"})

    async def page() -> Response:
        """Return the page."""
        return file("index.html")

    async def asset(name: str) -> Response:
        """Return a file of the page."""
        return file(name)

    async def icon() -> Response:
        """Return the page's icon."""
        return file("icon.svg")

    return [
        Route("GET", "/", None, page),
        Route("GET", "/static/{name:path}", None, asset),
        Route("GET", "/favicon.ico", None, icon),
    ]


def _walk(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = above + entry.name
        if entry.is_dir():
            yield from _walk(entry, f"{name}/")
        elif PurePath(name).suffix in _TYPES:
            yield name, entry.read_bytes()
