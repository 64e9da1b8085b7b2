"""The page as a part of the device: its socket, who may open it, its certificate, and its name in the network."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from soundit_edge import console
from soundit_edge.control.actor import Actor
from soundit_edge.control.claim import ClaimButton
from soundit_edge.control.control import Control
from soundit_edge.page.app import create_app
from soundit_edge.page.auth.access import Access, Clocks
from soundit_edge.page.auth.speech import speak_code
from soundit_edge.page.http.hosts import Hosts
from soundit_edge.page.http.server import PageError, serve
from soundit_edge.page.own_name import OwnName, own_addresses
from soundit_edge.page.route import Route
from soundit_edge.settings import PageSettings

if TYPE_CHECKING:
    from soundit_edge.page.http.certificate import Certificate

log = logging.getLogger(__name__)

CERTIFICATE_FILE: Final = "page.pem"


class PageService:
    """Serves the page of a device, and says where it is."""

    def __init__(
        self,
        sock: socket.socket,
        folder: Path | None,
        page: Callable[[], PageSettings],
        set_lock: Callable[[bool, Actor], None],
        *,
        network: bool,
        button: ClaimButton | None = None,
    ) -> None:
        """Make ready to serve.

        Args:
            sock: from `listen`.
            folder: where accounts, sessions, the name and the certificate are kept; None: nowhere.
            page: gives the page's settings in force.
            set_lock: turns the kiosk lock on or off in these settings.
            network: whether others can reach the socket.
            button: of the device, which opens its claim.

        Raises:
            SounditError: what is kept cannot be read, or HTTPS is wanted and no certificate can be kept.
        """
        self._sock = sock
        self.port: int = sock.getsockname()[1]
        """That the page is served at."""
        self._page = page
        self._network = network
        self._clocks = Clocks()
        self.name = OwnName(folder)
        """The device's own name."""
        self.access = Access(
            folder, page, set_lock=set_lock, announce=self._show_code, clocks=self._clocks, button=button
        )
        """Says who may open the page."""
        self._certificate = self._made_certificate(folder) if page().https else None

    @property
    def address(self) -> str:
        """Return the page's address on this computer, such as "http://127.0.0.1:8347/"."""
        return self._address_at("127.0.0.1")

    @property
    def elsewhere(self) -> list[str]:
        """Return the page's addresses for other devices, by the device's name and by number; none: they reach none."""
        addresses = sorted(own_addresses(), key=lambda one: ":" in one) if self._network else []
        return [self._address_at(host) for host in (self.name.host, *addresses[:1])] if addresses else []

    def notes(self) -> Iterator[str]:
        """Yield what to say of it when the device is up."""
        if self._certificate is not None:
            yield f"the certificate's fingerprint is {self._certificate.fingerprint}"

    async def run(self, control: Control, more: Iterable[Route]) -> None:
        """Serve the page until cancelled.

        Args:
            control: the device.
            more: routes of what this device has beside it.
        """
        # Dozens of routes take a slow box a second to make, and the device must not wait for it.
        app = await asyncio.to_thread(create_app, control, more, self.access, Hosts(self._names))
        async with asyncio.TaskGroup() as tasks:
            tls = None if self._certificate is None else self._certificate.context
            tasks.create_task(serve(app, self._sock, tls), name="page")
            if self._network:
                tasks.create_task(self._announce(), name="announce")
                self.access.gate.refresh()
                if self.access.claim.code is not None:
                    tasks.create_task(speak_code(self.access.claim.code), name="speak")
            if self._certificate is not None:
                tasks.create_task(self._certificate.keep(self._clocks.wall), name="certificate")

    def _names(self) -> Iterator[str]:
        yield self.name.host
        yield f"{socket.gethostname()}.local"
        yield from self._page().hosts

    def _address_at(self, host: str) -> str:
        scheme = "http" if self._certificate is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def _show_code(self, code: str) -> None:
        if self._network:
            console.show(f"to claim this device from another one, open its page there and enter the code {code}")

    async def _announce(self) -> None:
        # The import takes a while on a small computer, and the device must not wait for it.
        mdns = await asyncio.to_thread(importlib.import_module, "soundit_edge.page.http.mdns")
        await mdns.keep_announced(self.name, self.port, own_addresses)

    def _made_certificate(self, folder: Path | None) -> Certificate:
        # Imported here: most devices do without.
        from soundit_edge.page.http.certificate import Certificate

        if folder is None:
            raise PageError("HTTPS needs a place for its certificate: name a folder in SOUNDIT_STATE.")
        certificate = Certificate(folder / CERTIFICATE_FILE, self._names(), own_addresses())
        certificate.renew(datetime.datetime.fromtimestamp(self._clocks.wall(), datetime.UTC))
        return certificate
