"""The gates of the music engine that are not timings, measured as `make bench-morph` does."""

from __future__ import annotations

import pytest

from benches.morph_engines import Engine, ours, ours_steps, seed, seed_steps
from benches.morph_gates import GATES, MIXES, TIMED, Gate, measure


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return measure(Engine("ours", ours, ours_steps), timed=False)


@pytest.mark.parametrize("gate", [gate for gate in GATES if gate.name != TIMED], ids=lambda gate: gate.name)
def test_the_engine_passes(gate: Gate, figures: dict[str, float]) -> None:
    assert gate.passes(figures[gate.name]), f"{figures[gate.name]:.4g} {gate.unit}"


def test_the_measure_can_tell_a_bad_engine() -> None:
    bad = measure(Engine("seed", seed, seed_steps), timed=False, mixes=MIXES[:1])
    missed = {gate.name for gate in GATES if gate.name in bad and not gate.passes(bad[gate.name])}
    kinds = ("pitch error", "sine SNR", "chord SNR", "tempo error", "tone under clicks", "phase", "log-mel", "click on")
    for kind in kinds:
        assert any(name.startswith(kind) for name in missed), kind
