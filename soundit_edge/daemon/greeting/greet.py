"""Says where the page is: to whoever sits here, to phones as a QR code, and to whoever came through SSH."""

from __future__ import annotations

import getpass
import io
import ipaddress
import os
import shlex
import socket
import sys
from collections.abc import Iterator, Sequence

from soundit_edge import console
from soundit_edge.daemon.greeting.address import LOOPBACK, reachable_host


def greet(sock: socket.socket, notes: Sequence[str]) -> None:
    """Print the page's address, how it is reached from elsewhere, and what else is to be said.

    Args:
        sock: that the page is served on.
        notes: one line each; empty ones are left out.

    Raises:
        OutputLost: stdout is gone.
    """
    bound, port = sock.getsockname()[:2]
    console.result(f"page: http://{LOOPBACK}:{port}/")
    host = reachable_host(bound)
    if not ipaddress.ip_address(host).is_loopback:
        address = page_address(host, port)
        if sys.stdout.isatty():
            for line in qr_code(address):
                console.result(line)
        console.say(f"from other devices: {address}")
    elif recipe := tunnel(port, os.environ.get("SSH_CONNECTION", ""), _user()):
        console.say(recipe)
    for note in filter(None, notes):
        console.say(note)


def page_address(host: str, port: int) -> str:
    """Return the address of the page on a host, given as an IP address."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def qr_code(address: str) -> Iterator[str]:
    """Yield the lines of a QR code, two rows of it in each, for a terminal."""
    import segno  # imported here: few need it

    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(drawn, border=2, compact=True)
    yield from drawn.getvalue().splitlines()


def tunnel(port: int, connection: str, user: str) -> str:
    """Return how to see a page, which only this computer can, from where somebody is logged in.

    Args:
        port: of the page.
        connection: as SSH describes it: the client's address and port, this computer's address and port; "" where
            nobody came through SSH.
        user: who is logged in; "" where that is not known.
    """
    try:
        _, _, host, ssh_port = connection.split()
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    at = shlex.quote(f"{user}@{host}" if user else host)
    way = "" if ssh_port == "22" else f"-p {shlex.quote(ssh_port)} "
    return (
        f"from where you are: ssh {way}-L {port}:{LOOPBACK}:{port} {at}, "
        f"then open http://{LOOPBACK}:{port}/ in your browser there"
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        return ""
