"""An RTSP camera on this computer (RFC 2326): H.264 in RTP (RFC 6184), interleaved in the one TCP connection."""

from __future__ import annotations

import base64
import functools
import re
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np

from tests.fakes.camera_server import Peer, Serve

SIZE: Final = (160, 120)
MAX_PAYLOAD: Final = 1200
VIDEO: Final = (
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\na=control:track1\r\n"
)
SOUND: Final = "m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=control:track1\r\n"


@functools.cache
def encoded(pictures: int = 30) -> tuple[tuple[bytes, ...], ...]:
    """A moving bar in H.264, as the NAL units of each picture."""
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = SIZE
    encoder.pix_fmt, encoder.time_base, encoder.framerate = "yuv420p", Fraction(1, 25), Fraction(25)
    encoder.gop_size = 5
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "threads": "1"}
    units = []
    for number in range(pictures):
        picture = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
        picture[:, ::8] = 120
        picture[:, 4 * number : 4 * number + 12] = (230, 90, 40)
        [packet] = encoder.encode(av.VideoFrame.from_ndarray(picture, format="rgb24"))
        units.append(tuple(unit for unit in re.split(rb"\x00?\x00\x00\x01", bytes(packet)) if unit))
    return tuple(units)


def rtp(number: int, moment: int, payload: bytes, last: bool) -> bytes:
    """One packet, with the four bytes before it that say how long it is."""
    packet = struct.pack(">BBHII", 0x80, 96 | last << 7, number & 0xFFFF, moment & 0xFFFFFFFF, 7) + payload
    return b"$\0" + struct.pack(">H", len(packet)) + packet


def packets() -> Iterator[bytes]:
    """The packets of each picture together, for ever."""
    number = moment = 0
    while True:
        for units in encoded():
            content = b""
            pieces = [piece for unit in units for piece in _fragments(unit)]
            for k, piece in enumerate(pieces):
                content += rtp(number, moment, piece, k == len(pieces) - 1)
                number += 1
            moment += 3600
            yield content


def _fragments(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= MAX_PAYLOAD:
        yield unit
        return
    body = [unit[k : k + MAX_PAYLOAD] for k in range(1, len(unit), MAX_PAYLOAD)]
    for k, piece in enumerate(body):
        ends = (k == 0) << 7 | (k == len(body) - 1) << 6
        yield bytes([unit[0] & 0xE0 | 28, ends | unit[0] & 0x1F]) + piece


def session(
    media: str = VIDEO,
    authorized: Callable[[str], bool] = lambda given: True,
    play: Callable[[Peer], None] | None = None,
) -> Serve:
    """A camera that answers as it should.

    Args:
        media: what its description offers.
        authorized: whether an Authorization header lets somebody in.
        play: what it sends; None: pictures until nobody looks any more.
    """

    def serve(peer: Peer) -> None:
        sets = ",".join(base64.b64encode(unit).decode() for unit in encoded()[0] if unit[0] & 31 in (7, 8))
        description = f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=cam\r\nt=0 0\r\n{media.replace('{sets}', sets)}"
        while True:
            lines = peer.head().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            method = lines[0].split(" ")[0]
            status, more, body = "200 OK", [], ""
            if method == "OPTIONS":
                more = ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"]
            elif not authorized(headers.get("Authorization", "")):
                status, more = "401 Unauthorized", ['WWW-Authenticate: Basic realm="cam"']
            elif method == "DESCRIBE":
                more, body = ["Content-Type: application/sdp", f"Content-Length: {len(description)}"], description
            elif method == "SETUP":
                more = ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 12345678"]
            elif method == "PLAY":
                more = ["Session: 12345678"]
            peer.send("\r\n".join([f"RTSP/1.0 {status}", f"CSeq: {headers['CSeq']}", *more, "", body]))
            if method == "PLAY":
                (play or _play)(peer)

    return serve


def replying(*reply: str) -> Serve:
    """A camera that answers every request alike; {cseq} stands for the request's number."""

    def serve(peer: Peer) -> None:
        while True:
            cseq = re.search(r"CSeq: (\d+)", peer.head())
            peer.send("\r\n".join([*reply, "", ""]).replace("{cseq}", cseq[1] if cseq else "1"))

    return serve


def _play(peer: Peer) -> None:
    for content in packets():
        peer.send(content)
        peer.pause()
