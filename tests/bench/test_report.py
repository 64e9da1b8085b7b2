"""The figures of a bench: JSON as others read it, a table beside other computers, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge import paths
from soundit_edge.bench.report import (
    AudioFigures,
    BenchFigures,
    ChainFigures,
    ModelFigures,
    as_json,
    reaction_figures,
    references,
    table,
)

HERE = BenchFigures(
    models={"face_expression": ModelFigures(p50_ms=0.62345, p95_ms=0.9)},
    chain=ChainFigures(cpu_cores=0.5, readings_per_s=48.0, rss_mb=240.0),
    reaction_ms=reaction_figures([0.25, 0.3, 0.35]),
    reaction_target_ms=reaction_figures([0.2, 0.25, 0.3]),
    audio=AudioFigures(blocks=1875, late=1, underruns=0),
)


def test_the_json_has_the_shape_that_others_read() -> None:
    assert as_json(HERE) == {
        "models": {"face_expression": {"p50_ms": 0.623, "p95_ms": 0.9}},
        "chain": {"cpu_cores": 0.5, "readings_per_s": 48.0, "rss_mb": 240.0},
        "reaction_ms": {"p50": 300.0, "p95": pytest.approx(345.0)},
        "reaction_target_ms": {"p50": 250.0, "p95": pytest.approx(295.0)},
        "audio": {"blocks": 1875, "late": 1, "underruns": 0},
    }


def test_other_computers_stand_beside_this_one() -> None:
    other = HERE.model_copy(update={"models": {}, "machine": "Raspberry Pi 5"})
    lines = table(HERE, {"Raspberry Pi 5": other})
    assert lines[0].split() == ["here", "Raspberry", "Pi", "5"]
    assert lines[1].split()[-2:] == ["0.90)", "-"], "a model that the other one had not"
    assert len({len(line) for line in lines}) == 1


def test_both_reactions_stand_in_the_table_and_an_older_reference_has_only_one() -> None:
    lines = table(HERE, {"older": HERE.model_copy(update={"reaction_target_ms": None})})
    rows = {line.split(",")[0]: line.split()[-5:] for line in lines if line.startswith("face to")}
    assert rows["face to target"][-4:] == ["250", "(p95", "295)", "-"]
    assert rows["face to music"][-3:] == ["300", "(p95", "345)"]


def test_a_file_that_is_no_reference_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(HERE.model_dump_json())
    (tmp_path / "named.json").write_text(HERE.model_copy(update={"machine": "Jetson"}).model_dump_json())
    for name, content in (("text", "figures"), ("other", '{"models": 3}'), ("empty", "")):
        (tmp_path / f"{name}.json").write_text(content)
    assert list(references(tmp_path)) == ["good", "Jetson"]


def test_the_shipped_references_are_all_good() -> None:
    files = list(paths.reference_folder().glob("*.json"))
    assert files
    assert len(references()) == len(files)
    assert all(name and "\n" not in name for name in references())
