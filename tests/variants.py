"""Which of a test's many cases `make test` tries; the others are marked and left to `make test-thorough`."""

from __future__ import annotations

from typing import Any

import pytest


def thorough(*cases: Any) -> list[Any]:
    """Return cases for `pytest.mark.parametrize` that only `make test-thorough` tries."""
    marked = pytest.mark.thorough
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marked) for case in cases]
