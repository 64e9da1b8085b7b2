"""The routes of the help: for administrators only, and through the one door."""

from __future__ import annotations

import pytest

from soundit_edge.control.actor import Role
from soundit_edge.page.routes import support
from tests.fakes.control import FakeControl


async def report() -> str:
    return "soundit report\n"


def test_help_is_for_administrators() -> None:
    table = support.routes(FakeControl(), report)
    assert {(route.method, route.path): route.role for route in table} == {
        ("GET", "/api/report"): Role.ADMIN,
        ("PUT", "/api/safe_mode"): Role.ADMIN,
    }


@pytest.mark.parametrize("body", [{}, {"on": "yes"}, {"on": 1}, {"on": True, "more": 1}])
def test_safe_mode_is_on_or_off(body: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="SafeModeBody"):
        support.SafeModeBody.model_validate(body)
