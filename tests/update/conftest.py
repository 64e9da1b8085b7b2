"""A repository and a device for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.update.receiver import Receiver
from tests.update.repository import Repository


@pytest.fixture
def repository() -> Repository:
    return Repository()


@pytest.fixture
def device(tmp_path: Path, repository: Repository) -> Receiver:
    return Receiver(tmp_path, repository)
