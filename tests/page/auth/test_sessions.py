"""Sessions: begun by a password alone, kept over a restart, and gone as soon as they should be."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from soundit_edge.page.auth.access import SESSIONS_FILE
from soundit_edge.page.auth.gate import COOKIE
from soundit_edge.page.auth.sessions import LIFE_S, MAX_SESSIONS
from tests.page.auth.device import AWAY, NAME, PASSWORD, WEAKER, GuardedPage, role_of
from tests.waiting import until


async def test_signing_in_and_out(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as browser:
        refused = await browser.get("/api/status")
        assert (refused.status_code, refused.json()) == (401, {"detail": "Sign in to use this device."})
        assert (await browser.post("/api/session", json={"name": " anna ", "password": PASSWORD})).status_code == 200
        assert await role_of(browser) == "admin"
        stolen = browser.cookies[COOKIE]
        assert (await browser.request("DELETE", "/api/session", json={})).status_code == 200
        assert COOKIE not in browser.cookies
        assert await role_of(browser) == "none"
    async with page.client() as thief:
        thief.cookies.set(COOKIE, stolen)
        assert await role_of(thief) == "none"


async def test_a_wrong_name_and_a_wrong_password_are_answered_alike(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as browser:
        answers = [
            await browser.post("/api/session", json={"name": name, "password": password})
            for name, password in (("Anna", WEAKER), ("Bert", PASSWORD))
        ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert [answer for answer in answers if "set-cookie" in answer.headers] == []


async def test_a_session_survives_a_restart_and_ends_in_time(tmp_path: Path) -> None:
    browser = await GuardedPage(tmp_path).claimed_by()
    session_id = browser.cookies[COOKIE]
    assert session_id not in (tmp_path / SESSIONS_FILE).read_text()
    restarted = GuardedPage(tmp_path)
    async with restarted.client() as again:
        again.cookies.set(COOKIE, session_id)
        restarted.wall_s += LIFE_S - 1
        assert await role_of(again) == "admin"
        restarted.wall_s += 1
        assert await role_of(again) == "none"


async def test_attack_session_fixation(tmp_path: Path) -> None:
    """An id that an attacker has put into the browser is never the one of the session."""
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as victim, page.client() as attacker:
        for jar in (victim, attacker):
            jar.cookies.set(COOKIE, "chosen-by-the-attacker", domain=NAME)
        assert (await victim.post("/api/session", json={"name": "Anna", "password": PASSWORD})).status_code == 200
        assert await role_of(attacker) == "none"


async def test_a_sign_in_rotates_the_session(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    browser = await page.claimed_by("Anna")
    before = browser.cookies[COOKIE]
    await browser.post("/api/session", json={"name": "Anna", "password": PASSWORD})
    assert browser.cookies[COOKIE] != before
    async with page.client() as other:
        other.cookies.set(COOKIE, before)
        assert await role_of(other) == "none"


async def test_a_changed_role_counts_at_once_and_a_removed_user_is_out(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by()
    bert = await page.with_user(admin, "Bert", "operator")
    assert (await bert.put("/api/volume", json={"volume": 0.5})).status_code == 200
    user = (await admin.get("/api/users")).json()[1]["id"]
    await admin.patch(f"/api/users/{user}", json={"role": "viewer"})
    assert (await bert.put("/api/volume", json={"volume": 0.5})).status_code == 403
    await admin.request("DELETE", f"/api/users/{user}", json={})
    assert await role_of(bert) == "none"


async def test_another_password_signs_the_other_browsers_out(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by("Anna")
    async with page.client() as phone:
        await phone.post("/api/session", json={"name": "Anna", "password": PASSWORD})
        wrong = await phone.put("/api/me/password", json={"password": WEAKER, "new_password": WEAKER})
        assert wrong.status_code == 401
        changed = await phone.put("/api/me/password", json={"password": PASSWORD, "new_password": WEAKER})
        assert changed.status_code == 200
        assert await role_of(phone) == "admin"
        assert await role_of(admin) == "none"
        assert (await admin.post("/api/session", json={"name": "Anna", "password": PASSWORD})).status_code == 401
        assert (await admin.post("/api/session", json={"name": "Anna", "password": WEAKER})).status_code == 200


async def test_no_more_sessions_are_kept_than_there_is_room_for(tmp_path: Path) -> None:
    page = GuardedPage(None)
    await page.claimed_by("Anna")
    anna = page.access.accounts.users[0].id
    ids = [await page.access.sessions.begin(anna) for _ in range(MAX_SESSIONS + 1)]
    assert page.access.sessions.user_of(ids[0]) is None
    assert page.access.sessions.user_of(ids[-1]) == anna


async def test_a_stream_ends_when_its_reader_signs_out(tmp_path: Path) -> None:
    """A stream lasts for days: who was removed must not go on reading it."""
    page = GuardedPage(tmp_path)
    browser = await page.claimed_by()
    sent: list[dict[str, Any]] = []
    complete = asyncio.Event()
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/api/events",
        "raw_path": b"/api/events",
        "query_string": b"",
        "headers": [(b"host", NAME.encode()), (b"cookie", f"{COOKIE}={browser.cookies[COOKIE]}".encode())],
        "client": (AWAY, 1),
        "asgi": {"version": "3.0", "spec_version": "2.3"},  # uvicorn's
    }

    async def receive() -> dict[str, Any]:
        await complete.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        assert not complete.is_set()
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            complete.set()

    streaming = asyncio.ensure_future(page.app(scope, receive, send))  # type: ignore[arg-type]
    await until(lambda: len(sent) >= 4)
    await browser.request("DELETE", "/api/session", json={})
    await streaming
    assert sent[0]["status"] == 200
    assert sent[-1] == {"type": "http.response.body", "body": b""}
