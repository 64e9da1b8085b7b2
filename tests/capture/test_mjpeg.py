"""MJPEG over HTTP from a real socket: cameras of every kind, and all that is none."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from soundit_edge.capture.capture import CaptureError
from soundit_edge.capture.network import connection, mjpeg
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.mjpeg import MjpegCamera
from soundit_edge.capture.network.multipart import MAX_HEAD, MAX_PART
from tests.capture.network_cameras import MJPEG, PASSWORD
from tests.fakes.camera_server import (
    CameraServer,
    Peer,
    Serve,
    answer,
    asking_for,
    basic,
    jpeg,
    part,
    saying,
    streaming,
)
from tests.waiting import HANG_S

camera_at, seen, refused, lost = MJPEG.camera_at, MJPEG.seen, MJPEG.refused, MJPEG.lost


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for long."""
    monkeypatch.setattr(connection, "OPEN_S", 0.2)
    monkeypatch.setattr(mjpeg, "READ_S", 0.1)
    monkeypatch.setattr(mjpeg, "PICTURE_S", 0.2)


@pytest.mark.parametrize(("length", "chunked"), [(True, False), (False, False), (True, True), (False, True)])
def test_pictures_come_from_cameras_that_say_their_length_or_not_in_chunks_or_not(length: bool, chunked: bool) -> None:
    frames = seen(streaming(length=length, chunked=chunked))
    assert [frame.rgb.shape for frame in frames] == [(120, 160, 3)] * 3
    red, _, blue = frames[1].rgb[60, :40].reshape(-1, 3)[frames[1].rgb[60, :40, 0].argmax()]
    assert red > 180 > 100 > blue, "red stays red"


@pytest.mark.parametrize("stated", ["--frame", '"frame"', "frame; charset=x"])
def test_boundaries_as_cameras_write_them(stated: str) -> None:
    head = answer("200 OK", f"Multipart/X-Mixed-Replace;  boundary={stated}")
    assert len(seen(saying(head, *[part(jpeg(k)) for k in range(3)], then=Peer.stall), 1)) == 1


def test_the_name_has_neither_path_nor_query() -> None:
    assert camera_name("http://10.0.0.9:81/a/b?room=2") == "camera at 10.0.0.9:81"
    assert camera_name("https://porch.example/") == "camera at porch.example"


def camera_name(url: str) -> str:
    return MjpegCamera(CameraAddress(url, "admin", SecretStr(PASSWORD)), lambda: 0.0).name


def test_a_host_that_does_not_exist() -> None:
    camera = MjpegCamera(CameraAddress("http://camera.invalid/"), lambda: 0.0)
    with pytest.raises(CaptureError, match=r"camera at camera\.invalid: no such host"), camera:
        pass


def test_a_port_at_which_nobody_listens() -> None:
    with CameraServer(streaming()) as server:
        camera = camera_at(server)
    with pytest.raises(CaptureError, match="refuses the connection"), camera:
        pass


def test_basic_login() -> None:
    guarded = asking_for(lambda given: given == basic("admin", PASSWORD), 'Basic realm="cam"', streaming())
    assert len(seen(guarded, user="admin", password=PASSWORD)) == 3
    refused(guarded, "asks for a user name and a password")
    refused(guarded, "does not accept this user name and password", user="admin", password=PASSWORD + "x")


def test_digest_login_where_the_camera_knows_both() -> None:
    """The password itself does not go over the network."""

    def digest(given: str) -> bool:
        assert not given.startswith("Basic")
        if not given:
            return False
        said: dict[str, str] = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
        ha1 = hashlib.md5(f"admin:cam:{PASSWORD}".encode()).hexdigest()
        ha2 = hashlib.md5(f"GET:{said['uri']}".encode()).hexdigest()
        parts = ha1, said["nonce"], said["nc"], said["cnonce"], said["qop"], ha2
        return said["response"] == hashlib.md5(":".join(parts).encode()).hexdigest()

    challenge = 'Basic realm="cam"\r\nWWW-Authenticate: Digest realm="cam", nonce="abc", qop="auth"'
    guarded = asking_for(digest, challenge, streaming())
    assert len(seen(guarded, user="admin", password=PASSWORD)) == 3
    refused(guarded, "does not accept", user="admin", password="other")


def test_a_login_of_an_unknown_kind() -> None:
    guarded = asking_for(lambda _: False, "Negotiate", streaming())
    refused(guarded, "login of a kind that is not known", user="a", password="b")


def redirecting(*targets: str) -> Serve:
    """Leads from one address to the next, and streams at the last."""
    left = list(targets)

    def serve(peer: Peer) -> None:
        if left:
            saying(answer("302 Found", "", f"Location: {left.pop(0)}", "Content-Length: 0"))(peer)
        else:
            streaming()(peer)

    return serve


def test_a_camera_that_has_moved() -> None:
    assert len(seen(redirecting("/other?x=1"))) == 3


@pytest.mark.parametrize("target", ["/video", "file:///etc/passwd", "rtsp://127.0.0.1/", "http://[", "http:///x", ""])
def test_attack_a_redirect_to_itself_or_to_what_is_no_camera(target: str) -> None:
    refused(redirecting(*[target] * 9), "leads from one address to the next")


def test_attack_endless_redirects() -> None:
    refused(redirecting(*(f"/{k}" for k in range(99))), "leads from one address to the next")


def test_attack_a_redirect_does_not_take_the_password_to_another_host() -> None:
    asked: list[str] = []

    def thief(peer: Peer) -> None:
        asked.append(peer.head())
        peer.send(answer("401 Unauthorized", "", 'WWW-Authenticate: Basic realm="x"', "Content-Length: 0"))

    with CameraServer(thief) as other:
        there = f"http://localhost:{other.host.rpartition(':')[2]}/"
        refused(redirecting(there), "asks for a user name", user="admin", password=PASSWORD)
    assert asked
    assert not any("Authorization" in head for head in asked)


@pytest.mark.parametrize(
    ("serve", "says"),
    [
        (saying(answer("200 OK", "text/html"), "<html>"), "sends no video at this address, but text/html"),
        (saying(answer("200 OK", "image/jpeg"), jpeg()), "one picture only"),
        (saying(answer("200 OK", "multipart/x-mixed-replace")), "does not say where its pictures begin"),
        (saying(answer("200 OK", "")), "sends no video at this address"),
        (saying(answer("404 Not Found", "text/html")), "nothing at this address"),
        (saying(answer("403 Forbidden", "text/html")), "asks for a user name"),
        (saying(answer("503 Busy", "text/html")), r"an error \(503\)"),
        (saying("SSH-2.0-OpenSSH_9.2\r\n"), "does not speak HTTP"),
        (saying(bytes(range(256)) * 40), "does not speak HTTP"),
        (saying(""), "does not speak HTTP|cannot be reached"),
        (saying("HTTP/1.1 200 OK\r\n", *["X: y\r\n"] * 200), "does not speak HTTP"),
        (saying("HTTP/1.1 200 OK\r\nX: ", b"y" * 70_000, "\r\n"), "does not speak HTTP"),
    ],
    ids=[
        "a web page", "a single picture", "no boundary", "no content type", "not found", "forbidden", "busy",
        "another protocol", "garbage", "nothing", "attack: too many headers", "attack: an endless header line",
    ],
)  # fmt: skip
def test_what_is_no_camera(serve: Serve, says: str) -> None:
    refused(serve, says)


@pytest.mark.usefixtures("hurried")
def test_a_host_that_takes_the_connection_and_says_nothing() -> None:
    refused(lambda peer: peer.stall(), "does not answer")


@pytest.mark.usefixtures("hurried")
def test_attack_an_answer_that_comes_byte_by_byte() -> None:
    """Each byte comes soon enough, and the answer never does."""

    def serve(peer: Peer) -> None:
        while True:
            peer.send("H")
            peer.pause(0.01)

    refused(serve, "does not answer")


HEAD = answer()


@pytest.mark.parametrize(
    ("serve", "says"),
    [
        (saying(HEAD, part(jpeg())), "has ended the connection"),
        (saying(HEAD, b"x" * (MAX_HEAD + 100), then=Peer.stall), "header of a picture does not end"),
        (saying(HEAD, b"x\n" * MAX_HEAD, then=Peer.stall), "no picture begins"),
        (saying(HEAD, b"--frame\r\n", b"A: b\r\n" * MAX_HEAD, then=Peer.stall), "header of a picture does not end"),
        (saying(HEAD, f"--frame\r\nContent-Length: {MAX_PART + 1}\r\n\r\n", then=Peer.stall), "picture is too large"),
        (saying(HEAD, f"--frame\r\nContent-Length: {'9' * 5000}\r\n\r\n", then=Peer.stall), "picture is too large"),
        (saying(HEAD, *[part(b"no picture")] * 200, then=Peer.stall), "nothing but damaged pictures"),
        (saying(HEAD, *[part(b"")] * 200, then=Peer.stall), "nothing but damaged pictures"),
        (saying(HEAD, *[part(jpeg()[:900])] * 200, then=Peer.stall), "nothing but damaged pictures"),
    ],
    ids=[
        "the end", "attack: an endless line", "attack: endless lines", "attack: an endless header",
        "attack: a huge picture", "attack: a length beyond counting", "garbage", "empty pictures", "truncated pictures",
    ],
)  # fmt: skip
def test_streams_that_go_wrong(serve: Serve, says: str) -> None:
    lost(serve, says)


def test_attack_a_picture_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundit_edge.capture.network.multipart.MAX_PART", 100_000)
    lost(saying(HEAD, b"--frame\r\n\r\n", b"x" * 300_000, then=Peer.stall), "picture is too large")


def test_attack_a_small_picture_that_says_it_is_huge() -> None:
    bomb = bytearray(jpeg())
    place = bomb.index(b"\xff\xc0")
    bomb[place + 5 : place + 9] = b"\xff\xff\xff\xff"
    lost(saying(HEAD, *[part(bytes(bomb))] * 200, then=Peer.stall), "nothing but damaged pictures")


def test_a_damaged_picture_among_others_is_left_out() -> None:
    pictures = [part(jpeg(k) if k % 2 else jpeg(k)[:900]) for k in range(9)]
    assert len(seen(saying(HEAD, *pictures, then=Peer.stall), 1)) == 1


@pytest.mark.usefixtures("hurried")
def test_a_stream_that_stalls() -> None:
    lost(saying(HEAD, part(jpeg()), then=Peer.stall), "sends no picture any more")


@pytest.mark.usefixtures("hurried")
def test_attack_a_picture_that_comes_byte_by_byte() -> None:
    def drip(peer: Peer) -> None:
        while True:
            peer.send("x")
            peer.pause(0.01)

    lost(saying(HEAD, "--frame\r\nContent-Length: 5000\r\n\r\n", then=drip), "sends no picture any more")


@pytest.fixture
def stalled() -> Iterator[MjpegCamera]:
    with CameraServer(saying(HEAD, part(jpeg()), part(jpeg(1)), then=Peer.stall)) as server:
        yield camera_at(server)


def test_closing_ends_a_read_that_waits_at_once(stalled: MjpegCamera) -> None:
    """Nothing moves any more, and nobody has to wait until that is noticed."""
    shown = threading.Semaphore(0)

    def read() -> None:
        for _ in stalled.items():
            shown.release()

    with stalled:
        reader = threading.Thread(target=read)
        reader.start()
        assert shown.acquire(timeout=HANG_S)
    reader.join(HANG_S)
    assert not reader.is_alive()


def test_closing_ends_an_opening_that_waits() -> None:
    with CameraServer(lambda peer: peer.stall()) as server:
        link = connection.CameraConnection(CameraAddress(f"http://{server.host}/"))
        failures: list[Exception] = []

        def open_it() -> None:
            try:
                link.open()
            except CaptureError as error:
                failures.append(error)

        opening = threading.Thread(target=open_it)
        opening.start()
        while not server.connections:
            pass
        link.close()
        opening.join(HANG_S)
        assert not opening.is_alive()
    assert failures
