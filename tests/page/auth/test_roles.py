"""Every route by every role: who may do less is refused before anything is done, and what has no row is not there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette import routing

from soundit_edge.control.actor import Role
from soundit_edge.page.http.guard import Guard
from soundit_edge.page.http.hosts import Hosts
from soundit_edge.page.route import Route, add_routes
from tests.page.auth.device import NAME, GuardedPage, role_of
from tools.routes import MANIFEST, manifest, whole_table

TABLE = whole_table()


def test_the_manifest_is_the_devices_own_table() -> None:
    assert MANIFEST.read_text() == manifest(), "run .venv/bin/python -m tools.routes and look at what has changed"


def test_the_application_has_these_routes_and_no_others(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    table = {(route.method, route.path) for route in page.app.state.routes}
    assert all(isinstance(route, routing.Route) for route in page.app.routes)
    found = [route for route in page.app.routes if isinstance(route, routing.Route)]
    assert {(method, route.path) for route in found for method in route.methods or ()} == table


def test_no_route_has_two_rows() -> None:
    rows = [(route.method, route.path) for route in TABLE]
    assert len(set(rows)) == len(rows)


def test_what_is_open_to_all_are_the_files_and_the_ways_to_say_who_one_is() -> None:
    """A new route that everybody may ask for has to be meant."""
    assert {(route.method, route.path) for route in TABLE if route.role is None} == {
        ("GET", "/"),
        ("GET", "/static/{name:path}"),
        ("GET", "/favicon.ico"),
        ("GET", "/kiosk"),
        ("GET", "/notice"),
        ("GET", "/api/notice"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/me"),
        ("POST", "/api/claim"),
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
    }


async def test_attack_role_escalation_on_every_route(tmp_path: Path) -> None:
    """Every role asks for every route: it is answered exactly where the table says so."""
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by()
    browsers: dict[Role | None, httpx.AsyncClient] = {None: page.client(), Role.ADMIN: admin}
    for lesser in (Role.VIEWER, Role.OPERATOR):
        browsers[lesser] = await page.with_user(admin, lesser.title(), lesser)
    reached: list[Route] = []

    def noted(route: Route) -> Route:
        async def answer() -> None:
            reached.append(route)

        return replace(route, answer=answer)

    app = FastAPI(openapi_url=None)
    table = [noted(route) for route in TABLE]
    app.add_middleware(Guard, routes=table, gate=page.access.gate, hosts=Hosts(lambda: [NAME]))
    await asyncio.to_thread(add_routes, app, table)  # so many take half a second
    for role, browser in browsers.items():
        browser._transport.app = app  # type: ignore[attr-defined]
        for route in TABLE:
            await asyncio.sleep(0)  # nothing in here waits: all these requests would be one turn of the event loop
            reached.clear()
            path = route.path.replace("{name:path}", "page.js").replace("{", "").replace("}", "")
            content = None if route.method == "GET" else b"{}"
            headers = {"content-type": route.body_types[0]}
            answer = await browser.request(route.method, path, headers=headers, content=content)
            may = route.role is None or (role is not None and role.covers(route.role))
            expected = 200 if may else 401 if role is None else 403
            assert (answer.status_code, bool(reached)) == (expected, may), (role, route.method, route.path)


async def test_what_has_no_row_is_not_there_even_for_an_administrator(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)

    async def forgotten() -> None:
        raise AssertionError("it was reached")

    page.app.add_api_route("/api/forgotten", forgotten, methods=["GET"])
    async with page.here() as browser:
        assert (await browser.get("/api/forgotten")).status_code == 404


async def test_the_last_administrator_stays(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    admin = await page.claimed_by("Anna")
    anna = (await admin.get("/api/users")).json()[0]["id"]
    for role in ("viewer", "operator"):
        assert (await admin.patch(f"/api/users/{anna}", json={"role": role})).status_code == 409
    assert (await admin.request("DELETE", f"/api/users/{anna}", json={})).status_code == 409
    bert = await page.with_user(admin, "Bert", "admin")
    assert (await admin.request("DELETE", f"/api/users/{anna}", json={})).status_code == 200
    assert (await role_of(admin), await role_of(bert)) == ("none", "admin")


@pytest.mark.parametrize(
    ("local_role", "changes", "configures"),
    [("none", 401, 401), ("viewer", 403, 403), ("operator", 200, 403), ("admin", 200, 200)],
)
async def test_what_may_be_done_on_the_device_itself_once_it_is_claimed(
    tmp_path: Path, local_role: str, changes: int, configures: int
) -> None:
    page = GuardedPage(tmp_path, local_role=local_role)
    await page.claimed_by()
    async with page.here() as browser:
        assert (await browser.put("/api/volume", json={"volume": 0.5})).status_code == changes
        assert (await browser.get("/api/users")).status_code == configures


@pytest.mark.parametrize("local_role", ["viewer", "operator", "admin"])
async def test_a_locked_kiosk_lets_only_administrators_change_anything(tmp_path: Path, local_role: str) -> None:
    page = GuardedPage(tmp_path, local_role=local_role)
    admin = await page.claimed_by()
    bert = await page.with_user(admin, "Bert", "operator")
    token = (await admin.post("/api/tokens", json={"name": "x", "role": "operator"})).json()["token"]
    assert (await bert.put("/api/kiosk", json={"locked": True})).status_code == 403
    assert (await admin.put("/api/kiosk", json={"locked": True})).status_code == 200
    async with page.here() as screen, page.client(ours=False) as program:
        program.headers["authorization"] = f"Bearer {token}"
        for visitor in (bert, screen, program):
            assert await role_of(visitor) == "viewer"
            assert (await visitor.get("/api/status")).status_code == 200
            assert (await visitor.put("/api/volume", json={"volume": 1})).status_code == 403
            assert (await visitor.put("/api/kiosk", json={"locked": False})).status_code == 403
    assert page.control.volumes == []
    assert (await admin.put("/api/kiosk", json={"locked": False})).status_code == 200
    assert (await bert.put("/api/volume", json={"volume": 1})).status_code == 200


async def test_a_kiosk_that_nobody_could_unlock_is_not_locked(tmp_path: Path) -> None:
    page = GuardedPage(tmp_path)
    async with page.here() as browser:
        assert (await browser.put("/api/kiosk", json={"locked": True})).status_code == 409
