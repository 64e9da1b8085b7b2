"""Tokens of programs: shown once, of use while they are kept, and only whole and by the one right scheme."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.actor import Role
from soundit_edge.page.auth.access import ACCOUNTS_FILE
from tests.page.auth.device import GuardedPage

Made = tuple[GuardedPage, httpx.AsyncClient, str]


async def made(folder: Path | None, role: str = "operator") -> Made:
    """Return a page, its administrator's browser, and a token."""
    page = GuardedPage(folder)
    admin = await page.claimed_by()
    answer = await admin.post("/api/tokens", json={"name": "heating", "role": role})
    return page, admin, answer.raise_for_status().json()["token"]


async def asked(page: GuardedPage, *authorization: str) -> int:
    """Return how a program is answered that changes the volume, with these Authorization headers."""
    headers = [("authorization", one) for one in authorization]
    async with page.client(ours=False) as program:
        return (await program.put("/api/volume", json={"volume": 0.5}, headers=headers)).status_code


async def test_a_token_is_shown_once_and_works_until_it_is_revoked(tmp_path: Path) -> None:
    page, admin, token = await made(tmp_path)
    assert token not in (tmp_path / ACCOUNTS_FILE).read_text()
    listed = (await admin.get("/api/tokens")).json()
    assert [sorted(one) for one in listed] == [["id", "made_at", "name", "role"]]
    assert await asked(page, f"Bearer {token}") == 200
    assert page.control.actors[-1].subject == "heating"
    assert await asked(GuardedPage(tmp_path), f"bearer {token}") == 200
    await admin.request("DELETE", f"/api/tokens/{listed[0]['id']}", json={})
    assert await asked(page, f"Bearer {token}") == 401


async def test_a_token_may_do_what_its_role_may(tmp_path: Path) -> None:
    page, _, token = await made(tmp_path, "viewer")
    assert await asked(page, f"Bearer {token}") == 403
    async with page.client(ours=False) as program:
        assert (await program.get("/api/status", headers={"authorization": f"Bearer {token}"})).status_code == 200


WRONG = [
    "",
    " ",
    "Bearer",
    "Bearer ",
    "Bearer soundit_",
    "Bearer TOKEN_BUT_ITS_END",
    "Bearer TOKENx",
    "Bearer  TOKEN",
    "Basic TOKEN",
    "Digest TOKEN",
    "Token TOKEN",
    "TOKEN",
    "Bearer token",
]


async def test_attack_an_empty_or_partial_or_foreign_authorization(tmp_path: Path) -> None:
    """ESPHome compared as many characters as the client had sent (CVE-2025-57808)."""
    page, _, token = await made(tmp_path)
    for authorization in WRONG:
        sent = authorization.replace("TOKEN_BUT_ITS_END", token[:-1]).replace("TOKEN", token)
        assert await asked(page, sent) == 401, authorization
    assert page.control.volumes == []


async def test_attack_two_authorizations(tmp_path: Path) -> None:
    page, _, token = await made(tmp_path)
    assert await asked(page, f"Bearer {token}", "Bearer x") == 401


async def test_a_wrong_token_is_not_let_in_as_somebody_else(tmp_path: Path) -> None:
    """Also not on the device itself, where nobody has to sign in."""
    page, _, _ = await made(tmp_path)
    async with page.here() as program:
        assert (await program.get("/api/status")).status_code == 200
        assert (await program.get("/api/status", headers={"authorization": "Bearer x"})).status_code == 401


async def test_no_other_text_is_a_token() -> None:
    tokens = GuardedPage(None).access.tokens
    _, token = await tokens.make("heating", Role.ADMIN)

    @given(st.text(min_size=1, max_size=80))
    def no_other(text: str) -> None:
        for sent in (text, f"Bearer {text}", f"Bearer {token}{text}", f"Bearer {text}{token}", f"{text}Bearer {token}"):
            assert tokens.named_by(sent) is None

    assert tokens.named_by(f"Bearer {token}") is not None
    no_other()


@pytest.mark.parametrize(
    "address",
    ["/?token=TOKEN", "/api/status?Token=x", "/api/me?access_token=TOKEN", "/api/me?x=TOKEN", "/static/TOKEN"],
)
async def test_attack_a_token_in_an_address(tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str) -> None:
    page, _, token = await made(tmp_path)
    caplog.set_level("DEBUG")
    async with page.client(ours=False) as program:
        answer = await program.get(address.replace("TOKEN", token))
    assert answer.status_code == 400
    assert "address" in answer.text
    ours = [record for record in caplog.records if record.name.startswith(("soundit_edge", "uvicorn", "fastapi"))]
    assert [record for record in ours if token in record.getMessage()] == []
