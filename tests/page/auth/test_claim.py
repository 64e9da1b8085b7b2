"""The claim: nobody in the network gets in before it, and only who stands before the device can make it."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest

from soundit_edge.control.actor import Role
from soundit_edge.control.claim import OPEN_S
from soundit_edge.control.refusals import NotNow
from soundit_edge.page.auth.access import ACCOUNTS_FILE, SESSIONS_FILE
from soundit_edge.page.auth.claim import ALPHABET
from soundit_edge.page.auth.passwords import COMMON
from tests.page.auth.device import PASSWORD, GuardedPage, role_of


async def test_before_the_claim_others_get_the_page_and_nothing_of_the_device(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        assert (await browser.get("/")).status_code == 200
        assert (await browser.get("/static/page.js")).status_code == 200
        for path in ("/api/status", "/api/events", "/api/users", "/api/claim"):
            answer = await browser.get(path)
            assert answer.status_code == 401
            assert answer.json()["detail"].startswith("This device is not claimed yet")
        assert (await browser.put("/api/volume", json={"volume": 1})).status_code == 401
        assert await role_of(browser) == "none"
    assert page.control.asked == 0
    assert page.control.volumes == []


async def test_before_the_claim_whoever_sits_at_the_device_may_do_everything(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.here() as browser:
        assert await role_of(browser) == "admin"
        assert (await browser.put("/api/volume", json={"volume": 0.5})).status_code == 200
        assert (await browser.get("/api/claim")).json() == {"code": page.codes[0]}


async def test_the_code_makes_the_first_administrator_and_signs_in(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    browser = await page.claimed_by("Anna")
    me = (await browser.get("/api/me")).json()
    assert (me["role"], me["name"], me["claimed"], me["signed_in"]) == ("admin", "Anna", True, True)
    assert (await browser.get("/api/status")).status_code == 200
    assert page.access.claim.code is None
    assert PASSWORD not in (tmp_path / ACCOUNTS_FILE).read_text()
    for name in (ACCOUNTS_FILE, SESSIONS_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


async def test_the_code_may_be_typed_as_it_comes(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        await browser.get("/api/me")
        code = page.codes[0]
        assert set(code) <= {*ALPHABET, "-"}
        typed = f" {code.lower().replace('-', ' ')} "
        answer = await browser.post("/api/claim", json={"name": "Anna", "password": PASSWORD, "code": typed})
        assert answer.status_code == 200


async def test_the_cookie_is_for_the_device_alone(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    for scheme, secure in (("http", False), ("https", True)):
        async with page.client(scheme=scheme) as browser:
            await browser.get("/api/me")
            body = {"name": "Anna", "password": PASSWORD}
            path = "/api/session" if page.access.accounts.claimed else "/api/claim"
            answer = await browser.post(path, json=body | ({"code": page.codes[-1]} if path == "/api/claim" else {}))
            cookie = answer.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie
            assert "Path=/" in cookie
            assert "Domain" not in cookie
            assert ("Secure" in cookie) is secure


async def test_a_device_is_claimed_once(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as other:
        answer = await other.post("/api/claim", json={"name": "Eve", "password": PASSWORD, "code": page.codes[0]})
        assert answer.status_code == 409
        assert await role_of(other) == "none"


async def test_of_two_claims_at_once_one_is_made(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as one, page.client("192.168.1.10") as other:
        await one.get("/api/me")
        answers = await asyncio.gather(
            *(
                browser.post("/api/claim", json={"name": name, "password": PASSWORD, "code": page.codes[0]})
                for browser, name in ((one, "Anna"), (other, "Bert"))
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(page.access.accounts.users) == 1


async def test_the_button_opens_the_claim_for_two_minutes(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    body = {"name": "Anna", "password": PASSWORD}
    async with page.client() as browser:
        assert (await browser.post("/api/claim", json=body)).status_code == 401
        page.access.claim.button.press()
        page.time_s += OPEN_S
        assert (await browser.post("/api/claim", json=body)).status_code == 401
        page.access.claim.button.press()
        page.time_s += OPEN_S - 1
        assert (await browser.post("/api/claim", json=body)).status_code == 200
    assert not page.access.claim.button.open


async def test_who_sits_at_the_device_needs_no_code(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.here() as browser:
        assert (await browser.post("/api/claim", json={"name": "Anna", "password": PASSWORD})).status_code == 200
        assert (await browser.get("/api/me")).json()["name"] == "Anna"


async def test_attack_codes_are_guessed(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        body = {"name": "Eve", "password": PASSWORD, "code": "AAAA-AAAA"}
        codes = [(await browser.post("/api/claim", json=body)).status_code for _ in range(7)]
        assert codes == [401] * 5 + [429] * 2
        right = {**body, "code": page.codes[0]}
        locked_out = await browser.post("/api/claim", json=right)
        assert locked_out.status_code == 429
        assert 1 <= int(locked_out.headers["retry-after"]) <= 60
        assert "wait" in locked_out.json()["detail"]
        page.time_s += 61
        assert (await browser.post("/api/claim", json=right)).status_code == 200


async def test_the_code_is_another_one_at_each_start_and_kept_nowhere(tmp_path: Path) -> None:
    codes = []
    for _ in range(3):
        page = GuardedPage(tmp_path)
        async with page.client() as browser:
            await browser.get("/api/me")
            await browser.get("/api/me")
        codes += page.codes
    assert len(set(codes)) == len(codes) == 3
    assert os.listdir(tmp_path) == []


WEAK = ["", "short", "x" * 9, "x" * 257, "aaaaaaaaaaaa", "1212121212", "AnnaAnna", *sorted(COMMON)[:2]]


async def test_a_weak_password_claims_nothing(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.here() as browser:
        for password in WEAK:
            answer = await browser.post("/api/claim", json={"name": "AnnaAnna", "password": password})
            assert answer.status_code == 422, password
            assert "assword" in answer.json()["detail"]
    assert not page.access.accounts.claimed


@pytest.fixture
def no_folder(tmp_path: Path) -> Path:
    """A place where no file can be written."""
    (tmp_path / "state").write_text("no folder")
    return tmp_path / "state"


async def test_a_claim_that_cannot_be_kept_is_none(no_folder: Path) -> None:
    page = GuardedPage(no_folder)
    async with page.here() as browser:
        answer = await browser.post("/api/claim", json={"name": "Anna", "password": PASSWORD})
        assert answer.status_code == 409
        assert "cannot be written" in answer.json()["detail"]
        assert not page.access.accounts.claimed


async def test_accounts_that_another_process_removes_are_gone_at_once(tmp_path: Path) -> None:
    """`soundit claim --reset` while the device runs."""
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by()
    for name in (ACCOUNTS_FILE, SESSIONS_FILE):
        (tmp_path / name).unlink()
    assert await role_of(admin) == "none"
    assert len(page.codes) == 2
    again = await page.claimed_by("Anna")
    assert await role_of(again) == "admin"
    assert await role_of(admin) == "none"


async def test_damaged_accounts_are_set_aside_and_the_device_is_to_be_claimed(tmp_path: Path) -> None:
    (tmp_path / ACCOUNTS_FILE).write_text('{"users": [{"name": "An')
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        assert await role_of(browser) == "none"
    assert await role_of(await page.claimed_by()) == "admin"
    assert (tmp_path / "accounts.damaged").exists()


async def test_the_button_says_how_the_claim_stands_and_opens_it_once(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    page.access.gate.refresh()
    states = [page.access.claim_state]
    page.access.open_claim()
    states.append(page.access.claim_state)
    page.time_s += OPEN_S
    states.append(page.access.claim_state)
    await page.claimed_by("Anna")
    states.append(page.access.claim_state)
    assert states == ["unclaimed", "open", "unclaimed", "claimed"]
    with pytest.raises(NotNow, match="claimed already"):
        page.access.open_claim()


async def test_a_reset_forgets_users_sessions_and_tokens_at_once_and_for_good(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    anna = await page.claimed_by("Anna")
    await page.access.tokens.make("hub", Role.OPERATOR)
    await page.access.reset_claim()
    assert await role_of(anna) == "none"
    for device in (page, GuardedPage(tmp_path)):
        device.access.gate.refresh()
        assert device.access.claim_state == "unclaimed"
        assert (device.access.accounts.users, device.access.tokens.all) == ((), ())
    bert = await page.claimed_by("Bert")
    assert await role_of(bert) == "admin"
    assert len(set(page.codes)) == 2, "the old code is of no use any more"
