"""The files of the page: few and fixed, and held in memory by name, so there is no path that a request could climb."""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Final

from fastapi import HTTPException, Request, Response

from soundit_edge.page import vocabulary
from soundit_edge.page.route import Route

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}

_SCENES: Final = "scenes/"
_SCENE_NAMES: Final = "kiosk/scenes.js"
"""A module that is made here, so that a new scene is one file and no more."""

_QUALITY: Final = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file of the page, as it is sent.

    Attributes:
        content: what it holds.
        compressed: the same by gzip; None where that is not smaller.
        media_type: of the content.
        tag: names this content and no other (RFC 9110, 8.8.3), without its quotes.
    """

    content: bytes
    compressed: bytes | None
    media_type: str
    tag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> StaticFile:
        """Return the file of this name and content."""
        compressed = gzip.compress(content, 9, mtime=0)
        return cls(
            content=content,
            compressed=compressed if len(compressed) < len(content) else None,
            media_type=_TYPES[PurePath(name).suffix],
            tag=hashlib.sha256(content).hexdigest()[:20],
        )

    def answer(self, accepted: str, known: str) -> Response:
        """Return the file, or that the client has it already (304).

        Args:
            accepted: the request's Accept-Encoding.
            known: the request's If-None-Match.
        """
        small = self.compressed is not None and _takes_gzip(accepted)
        # A strong tag names the bytes that are sent, so each encoding has its own (RFC 9110, 8.8.3.3).
        tag = f'"{self.tag}-gzip"' if small else f'"{self.tag}"'
        headers = {"cache-control": "no-cache", "etag": tag, "vary": "Accept-Encoding"}
        if any(one.strip().removeprefix("W/") in (tag, "*") for one in known.split(",")):
            return Response(status_code=304, headers=headers)
        if small:
            headers["content-encoding"] = "gzip"
        return Response(self.compressed if small else self.content, media_type=self.media_type, headers=headers)


def page_files() -> Mapping[str, bytes]:
    """Return the content of every file of the page by its name under /static, such as "views/play.js"."""
    found = dict(_walk(resources.files("soundit_edge.page") / "static", ""))
    return {**found, vocabulary.MODULE_NAME: vocabulary.module(), _SCENE_NAMES: _scene_names(found)}


@functools.cache
def routes() -> list[Route]:
    """Return the routes of the files: everybody may read them, for they are the same in every device."""
    files = {name: StaticFile.of(name, content) for name, content in page_files().items()}

    def file(name: str, request: Request) -> Response:
        if name not in files:
            raise HTTPException(404)
        headers = request.headers
        return files[name].answer(headers.get("accept-encoding", ""), headers.get("if-none-match", ""))

    async def page(request: Request) -> Response:
        """Return the page."""
        return file("index.html", request)

    async def kiosk(request: Request) -> Response:
        """Return the picture for a wall."""
        return file("kiosk.html", request)

    async def asset(name: str, request: Request) -> Response:
        """Return a file of the page."""
        return file(name, request)

    async def icon(request: Request) -> Response:
        """Return the page's icon."""
        return file("icon.svg", request)

    return [
        Route("GET", "/", None, page),
        Route("GET", "/kiosk", None, kiosk),
        Route("GET", "/static/{name:path}", None, asset),
        Route("GET", "/favicon.ico", None, icon),
    ]


def _scene_names(names: Iterable[str]) -> bytes:
    """Return the source of a module that exports the names of the kiosk's scenes as SCENES."""
    scenes = sorted(PurePath(name).stem for name in names if name.startswith(_SCENES))
    return f"export const SCENES = {json.dumps(scenes)};\n".encode()


def _takes_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding allows gzip (RFC 9110, 12.5.3)."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, _, weight = (word.strip() for word in part.partition(";"))
        quality = _QUALITY.fullmatch(weight or "q=1")
        weights[coding] = float(quality[1]) if quality else 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _walk(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = above + entry.name
        if entry.is_dir():
            yield from _walk(entry, f"{name}/")
        elif PurePath(name).suffix in _TYPES:
            yield name, entry.read_bytes()
