"""How tiles make a picture is read from whatever bytes there are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.media.heif import Grid, grid_of
from tests.media.heif import tiled

IMAGE = np.full((200, 300, 3), 90, np.uint8)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return tiled(tmp_path_factory.mktemp("heif") / "phone.avif", IMAGE, (128, 128), turns=3).read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changed") / "phone.avif"


def test_a_grid_is_described(content: bytes, place: Path) -> None:
    place.write_bytes(content)
    assert grid_of(place) == Grid(300, 200, 3, (1, 2, 3, 4, 5, 6), 3)


def test_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nothing of the kind\n" * 100)
    assert grid_of(tmp_path / "text") is None
    assert grid_of(tmp_path / "missing") is None


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_is_damaged(content: bytes, place: Path, data: st.DataObject) -> None:
    changed = bytearray(content[: data.draw(st.integers(0, len(content)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if changed:
            changed[data.draw(st.integers(0, min(len(changed), 900) - 1))] = data.draw(st.integers(0, 255))
    place.write_bytes(changed)
    grid = grid_of(place)
    if grid is not None:
        assert len(grid.tiles) % grid.columns == 0
