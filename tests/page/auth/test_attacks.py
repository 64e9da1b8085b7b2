"""One test for each attack from the network on a claimed device, or on the way to its password."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.page.auth.accounts import MAX_NAME, check_name
from soundit_edge.page.auth.gate import COOKIE
from soundit_edge.page.auth.passwords import Passwords
from soundit_edge.page.auth.rate_limit import OVERALL, PER_ADDRESS
from tests.page.auth.device import AWAY, HERE, NAME, PASSWORD, WEAKER, GuardedPage, role_of

SIGN_IN = {"name": "Anna", "password": WEAKER}


async def test_attack_csrf_by_a_form_that_has_the_cookie(tmp_path: Path) -> None:
    """What a form or a script of another page can send, with the cookie that a browser would not even add."""
    page = GuardedPage(tmp_path)
    session_id = (await page.claimed_by()).cookies[COOKIE]
    async with page.client(ours=False) as browser:
        browser.cookies.set(COOKIE, session_id, domain=NAME)
        assert await role_of(browser) == "admin"
        for headers in (
            {},
            {"origin": "http://evil.example", "x-soundit": "page"},
            {"sec-fetch-site": "cross-site", "x-soundit": "page"},
            {"sec-fetch-site": "same-site", "x-soundit": "page"},
            {"origin": f"https://{NAME}:8347", "x-soundit": "page"},
        ):
            answer = await browser.put("/api/volume", json={"volume": 1}, headers=headers)
            assert answer.status_code == 403, headers
        form = {"content-type": "text/plain", "x-soundit": "page"}
        assert (await browser.put("/api/volume", content='{"volume": 1}', headers=form)).status_code == 415
        assert page.control.volumes == []
        ours = {"x-soundit": "page", "origin": f"http://{NAME}:8347"}
        assert (await browser.put("/api/volume", json={"volume": 1}, headers=ours)).status_code == 200


async def test_attack_another_page_signs_the_browser_in_as_the_attacker(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by()
    body = {"name": "Anna", "password": PASSWORD}
    async with page.client() as browser:
        for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
            assert (await browser.post("/api/session", json=body, headers=headers)).status_code == 403
        assert await role_of(browser) == "none"


@pytest.mark.parametrize("host", ["evil.example", "soundit-4f7b.local", "soundit-4f7a.local.evil.example", "local"])
async def test_attack_dns_rebinding_of_the_network(tmp_path: Path, host: str) -> None:
    page = GuardedPage(tmp_path)
    async with page.client(HERE, host) as browser:
        answer = await browser.put("/api/volume", json={"volume": 1}, headers={"origin": f"http://{host}"})
        assert answer.status_code == 400
        assert page.control.volumes == []


@pytest.mark.parametrize("host", [NAME, NAME.upper(), f"{NAME}.", "192.168.1.7", "[2001:db8::7]", "music.example"])
async def test_the_devices_own_names_and_addresses_are_answered(tmp_path: Path, host: str) -> None:
    page = GuardedPage(tmp_path, hosts=["Music.example"])
    async with page.client(host=f"{host}:8347") as browser:
        assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
async def test_attack_through_a_proxy_on_the_device(tmp_path: Path, header: str) -> None:
    """What a proxy passes on comes from 127.0.0.1, and yet from anywhere."""
    page = GuardedPage(tmp_path)
    async with page.here() as browser:
        assert (await browser.get("/api/status", headers={header: "203.0.113.9"})).status_code == 401
    async with page.client(HERE, f"{NAME}:8347") as browser:
        assert (await browser.get("/api/status")).status_code == 401


async def test_attack_a_forged_forwarded_header_makes_nobody_local(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        browser.headers["x-forwarded-for"] = "127.0.0.1"
        assert await role_of(browser) == "none"


async def test_attack_brute_force_from_one_address(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as browser:
        codes = [(await browser.post("/api/session", json=SIGN_IN)).status_code for _ in range(8)]
        assert codes == [401] * 5 + [429] * 3
        right = {**SIGN_IN, "password": PASSWORD}
        assert (await browser.post("/api/session", json=right)).status_code == 429
        page.time_s += 60
        assert (await browser.post("/api/session", json=right)).status_code == 200
        tried = 5
        while tried < 40:
            page.time_s += 61
            code = (await browser.post("/api/session", json=SIGN_IN)).status_code
            if code == 429:
                break
            tried += 1
        assert tried <= PER_ADDRESS[1].attempts


async def test_attack_brute_force_at_once(tmp_path: Path) -> None:
    """Attempts count before they are looked at: many at the same time are no more than one after the other."""
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as browser:
        answers = await asyncio.gather(*(browser.post("/api/session", json=SIGN_IN) for _ in range(20)))
    assert [answer.status_code for answer in answers].count(401) == PER_ADDRESS[0].attempts


async def test_attack_brute_force_from_many_addresses(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    codes = []
    for number in range(OVERALL[0].attempts + 5):
        async with page.client(f"192.168.7.{number}") as browser:
            codes.append((await browser.post("/api/session", json=SIGN_IN)).status_code)
    assert codes.count(401) == OVERALL[0].attempts
    async with page.here() as owner:  # whom nobody in the network can keep out
        assert (await owner.post("/api/session", json={**SIGN_IN, "password": PASSWORD})).status_code == 200


async def test_attack_a_whole_ipv6_network_is_one_address(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    codes = []
    for number in range(8):
        async with page.client(f"2001:db8:1:2::{number:x}") as browser:
            codes.append((await browser.post("/api/session", json=SIGN_IN)).status_code)
    assert codes == [401] * 5 + [429] * 3


async def test_attack_by_the_time_that_an_answer_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has costs the same slow hash as one that somebody has."""
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    hashed: list[bool] = []
    verify = Passwords._verify

    def noted(self: Passwords, known: str, password: str) -> bool:
        hashed.append(known.startswith("$argon2id$"))
        return verify(self, known, password)

    monkeypatch.setattr(Passwords, "_verify", noted)
    async with page.client() as browser:
        for name in ("Anna", "Nobody", "", "Anna\0"):
            await browser.post("/api/session", json={"name": name, "password": WEAKER})
    assert hashed == [True] * 4


async def test_attack_a_password_of_a_megabyte(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    await page.claimed_by("Anna")
    async with page.client() as browser:
        answer = await browser.post("/api/session", json={"name": "Anna", "password": "x" * 1_000_000})
        assert answer.status_code == 413


DISGUISED = [
    "",
    "  ",
    "a\0b",
    "a\nb",
    "\u202egnp.exe",
    "a\u200bb",
    "a\u2066b",
    "x" * 300,
    "x" * (MAX_NAME + 1),
    "\x1b[2J",
]


async def test_attack_names_that_are_not_what_they_look_like(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by("Anna")
    for name in DISGUISED:
        for path, more in (("/api/users", {"password": WEAKER}), ("/api/tokens", {})):
            answer = await admin.post(path, json={"name": name, "role": "admin", **more})
            assert answer.status_code == 422, name
            assert "name" in answer.json()["detail"]
    assert len(page.access.accounts.users) == 1


@pytest.mark.parametrize("name", ["anna", "ANNA", " Anna ", "\uff21nna"])
async def test_attack_a_name_that_somebody_has(tmp_path: Path, name: str) -> None:
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by("Anna")
    answer = await admin.post("/api/users", json={"name": name, "role": "admin", "password": WEAKER})
    assert answer.status_code == 422


@given(st.text(max_size=60))
def test_every_name_is_kept_in_one_printable_line_or_refused(name: str) -> None:
    try:
        kept = check_name(name)
    except InvalidChange:
        return
    assert kept.isprintable()
    assert kept == kept.strip() == check_name(kept)
    assert 1 <= len(kept) <= MAX_NAME


async def test_attack_clickjacking_of_the_sign_in(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        for path in ("/", "/api/me", "/api/status"):
            assert "frame-ancestors 'none'" in (await browser.get(path)).headers["content-security-policy"]


@pytest.mark.parametrize("body", [{"name": "Eve"}, {"name": 1, "password": 2}, {"name": ["a"], "password": {}}, []])
async def test_what_is_no_sign_in_is_refused_without_repeating_it(tmp_path: Path, body: object) -> None:
    page = GuardedPage(tmp_path)
    async with page.client() as browser:
        answer = await browser.post("/api/session", json=body)
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("The body must be")


async def test_no_secret_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Claim, sign-in, a wrong password, a token and what is made of each: none of it stands in the log."""
    caplog.set_level("DEBUG")
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by("Anna")
    token = (await admin.post("/api/tokens", json={"name": "x", "role": "viewer"})).json()["token"]
    async with page.client() as browser:
        await browser.post("/api/session", json=SIGN_IN)
        await browser.post("/api/session", json={**SIGN_IN, "extra": WEAKER})
        await browser.post("/api/claim", json={**SIGN_IN, "code": page.codes[0]})
        await browser.post("/api/session", json={**SIGN_IN, "password": PASSWORD})
        await browser.get("/api/status", headers={"authorization": f"Bearer {token}x"})
        secrets = [PASSWORD, WEAKER, token, page.codes[0], admin.cookies[COOKIE], browser.cookies[COOKIE]]
    secrets += [user.password for user in page.access.accounts.users]
    assert len(caplog.records) > 0
    assert [secret for secret in secrets if secret in caplog.text] == []
    shown = repr(page.access.accounts.users) + repr(page.access.tokens.all)
    assert [secret for secret in secrets if secret in shown] == []


async def test_who_is_away_is_never_taken_for_local(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    for address in (AWAY, "::ffff:192.168.1.9", "fe80::1%eth0", "", "localhost", "10.0.0.1"):
        async with page.client(address, "127.0.0.1:8347") as browser:
            assert await role_of(browser) == "none", address
    for address in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
        async with page.client(address, "127.0.0.1:8347") as browser:
            assert await role_of(browser) == "admin", address
