"""/metrics on the page: for whoever may look, by token or on the device itself, and not there while it is off."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from soundit_edge.control.actor import Role
from soundit_edge.page.app import create_app
from soundit_edge.page.http.hosts import Hosts
from soundit_edge.page.routes.metrics import routes
from tests.page.auth.device import NAME, GuardedPage

TEXT = b"soundit_uptime_seconds 1.0\n"
TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage(GuardedPage):
    """A page with metrics; `text` is what they are, None while they are off."""

    text: bytes | None = TEXT

    def __init__(self, folder: Path, **settings: object) -> None:
        super().__init__(folder, **settings)

        async def text() -> bytes | None:
            return self.text

        self.app = create_app(self.control, routes(text, TYPE), self.access, Hosts(lambda: [NAME]))

    async def asked_with(self, authorization: str) -> httpx.Response:
        """Return what a scraper in the network is answered."""
        return await self.client(ours=False).get("/metrics", headers={"authorization": authorization})


async def test_a_program_reads_them_by_its_token_until_that_is_revoked(tmp_path: Path) -> None:
    page = MetricsPage(tmp_path)
    await page.claimed_by()
    token, secret = await page.access.tokens.make("prometheus", Role.VIEWER)
    answer = await page.asked_with(f"Bearer {secret}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, TEXT, TYPE)
    assert answer.headers["cache-control"] == "no-store"
    await page.access.tokens.revoke(token.id)
    assert (await page.asked_with(f"Bearer {secret}")).status_code == 401


async def test_nobody_else_in_the_network_does(tmp_path: Path) -> None:
    page = MetricsPage(tmp_path)
    assert (await page.client(ours=False).get("/metrics")).status_code == 401  # not claimed yet
    await page.claimed_by()
    _, secret = await page.access.tokens.make("prometheus", Role.VIEWER)
    for given in ("", "Bearer", "Bearer ", f"Bearer {secret[:-1]}", f"Basic {secret}", secret):
        answer = await page.asked_with(given)
        assert answer.status_code == 401, given
        assert TEXT not in answer.content
    answer = await page.client(ours=False).get("/metrics", params={"token": secret})
    assert answer.status_code == 400  # a secret in an address


@pytest.mark.parametrize(("local_role", "code"), [("viewer", 200), ("operator", 200), ("none", 401)])
async def test_on_the_device_itself_they_are_for_whoever_may_look_there(
    tmp_path: Path, local_role: str, code: int
) -> None:
    page = MetricsPage(tmp_path, local_role=local_role)
    await page.claimed_by()
    assert (await page.here().get("/metrics")).status_code == code
    passed_on = await page.here().get("/metrics", headers={"x-forwarded-for": "192.168.1.9"})
    assert passed_on.status_code == 401


async def test_while_they_are_off_there_is_nothing_and_one_sentence_that_says_so(tmp_path: Path) -> None:
    page = MetricsPage(tmp_path)
    page.text = None
    answer = await page.here().get("/metrics")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Metrics are off: switch them on under House."}


async def test_they_can_only_be_read(tmp_path: Path) -> None:
    page = MetricsPage(tmp_path)
    assert (await page.here().post("/metrics", json={})).status_code == 405
    head = await page.here().head("/metrics")
    assert (head.status_code, head.content) == (200, b"")
