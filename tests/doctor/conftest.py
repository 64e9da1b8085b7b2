"""A computer made of files for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty one."""
    return World(tmp_path / "root")
