"""Says where the page is: to whoever sits here, to phones as a QR code, and to whoever came through SSH."""

from __future__ import annotations

import getpass
import io
import ipaddress
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from soundit_edge import console


def greet(page: str, elsewhere: Sequence[str], notes: Sequence[str]) -> None:
    """Print the page's address, how it is reached from elsewhere, and what else is to be said.

    Args:
        page: its address on this computer, such as "http://127.0.0.1:8347/".
        elsewhere: its addresses for other devices, the last of which every phone understands.
        notes: one line each; empty ones are left out.

    Raises:
        OutputLost: stdout is gone.
    """
    console.result(f"page: {page}")
    if elsewhere:
        if sys.stdout.isatty():
            for line in qr_code(elsewhere[-1]):
                console.result(line)
        console.say(f"from other devices: {' or '.join(elsewhere)}")
    elif recipe := tunnel(page, os.environ.get("SSH_CONNECTION", ""), _user()):
        console.say(recipe)
    for note in filter(None, notes):
        console.say(note)


def qr_code(address: str) -> Iterator[str]:
    """Yield the lines of a QR code, two rows of it in each, for a terminal."""
    import segno  # imported here: few need it

    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(drawn, border=2, compact=True)
    yield from drawn.getvalue().splitlines()


def tunnel(page: str, connection: str, user: str) -> str:
    """Return how to see a page, which only this computer can, from where somebody is logged in.

    Args:
        page: its address on this computer.
        connection: as SSH describes it: the client's address and port, this computer's address and port; "" where
            nobody came through SSH.
        user: who is logged in; "" where that is not known.
    """
    try:
        _, _, host, ssh_port = connection.split()
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    port = urlsplit(page).port
    at = shlex.quote(f"{user}@{host}" if user else host)
    way = "" if ssh_port == "22" else f"-p {shlex.quote(ssh_port)} "
    return f"from where you are: ssh {way}-L {port}:127.0.0.1:{port} {at}, then open {page} in your browser there"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        return ""
