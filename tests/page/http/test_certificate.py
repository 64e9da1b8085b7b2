"""The certificate that the device makes itself: private, of its names, and renewed in time."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from soundit_edge.page.app import create_app
from soundit_edge.page.http.certificate import LIFE, RENEWED, Certificate, CertificateError
from soundit_edge.page.http.server import listen, serve
from tests.fakes.control import FakeControl
from tests.page.http.test_server import ended

NOW = datetime.datetime.now(datetime.UTC)


def made(folder: Path, *addresses: str) -> Certificate:
    return Certificate(folder / "state" / "page.pem", ["soundit-4f7a.local"], addresses)


def test_it_is_made_once_and_kept_private(tmp_path: Path) -> None:
    one, other = made(tmp_path), made(tmp_path)
    assert one.renew(NOW)
    assert not other.renew(NOW)
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint.split(":")) == 32
    assert stat.S_IMODE((tmp_path / "state" / "page.pem").stat().st_mode) == 0o600


def test_it_is_renewed_before_its_end_and_where_the_device_has_another_address(tmp_path: Path) -> None:
    assert made(tmp_path).renew(NOW)
    moved = made(tmp_path, "192.168.1.7")
    assert moved.renew(NOW)
    assert not moved.renew(NOW + LIFE - RENEWED - datetime.timedelta(days=2))
    assert moved.renew(NOW + LIFE - RENEWED)


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_damaged_one_is_made_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "page.pem").write_bytes(content)
    assert made(tmp_path).renew(NOW)


def test_where_it_cannot_be_kept_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(CertificateError, match=r"page\.pem: the certificate for HTTPS cannot be kept"):
        made(tmp_path).renew(NOW)


async def test_a_browser_that_trusts_it_reaches_the_page_by_name_and_address(tmp_path: Path) -> None:
    certificate = made(tmp_path)
    certificate.renew(NOW)
    trusting = ssl.create_default_context(
        cadata=(tmp_path / "state" / "page.pem").read_text().partition("KEY-----\n")[2].partition("KEY-----\n")[2]
    )
    sock = listen(0)
    port = sock.getsockname()[1]
    task = asyncio.create_task(serve(create_app(FakeControl()), sock, certificate.context))
    try:
        for name in ("127.0.0.1", "localhost", "soundit-4f7a.local"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=name)
            writer.write(b"GET /api/me HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            await reader.read()
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
    finally:
        await ended(task)
