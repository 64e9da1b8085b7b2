"""The example dashboard and the page about metrics: they name what there is, and all of it."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import ProcessCollector

from soundit_edge.integrations.metrics.rows import ROWS

DOCS = Path(__file__).resolve().parents[3] / "docs"
DASHBOARD: dict[str, Any] = json.loads((DOCS / "metrics/dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [target for panel in PANELS for target in panel["targets"]]
METRIC = re.compile(r"\b(?:soundit|process)_\w+")
LABEL = re.compile(r"\{\{(\w+)\}\}")
COLUMNS = 24
"""Of Grafana's grid."""


def exposed() -> set[str]:
    process = ProcessCollector(registry=None).collect()
    of_process = {one.name + ("_total" if one.type == "counter" else "") for one in process}
    return {row.name for row in ROWS} | of_process


def test_the_dashboard_asks_for_what_there_is_and_for_all_of_ours() -> None:
    asked = {name for target in TARGETS for name in METRIC.findall(target["expr"])}
    assert asked <= exposed()
    assert {row.name for row in ROWS} <= asked


def test_a_legend_has_labels_that_the_metric_has() -> None:
    labels = {row.name: {*row.labels, "instance"} for row in ROWS}
    for target in TARGETS:
        (name,) = METRIC.findall(target["expr"])
        assert set(LABEL.findall(target["legendFormat"])) <= labels.get(name, {"instance"}), target


def test_what_counts_is_shown_as_a_rate_and_everything_by_device() -> None:
    for target in TARGETS:
        (name,) = METRIC.findall(target["expr"])
        assert name.endswith("_total") == bool(re.match(r"(rate|increase)\(", target["expr"])), target
        assert f'{name}{{instance=~"$instance"' in target["expr"], target


def test_the_dashboard_has_the_shape_of_grafanas_classic_ones() -> None:
    assert DASHBOARD["id"] is None
    assert DASHBOARD["schemaVersion"] >= 36
    assert [one["name"] for one in DASHBOARD["templating"]["list"]] == ["datasource", "instance"]
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(numbers)) == len(numbers)
    for panel in PANELS:
        assert panel["type"] in ("stat", "timeseries", "state-timeline")
        assert panel["title"]
        assert {"defaults", "overrides"} == panel["fieldConfig"].keys()
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]) > 0
        for one in (panel, *panel["targets"]):
            assert one["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_no_panel_lies_over_another_one() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    cells = [set(itertools.product(range(p["x"], p["x"] + p["w"]), range(p["y"], p["y"] + p["h"]))) for p in places]
    assert sum(map(len, cells)) == len(set().union(*cells))
    assert all(place["x"] + place["w"] <= COLUMNS for place in places)


def test_the_page_about_metrics_has_each_of_them() -> None:
    rows = re.findall(r"^\| `(soundit_\w+)` \| (.*?) ?\| (.*) \|$", (DOCS / "metrics.md").read_text(), re.MULTILINE)
    assert rows == [(row.name, ", ".join(row.labels), row.help) for row in ROWS]
    named = set(re.findall(r"`(process_\w+)`", (DOCS / "metrics.md").read_text()))
    assert named == {name for name in exposed() if name.startswith("process_")}
