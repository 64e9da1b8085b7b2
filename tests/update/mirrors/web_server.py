"""A real web server on this computer, with every fault that one can have."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

RANGE: Final = re.compile(r"bytes=(\d+)-")


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    server: WebServer

    def do_GET(self) -> None:
        offset = self.headers.get("Range", "")
        self.server.asked.append(f"{self.path} {offset}".strip())
        self.server.headers.append(dict(self.headers))
        try:
            self.server.answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def send(self, content: bytes, status: int = 200, kind: str = "application/octet-stream", **headers: str) -> None:
        """Answer whole."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def send_file(self) -> None:
        """Answer as a good server does, with ranges."""
        content = self.server.served.get(self.path.lstrip("/"))
        if content is None:
            return self.send(b"gone", 404, "text/html")
        asked = RANGE.fullmatch(self.headers.get("Range", ""))
        if asked is None:
            return self.send(content)
        begin = int(asked[1])
        if begin >= len(content):
            return self.send(b"", 416, Content_Range=f"bytes */{len(content)}")
        where = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        return self.send(content[begin:], 206, Content_Range=where)

    def log_message(self, *details: object) -> None:
        pass


class WebServer(ThreadingHTTPServer):
    """Serves files from memory; `answer` is what it does with a request."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, served: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.served = served
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Callable[[Handler], None] = Handler.send_file
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def web_server(served: dict[str, bytes]) -> Iterator[WebServer]:
    """Run a server while the block runs."""
    with WebServer(served) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
