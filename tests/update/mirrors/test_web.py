"""What a web server can do to an update, with real connections."""

from __future__ import annotations

import gzip
import hashlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from soundit_edge.update.failure import MirrorError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.messages import UpdateResult
from soundit_edge.update.mirrors.mirror import MirrorStatusError
from soundit_edge.update.mirrors.open_mirror import open_mirror
from soundit_edge.update.mirrors.web import WebMirror
from tests.update.made_sets import make_set
from tests.update.mirrors.web_server import Handler, WebServer, web_server
from tests.update.receiver import Receiver
from tests.update.repository import Repository

QUICK = UpdateLimits(spare=0, connect_s=2.0, silence_s=0.3, patience_s=0.4, min_rate=20_000.0)
MADE = make_set(1, card=bytes(range(256)) * 1200)
CARD = f"/targets/files/{hashlib.sha256(MADE.files['body_motion.md']).hexdigest()}"


@pytest.fixture
def server(repository: Repository) -> Iterator[WebServer]:
    repository.offer(MADE)
    with web_server(repository.served) as server:
        yield server


@pytest.fixture
def online(device: Receiver, server: WebServer) -> Receiver:
    """The device, with the real server for its mirror."""
    device.urls = (server.url,)
    device.mirrors.open = open_mirror  # type: ignore[method-assign, assignment]
    return device


def is_card(handler: Handler) -> bool:
    return handler.path.startswith(CARD)


def failed(result: UpdateResult, *words: str) -> None:
    assert result.ended == "failed"
    assert "\n" not in result.why
    for word in words:
        assert word in result.why


def test_an_update_over_http(online: Receiver, server: WebServer) -> None:
    assert online.update().set_id == MADE.set_id
    assert all(headers["Accept-Encoding"] == "identity" for headers in server.headers)
    assert all(headers["User-Agent"].startswith("soundit-edge/") for headers in server.headers)


def test_a_web_page_in_place_of_a_list(online: Receiver, server: WebServer) -> None:
    """As a hotel's network answers everything until one signs in."""
    server.answer = lambda handler: handler.send(b"<html>Welcome!</html>", kind="text/html; charset=utf-8")
    failed(online.update(), "a web page comes", "sign in")


def test_a_web_page_that_says_it_is_a_list(online: Receiver, server: WebServer) -> None:
    server.answer = lambda handler: handler.send(b"<html>Welcome!</html>", kind="application/json")
    failed(online.update(), "cannot be trusted")


def test_a_web_page_in_place_of_a_file(online: Receiver, server: WebServer) -> None:
    server.answer = lambda h: h.send(b"<html>", kind="text/html") if is_card(h) else h.send_file()
    failed(online.update(), "a web page comes")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_same_server_is_followed(online: Receiver, server: WebServer, status: int) -> None:
    def answer(handler: Handler) -> None:
        if handler.path.startswith("/moved"):
            handler.path = handler.path.removeprefix("/moved")
            return handler.send_file()
        return handler.send(b"", status, Location=f"/moved{handler.path}")

    server.answer = answer
    assert online.update().set_id == MADE.set_id


def test_a_redirect_to_another_server_is_not_followed(online: Receiver, server: WebServer) -> None:
    with web_server(server.served) as other:
        server.answer = lambda handler: handler.send(b"", 302, Location=f"{other.url}{handler.path}")
        failed(online.update(), "another server")
        assert other.asked == []


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1:1/x", "https://127.0.0.1/"])
def test_a_redirect_to_something_else_is_not_followed(online: Receiver, server: WebServer, place: str) -> None:
    server.answer = lambda handler: handler.send(b"", 302, Location=place)
    failed(online.update(), "another server")


def test_redirects_have_an_end(online: Receiver, server: WebServer) -> None:
    server.answer = lambda handler: handler.send(b"", 302, Location=f"{handler.path}x")
    failed(online.update(), "from one address to the next")
    assert len(server.asked) == online.limits.max_redirects + 1


@pytest.mark.parametrize("status", [204, 300, 304, 400, 404, 418, 429, 500, 503, 599])
def test_an_answer_that_is_none(server: WebServer, status: int) -> None:
    server.answer = lambda handler: handler.send(b"", status)
    with pytest.raises(MirrorStatusError, match=str(status)):
        WebMirror(server.url, QUICK).read("metadata/timestamp.json")


def broken_off(server: WebServer, after: int) -> Callable[[Handler], None]:
    """The connection breaks in the middle of the card, once."""
    broken: list[bool] = []

    def answer(handler: Handler) -> None:
        if not is_card(handler) or broken:
            return handler.send_file()
        broken.append(True)
        content = server.served[handler.path.lstrip("/")]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:after])
        handler.close_connection = True
        return None

    return answer


def test_a_transfer_that_is_broken_off_goes_on_where_it_was(online: Receiver, server: WebServer) -> None:
    server.answer = broken_off(server, 100_000)
    assert online.update().set_id == MADE.set_id
    asked = [asked for asked in server.asked if asked.startswith(CARD)]
    assert len(asked) == 2
    assert asked[1].endswith(" bytes=100000-")


def test_a_transfer_goes_on_in_the_next_update(online: Receiver, server: WebServer) -> None:
    """What was fetched before a power cut is not fetched again."""
    online.limits = UpdateLimits(spare=0, rounds=1)
    server.answer = broken_off(server, 100_000)
    failed(online.update(), "stopped sending")
    server.asked.clear()
    assert online.update().set_id == MADE.set_id
    assert next(asked for asked in server.asked if asked.startswith(CARD)).endswith(" bytes=100000-")


def begun(online: Receiver, content: bytes) -> Path:
    """A part of the card that is there from before."""
    part = online.store.staging / MADE.set_id / "body_motion.md.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(content)
    return part


def test_a_server_that_knows_no_ranges(online: Receiver, server: WebServer) -> None:
    begun(online, MADE.files["body_motion.md"][:1000])
    server.answer = lambda handler: (
        handler.send(server.served.get(handler.path.lstrip("/"), b""), 200)
        if (handler.path.lstrip("/") in server.served)
        else handler.send_file()
    )
    assert online.update().set_id == MADE.set_id


def test_a_server_that_answers_416(online: Receiver, server: WebServer) -> None:
    """It has been given another file, or counts otherwise: the file is fetched from its beginning."""
    begun(online, MADE.files["body_motion.md"][:1000])
    server.answer = lambda h: h.send(b"", 416) if "Range" in h.headers else h.send_file()
    assert online.update().set_id == MADE.set_id


def test_a_server_that_sends_another_part(online: Receiver, server: WebServer) -> None:
    begun(online, MADE.files["body_motion.md"][:1000])
    content = MADE.files["body_motion.md"]

    def answer(handler: Handler) -> None:
        if "Range" in handler.headers:
            return handler.send(content[500:], 206, Content_Range=f"bytes 500-{len(content) - 1}/{len(content)}")
        return handler.send_file()

    server.answer = answer
    failed(online.update(), "another part")


@pytest.mark.parametrize("content", [b"x" * 1000, bytes(len(MADE.files["body_motion.md"])), bytes(1 << 20)])
def test_a_wrong_beginning_from_before_is_thrown_away(online: Receiver, server: WebServer, content: bytes) -> None:
    """Of a torn file, of another mirror, or longer than the whole."""
    begun(online, content)
    assert online.update().set_id == MADE.set_id


def test_a_whole_file_from_before_is_not_fetched(online: Receiver, server: WebServer) -> None:
    begun(online, MADE.files["body_motion.md"])
    assert online.update().set_id == MADE.set_id
    assert not any(asked.startswith(CARD) for asked in server.asked)


def test_a_gzip_bomb(online: Receiver, server: WebServer) -> None:
    """A few bytes that would be a gibibyte, if anybody unpacked them."""
    bomb = gzip.compress(bytes(1 << 22))
    server.answer = lambda handler: handler.send(bomb, Content_Encoding="gzip")
    failed(online.update(), "compresses")


def test_a_gzip_bomb_that_does_not_say_so(online: Receiver, server: WebServer) -> None:
    bomb = gzip.compress(bytes(1 << 22))
    server.answer = lambda h: h.send(bomb) if is_card(h) else h.send_file()
    failed(online.update(), "ends after")


def endless(chunk: bytes, pause_s: float) -> Callable[[Handler], None]:
    """Send for ever, until nobody listens."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 40))
        handler.end_headers()
        handler.close_connection = True
        while not handler.server.closing.wait(pause_s):
            handler.wfile.write(chunk)

    return answer


def test_endless_data(online: Receiver, server: WebServer) -> None:
    server.answer = endless(bytes(1 << 16), 0.0)
    failed(online.update(), "more comes")


def test_endless_data_of_a_file(online: Receiver, server: WebServer) -> None:
    online.limits = UpdateLimits(spare=0, rounds=1)
    send = endless(bytes(1 << 16), 0.0)
    server.answer = lambda h: send(h) if is_card(h) else h.send_file()
    failed(online.update(), "longer than its signed")
    assert not (online.store.staging / MADE.set_id / "body_motion.md.part").exists()


def test_slow_retrieval(online: Receiver, server: WebServer) -> None:
    """A byte now and then: never silent, never done."""
    online.limits = QUICK
    server.answer = endless(b" ", 0.02)
    began = time.monotonic()
    failed(online.update(), "too slow")
    assert time.monotonic() - began < 20


def test_slow_retrieval_in_the_head(online: Receiver, server: WebServer) -> None:
    online.limits = QUICK

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        for letter in "HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 1000:
            handler.wfile.write(letter.encode())
            handler.wfile.flush()
            if handler.server.closing.wait(0.02):
                return

    server.answer = answer
    failed(online.update(), "too slow")


def test_a_slow_mirror_does_not_keep_from_the_next_one(online: Receiver, server: WebServer) -> None:
    online.limits = QUICK
    with web_server(dict(server.served)) as slow:
        slow.answer = endless(b" ", 0.02)
        online.urls = (slow.url, server.url)
        online.limits = UpdateLimits(spare=0, silence_s=0.3, patience_s=0.4, min_rate=1e6)
        result = online.update()
    assert (result.set_id, result.mirror) == (MADE.set_id, server.url)


def test_a_silent_mirror(online: Receiver, server: WebServer) -> None:
    online.limits = QUICK

    def answer(handler: Handler) -> None:
        handler.server.closing.wait(30)

    server.answer = answer
    failed(online.update(), "silent")


def test_a_mirror_that_is_not_there(device: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        device.urls = (url,)
        device.mirrors.open = open_mirror  # type: ignore[method-assign, assignment]
        failed(device.update(), "cannot be reached", "no connection")


@pytest.mark.parametrize("url", ["", "x", "http://", "ftp://a/b", "http://[", "file://other/x", "javascript:alert(1)"])
def test_what_is_no_address_of_a_mirror(url: str) -> None:
    with pytest.raises(MirrorError):
        open_mirror(url, QUICK)


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(MirrorError, match="no password") as refused:
        open_mirror("https://me:secret@example.org/models", QUICK)
    assert "secret" not in str(refused.value)


def test_no_mirror_at_all(device: Receiver) -> None:
    device.urls = ()
    failed(device.update(), "enter one in the settings")
