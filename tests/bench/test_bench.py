"""`soundit bench` measures real models, real senses and real music; here as little of each as it can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundit_edge.bench.latency import model_files
from soundit_edge.cli import bench
from tests.device import soundit_here


def test_a_bench_measures_everything_and_ends_with_a_line_of_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "QUICK", bench.Effort(call_s=0.0, chain_s=1.0, repeats=1, all_threads=False))
    done = soundit_here(tmp_path, "bench", "--quick", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    figures = json.loads(lines[-1])
    assert figures["models"].keys() == model_files().keys()
    assert all(0 < model["p50_ms"] <= model["p95_ms"] for model in figures["models"].values())
    assert figures["chain"]["cpu_cores"] > 0
    assert figures["chain"]["readings_per_s"] > 0
    assert figures["chain"]["rss_mb"] > 50
    assert 0 < figures["reaction_ms"]["p50"] <= figures["reaction_ms"]["p95"]
    assert 0 < figures["reaction_target_ms"]["p50"] <= figures["reaction_ms"]["p50"], "the music follows its target"
    assert figures["audio"]["blocks"] > 0
    assert any(line.startswith("face to music") for line in lines)
