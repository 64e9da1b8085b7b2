"""A page with accounts over a fake device, asked from any address, under clocks that a test sets."""

from __future__ import annotations

from pathlib import Path

import httpx

from soundit_edge.control.actor import Actor
from soundit_edge.page.app import create_app
from soundit_edge.page.auth.access import Access, Clocks
from soundit_edge.page.auth.passwords import HashCost
from soundit_edge.page.http.hosts import Hosts
from soundit_edge.settings import PageSettings
from tests.fakes.control import FakeControl

CHEAP = HashCost(memory_kib=8, passes=1)
NAME = "soundit-4f7a.local"
AWAY = "192.168.1.9"
HERE = "127.0.0.1"
PASSWORD = "correct horse battery"
WEAKER = "another horse battery"


class GuardedPage:
    """The page of a device, as it is after a start; a second one over the same folder is the device after another.

    Attributes:
        time_s: of the clock that never goes back.
        wall_s: of the time of day.
        settings: of the page.
        codes: that were shown on the console, in order.
        control: what is behind the page.
    """

    def __init__(self, folder: Path | None, **settings: object) -> None:
        self.time_s, self.wall_s = 1000.0, 1_800_000_000.0
        self.settings = PageSettings.model_validate(settings)
        self.codes: list[str] = []
        self.control = FakeControl()
        self.access = Access(
            folder,
            lambda: self.settings,
            set_lock=self._set_lock,
            announce=self.codes.append,
            clocks=Clocks(lambda: self.time_s, lambda: self.wall_s),
            cost=CHEAP,
        )
        self.app = create_app(self.control, (), self.access, Hosts(lambda: [NAME, *self.settings.hosts]))

    def client(
        self, address: str = AWAY, host: str = f"{NAME}:8347", scheme: str = "http", ours: bool = True
    ) -> httpx.AsyncClient:
        """Return a browser (`ours`: with the page's scripts) or a program at an address, with cookies of its own."""
        transport = httpx.ASGITransport(self.app, client=(address, 40000))
        headers = {"x-soundit": "page"} if ours else {}
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://{host}", headers=headers, verify=False)

    def here(self) -> httpx.AsyncClient:
        """Return a browser on the device itself."""
        return self.client(HERE, "localhost:8347")

    async def claimed_by(self, name: str = "Anna", password: str = PASSWORD) -> httpx.AsyncClient:
        """Return the browser of the first administrator, who has claimed the device by its code."""
        browser = self.client()
        await browser.get("/api/me")
        body = {"name": name, "password": password, "code": self.codes[-1]}
        (await browser.post("/api/claim", json=body)).raise_for_status()
        return browser

    async def with_user(self, admin: httpx.AsyncClient, name: str, role: str) -> httpx.AsyncClient:
        """Return the browser of a new user, who has signed in."""
        body = {"name": name, "password": WEAKER, "role": role}
        (await admin.post("/api/users", json=body)).raise_for_status()
        browser = self.client()
        (await browser.post("/api/session", json={"name": name, "password": WEAKER})).raise_for_status()
        return browser

    def _set_lock(self, locked: bool, by: Actor) -> None:
        self.settings = self.settings.model_copy(update={"kiosk_lock": locked})


async def role_of(client: httpx.AsyncClient) -> str:
    """Return what somebody may do, as the device says it."""
    return str((await client.get("/api/me")).json()["role"])
