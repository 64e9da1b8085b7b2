"""Stand-in accelerators for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.inference.models import ModelSet
from tests.inference.delegates.stand_in import build, model_set


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in accelerator, whose faults are chosen by its options."""
    return build(tmp_path_factory.mktemp("stand_in"))


@pytest.fixture
def models(tmp_path: Path) -> ModelSet:
    """A set of one small model."""
    return model_set(tmp_path / "models")
