"""A mirror on a web server: any that serves files, with or without ranges."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from soundit_edge import __version__
from soundit_edge.update.failure import MirrorError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.deadline import DeadlinePassed, deadline
from soundit_edge.update.mirrors.mirror import MirrorAnswer, MirrorStatusError

_CHUNK: Final = 1 << 16
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class WebMirror:
    """Asks a web server. It is trusted with nothing: what it sends, how much, how fast, and where it sends us on."""

    def __init__(self, url: str, limits: UpdateLimits) -> None:
        """Prepare to ask a server; nothing is sent yet.

        Args:
            url: of the mirror's root, http or https.
            limits: how long an answer may take.
        """
        self.url = url.rstrip("/")
        self._limits = limits
        self._pool = _pool(self.url, limits)
        self._answer: urllib3.BaseHTTPResponse | None = None

    def read(self, path: str, offset: int = 0) -> MirrorAnswer:
        """Begin to read a file; see `Mirror.read`."""
        url, began = f"{self.url}/{quote(path, safe='/%')}", time.monotonic()
        self._end_answer()
        try:
            with deadline(self._limits.patience_s):
                answer = self._ask(url, offset)
        except DeadlinePassed:
            raise MirrorError(f"{url}: the mirror is too slow") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise MirrorError(f"{url}: the mirror cannot be reached ({_why(error)})") from error
        self._answer = answer
        return MirrorAnswer(_begin(answer, url, offset), self._chunks(answer, url, began))

    def close(self) -> None:
        """End the connections that wait for the next file."""
        self._end_answer()
        self._pool.connection_from_url(self.url).close()

    def _end_answer(self) -> None:
        """Close an answer that nobody has read to its end."""
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def _ask(self, url: str, offset: int) -> urllib3.BaseHTTPResponse:
        """Return the answer to a request, after at most so many redirects, none of which leads to another server."""
        asked = url
        for _ in range(self._limits.max_redirects + 1):
            # A compressed answer could be a thousand times as large as what is sent: none is asked for.
            headers = {"User-Agent": f"soundit-edge/{__version__}", "Accept-Encoding": "identity"}
            if offset:
                headers["Range"] = f"bytes={offset}-"
            answer = self._pool.request(
                "GET",
                asked,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            place = answer.headers.get("Location")
            if not (300 <= answer.status < 400 and place):
                return answer
            answer.close()
            asked = urljoin(asked, place)
            if urlsplit(asked)[:2] != urlsplit(url)[:2]:
                raise MirrorError(f"{url}: the mirror sends us to another server; enter that one as a mirror")
        raise MirrorError(f"{url}: the mirror sends us from one address to the next")

    def _chunks(self, answer: urllib3.BaseHTTPResponse, url: str, began: float) -> Iterator[bytes]:
        received = 0
        try:
            while True:
                allowed = self._limits.patience_s + received / self._limits.min_rate
                with deadline(began + allowed - time.monotonic()):
                    chunk = answer.read1(_CHUNK, decode_content=False)
                if not chunk:
                    answer.release_conn()  # whole: the next file comes over the same connection
                    return
                received += len(chunk)
                yield chunk
        except DeadlinePassed:
            raise MirrorError(f"{url}: the mirror is too slow") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise MirrorError(f"{url}: the mirror has stopped sending ({_why(error)})") from error


def _pool(url: str, limits: UpdateLimits) -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=limits.connect_s, read=limits.silence_s)
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if proxy is None or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(timeout=timeout)
    return urllib3.ProxyManager(proxy, timeout=timeout)


def _begin(answer: urllib3.BaseHTTPResponse, url: str, offset: int) -> int:
    """Return where in the file an answer begins.

    Raises:
        MirrorError: it is no part of the file.
    """
    if answer.status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise MirrorStatusError(url, answer.status)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        raise MirrorError(f"{url}: a web page comes in place of the file; does this network want you to sign in?")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise MirrorError(f"{url}: the mirror compresses what it sends, which nobody asked for")
    if answer.status == HTTPStatus.OK:
        return 0
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if found is None or int(found[1]) != offset:
        raise MirrorError(f"{url}: the mirror sends another part of the file")
    return offset


def _why(error: Exception) -> str:
    match error:
        case urllib3.exceptions.NameResolutionError():
            return "its name is unknown"
        case urllib3.exceptions.SSLError():
            return "its certificate is not valid, or this device's clock is wrong"
        case urllib3.exceptions.NewConnectionError():
            return "no connection"
        case urllib3.exceptions.ConnectTimeoutError():
            return "no answer"
        case urllib3.exceptions.ReadTimeoutError():
            return "it is silent"
    return type(error).__name__
