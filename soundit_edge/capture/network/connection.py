"""One HTTP request to a camera, whose answer never ends: with a login, few redirects, and a limit on every wait."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import threading
import urllib.parse
import urllib.request
from dataclasses import replace
from typing import Final

from soundit_edge.capture.capture import CaptureError
from soundit_edge.capture.network.address import CameraAddress, login_refused, look_up, unreachable
from soundit_edge.capture.network.limits import OPEN_S
from soundit_edge.settings.cameras import PORTS

MAX_REDIRECTS: Final = 3
CHUNK: Final = 65_536
"""Bytes that are read at once at most."""
_MOVED: Final = (301, 302, 303, 307, 308)


class CameraConnection:
    """The answer of a camera. It can be closed from any thread, which ends a read at once."""

    def __init__(self, address: CameraAddress) -> None:
        """Open nothing yet.

        Args:
            address: http or https.
        """
        self._address = address
        self._socket: socket.socket | None = None
        self._answer: http.client.HTTPResponse | None = None
        self._closed = self._late = False
        self._lock = threading.Lock()
        self._reading = threading.Lock()  # an answer must not be closed while another thread reads it

    def open(self) -> str:
        """Ask for the stream, and return the content type of what comes.

        Raises:
            CaptureError: there is no such host, or no camera that lets us in; the sentence says which.
        """
        look_up(self._address)
        deadline = threading.Timer(OPEN_S, self._give_up)
        deadline.daemon = True
        deadline.start()
        try:
            return self._ask()
        except ssl.SSLCertVerificationError:
            raise CaptureError(f"{self._address.name} has a certificate that this computer does not trust") from None
        except (OSError, http.client.HTTPException) as error:
            if self._late:
                raise unreachable(self._address, TimeoutError()) from None
            if isinstance(error, OSError) and not isinstance(error, http.client.HTTPException):
                raise unreachable(self._address, error) from None
            raise CaptureError(f"{self._address.name} does not speak HTTP as a camera does") from None
        finally:
            deadline.cancel()

    def read(self) -> bytes:
        """Wait for the next bytes, and return them; none at the end, or once it is closed.

        Raises:
            OSError, http.client.HTTPException: the connection is broken.
        """
        with self._reading:
            answer = self._answer
            return b"" if answer is None or self._closed else answer.read1(CHUNK)

    def limit_waiting(self, seconds: float) -> None:
        """Let a read that waits for longer raise TimeoutError."""
        if self._socket is not None:
            self._socket.settimeout(seconds)

    def close(self) -> None:
        """End the connection; a read in another thread returns."""
        self._closed = True
        self._hang_up()

    def _ask(self) -> str:
        """Follow redirects and log in, until there is an answer that lasts."""
        address, authorization, moved = self._address, "", 0
        while True:
            answer = self._send(address, authorization)
            if answer.status == 401 and not authorization:
                authorization = _authorization(address, answer.headers.get_all("WWW-Authenticate", []))
            elif answer.status in _MOVED and moved < MAX_REDIRECTS:
                moved, address, authorization = moved + 1, _moved(address, answer.getheader("Location", "")), ""
            else:
                break
            self._hang_up()
        return self._content_type(answer)

    def _send(self, address: CameraAddress, authorization: str) -> http.client.HTTPResponse:
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.host, address.port, timeout=OPEN_S)
        connection.connect()
        with self._lock:
            # The connection forgets its socket once the answer has begun.
            self._socket = connection.sock
        if self._closed or self._late:
            self._hang_up()
        headers = {"Accept": "multipart/x-mixed-replace", "User-Agent": "soundit", "Connection": "close"}
        if authorization:
            headers["Authorization"] = authorization
        connection.request("GET", address.path, headers=headers)
        self._answer = connection.getresponse()
        return self._answer

    def _content_type(self, answer: http.client.HTTPResponse) -> str:
        name = self._address.name
        if answer.status in (401, 403):
            raise login_refused(self._address)
        if answer.status in _MOVED:
            raise CaptureError(f"{name} leads from one address to the next: check the address")
        if answer.status == 404:
            raise CaptureError(f"{name} has nothing at this address: check what stands behind the host")
        if answer.status != 200:
            raise CaptureError(f"{name} answers with an error ({answer.status})")
        return answer.getheader("Content-Type", "")

    def _give_up(self) -> None:
        self._late = True
        self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            connected, self._socket = self._socket, None
            answer, self._answer = self._answer, None
        if connected is not None:
            with contextlib.suppress(OSError):  # it is broken already
                connected.shutdown(socket.SHUT_RDWR)
            connected.close()
        if answer is not None:
            with self._reading:
                answer.close()


def _moved(address: CameraAddress, location: str) -> CameraAddress:
    """Return where a redirect leads. The login goes along to the same host only, and never from HTTPS to HTTP.

    Raises:
        CaptureError: it leads nowhere that a camera is.
    """
    try:
        target = urllib.parse.urljoin(address.url, location)
        parts = urllib.parse.urlsplit(target)
        there, _ = CameraAddress(target), parts.port
    except ValueError:
        there = address
    if there.scheme not in ("http", "https") or not there.host or there.url == address.url:
        raise CaptureError(f"{address.name} leads from one address to the next: check the address")
    if there.host == address.host and PORTS[there.scheme] >= PORTS[address.scheme]:
        return replace(there, user=address.user, password=address.password)
    return there


def _authorization(address: CameraAddress, challenges: list[str]) -> str:
    """Return the header that logs in as the camera asks for it, the safest way that it knows.

    Raises:
        CaptureError: there is no login, or the camera asks for one of a kind that is not known.
    """
    user, password = address.user, address.password.get_secret_value()
    if not user and not password:
        raise login_refused(address)
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, address.url, user, password)
    request = urllib.request.Request(address.url)
    known = {challenge.partition(" ")[0].lower(): challenge.partition(" ")[2] for challenge in challenges}
    if "digest" in known:
        asked = urllib.request.parse_keqv_list(urllib.request.parse_http_list(known["digest"]))
        try:
            answer = urllib.request.AbstractDigestAuthHandler(passwords).get_authorization(request, asked)
        except ValueError:  # of an algorithm that it does not know
            answer = None
        if answer:
            return f"Digest {answer}"
    if "basic" in known:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    raise CaptureError(f"{address.name} asks for a login of a kind that is not known here")
