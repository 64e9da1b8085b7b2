"""Real music through the engine, measured as `make bench-real-tracks` does, but of three tracks only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from benches.clicks import allowed_db, sharpest
from benches.real_tracks import PACKAGE, Row, Wandering, measured, tracks
from soundit_edge.music.compose.theme.theme import theme
from tests.music.signals import sine

NAMES = ("battle-epic", "frantic-old", "underground")
FILES = [file for file in tracks() if file.stem in NAMES]


class Measured:
    """What was found of each track; the next ones are played when they are asked for, so that no test takes long."""

    def __init__(self) -> None:
        self._coming = measured(FILES, Wandering(theme(1)), each_s=20.0)
        self._rows: dict[str, Row] = {}

    def __getitem__(self, name: str) -> Row:
        while name not in self._rows:
            row, _, _ = next(self._coming)
            self._rows[row.name] = row
        return self._rows[name]

    def close(self) -> None:
        """Remove what the measuring has written."""
        self._coming.close()


@pytest.fixture(scope="module")
def rows() -> Iterator[Measured]:
    if len(FILES) < len(NAMES):
        pytest.skip(f"the package {PACKAGE} is not installed")
    with closing(Measured()) as rows:
        assert rows[NAMES[0]]  # its cache is this fixture's, and not left behind by the first test
        yield rows


@pytest.mark.parametrize("name", NAMES)
def test_it_is_scanned(name: str, rows: Measured) -> None:
    row = rows[name]
    assert -30.0 < row.analysis.loudness < -8.0
    bpm = row.analysis.rhythm.bpm
    assert bpm is None or 50.0 <= bpm <= 210.0
    assert row.own_lines <= (bpm is not None)
    assert len(row.analysis.onsets) > row.length_s / 4


@pytest.mark.parametrize("name", NAMES)
def test_it_morphs_without_a_click(name: str, rows: Measured) -> None:
    row = rows[name]
    assert row.morphed.sharp_db <= allowed_db(row.own), row.morphed
    assert 0.01 < row.peak < 0.8913


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_in_without_a_click(name: str, rows: Measured) -> None:
    row = rows[name]
    assert row.fade.sharp_db <= row.fade_allowed_db, row.fade


@pytest.mark.parametrize("name", NAMES)
def test_the_measure_can_tell_a_bad_engine(name: str, rows: Measured) -> None:
    assert rows[name].cuts.sharp_db > allowed_db(rows[name].own) + 3.0


@pytest.mark.parametrize("step", [0.003, 0.1])
def test_the_measure_sees_a_small_step_where_it_is(step: float) -> None:
    samples = sine(440.0, 3.0)
    quiet = sharpest(samples)
    samples[60_000:] += step
    found = sharpest(samples)
    assert quiet.sharp_db < 0.0
    assert found.sharp_db > 20.0
    assert found.second == pytest.approx(60_000 / 48_000, abs=0.001)
