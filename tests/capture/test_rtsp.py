"""RTSP from a real socket: cameras that answer as they should, and all that do not."""

from __future__ import annotations

import logging
from itertools import islice

import pytest

from soundit_edge.capture.capture import CaptureError
from soundit_edge.capture.network import rtsp
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.rtsp import RtspCamera
from tests.capture.network_cameras import PASSWORD, RTSP
from tests.fakes.camera_server import CameraServer, Peer, Serve, basic
from tests.fakes.rtsp_server import SOUND, packets, replying, rtp, session

camera_at, seen, refused = RTSP.camera_at, RTSP.seen, RTSP.refused


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for long."""
    monkeypatch.setattr(rtsp, "OPEN_S", 0.5)
    monkeypatch.setattr(rtsp, "READ_S", 0.3)


def test_pictures_come() -> None:
    frames = seen(session())
    assert [frame.rgb.shape for frame in frames] == [(120, 160, 3)] * 3
    row = frames[1].rgb[60]
    assert row[row[:, 0].argmax()][0] > 180 > row[row[:, 0].argmax()][2], "red stays red"


def test_a_login_that_no_text_shows(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    guarded = session(authorized=lambda given: given == basic("admin", PASSWORD))
    assert len(seen(guarded, user="admin", password=PASSWORD)) == 3
    refused(guarded, "asks for a user name and a password")
    with CameraServer(guarded) as server, pytest.raises(CaptureError) as failure:
        camera_at(server, "admin", PASSWORD + "x").__enter__()
    assert "does not accept this user name and password" in str(failure.value)
    shown = capfd.readouterr()
    for text in (repr(failure.value), shown.out, shown.err, caplog.text):
        assert "geheim" not in text


def test_a_host_that_does_not_exist() -> None:
    camera = RtspCamera(CameraAddress("rtsp://camera.invalid/"), lambda: 0.0)
    with pytest.raises(CaptureError, match=r"camera at camera\.invalid: no such host"), camera:
        pass


def test_a_port_at_which_nobody_listens() -> None:
    with CameraServer(session()) as server:
        camera = camera_at(server)
    with pytest.raises(CaptureError, match="refuses the connection"), camera:
        pass


@pytest.mark.parametrize(
    ("serve", "says"),
    [
        (session(SOUND), "sends no video"),
        (replying("RTSP/1.0 404 Not Found", "CSeq: {cseq}"), "nothing at this address"),
        (replying("RTSP/1.0 503 Busy", "CSeq: {cseq}"), "does not speak RTSP"),
        (lambda peer: peer.close(), "does not speak RTSP"),
    ],
    ids=["sound only", "not found", "busy", "nothing"],
)
def test_what_is_no_camera(serve: Serve, says: str) -> None:
    refused(serve, says)


def _garbage(peer: Peer) -> None:
    while True:
        peer.send(bytes(range(256)) * 50)
        peer.pause(0.001)


def _endless_header(peer: Peer) -> None:
    peer.head()
    peer.send("RTSP/1.0 200 OK\r\n")
    while True:
        peer.send("X-More: of it\r\n" * 100)
        peer.pause(0.001)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    "serve",
    [
        lambda peer: peer.stall(),
        replying("HTTP/1.1 200 OK", "Content-Type: text/html"),
        _garbage,
        _endless_header,
        replying("RTSP/1.0 302 Moved", "CSeq: {cseq}", "Location: rtsp://127.0.0.1:9/again"),
    ],
    ids=["silence", "a web server", "attack: garbage", "attack: an endless header", "attack: a redirect elsewhere"],
)
def test_what_never_becomes_a_camera_is_given_up(serve: Serve) -> None:
    refused(serve, "does not answer|does not speak RTSP|refuses the connection")


@pytest.mark.usefixtures("hurried")
def test_attack_endless_redirects() -> None:
    address: list[str] = []

    def serve(peer: Peer) -> None:
        replying("RTSP/1.0 302 Moved", "CSeq: {cseq}", f"Location: rtsp://{address[0]}/again")(peer)

    with CameraServer(serve) as server:
        address.append(server.host)
        with pytest.raises(CaptureError, match="does not answer"), camera_at(server):
            pass


def lost(play: Serve, says: str) -> None:
    RTSP.lost(session(play=play), says)


def some_pictures(peer: Peer, count: int = 12) -> None:
    for content in islice(packets(), count):
        peer.send(content)
        peer.pause(0.005)


def test_a_camera_that_loses_its_power() -> None:
    def play(peer: Peer) -> None:
        some_pictures(peer)
        peer.close()

    lost(play, "has ended the connection")


@pytest.mark.usefixtures("hurried")
def test_a_stream_that_stalls() -> None:
    def play(peer: Peer) -> None:
        some_pictures(peer)
        peer.stall()

    lost(play, "sends no picture any more")


@pytest.mark.usefixtures("hurried")
def test_attack_garbage_in_the_middle() -> None:

    def play(peer: Peer) -> None:
        some_pictures(peer)
        number = 0
        while True:
            peer.send(rtp(number, number, b"\x65" + bytes(range(256)), True))
            number += 1
            peer.pause(0.001)

    lost(play, "nothing but damaged pictures")
