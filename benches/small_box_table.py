"""The figures of `small_box.py` for people, beside what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

PUBLISHED: Final = {"Raspberry Pi 5": 2737.49, "Raspberry Pi 4": 1477.83, "Raspberry Pi 3B+": 687.45}
"""Events a second of `sysbench cpu --threads=1`, sysbench 1.0.20: leoncode.co.uk/articles/raspberry-pi-benchmarks."""
BOXES: Final = {1.0: "Raspberry Pi 5", 0.5: "Raspberry Pi 4", 0.25: "Raspberry Pi 3B+"}
FACES: Final = {1.0: 5.0, 0.5: 3.0, 0.25: 1.0}
"""Readings of faces a second that are asked for, by the share of a core."""


def table(result: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the figures as Markdown, and the gates that were missed."""
    boxes = result["boxes"]
    gates = [gate for box in boxes for gate in _gates(box)]
    ratios = ", ".join(f"{name} {events / max(PUBLISHED.values()):.2f}" for name, events in PUBLISHED.items())
    lines = [
        "# The whole device on a small box",
        "",
        f"`make bench-small-box` on {result['machine']}, {result['date']}.",
        f"Load of the machine at the start: {result['load']:.1f}.",
        "",
        "The device, its music's process included, shares one core of this computer, or a half or a quarter of it",
        "(CPU bandwidth control, granted every 10 ms): the ratios of the boards' single cores",
        f"({ratios}; `sysbench cpu --threads=1`, sysbench 1.0.20,",
        "leoncode.co.uk/articles/raspberry-pi-benchmarks). This computer's core is not that of a Pi 5, and the boards",
        "have four cores: the table shows how the device adapts to a smaller box. A board's own figures come from",
        "`soundit bench` on it. The music has real-time priority, and its time is taken off the share of all else.",
        "",
        "Readings: once the rates have settled, ten seconds after the page first answers. Age: what a frame or window",
        "had waited when its reading began, and call: how long that took, by the clock. Sound: of the whole run.",
        "",
        "| gate | reached | asked for | |",
        "|---|---|---|---|",
        *(f"| {what} | {reached} | {asked} | {'met' if met else 'missed'} |" for what, reached, asked, met in gates),
    ]
    for box in boxes:
        lines += ["", *_box(box)]
    return "\n".join([*lines, ""]), [what for what, _, _, met in gates if not met]


def _gates(box: dict[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    share = box["share"]
    for clip, run in box["clips"].items():
        yield f"{share:.0%}, {clip}: underruns", f"{run['underruns']}", "0", run["underruns"] == 0
        if share in FACES:
            faces = run["senses"]["face"]["readings_per_s"]
            yield (
                f"{share:.0%}, {clip}: faces a second",
                f"{faces:.1f}",
                f">= {FACES[share]:.0f}",
                faces >= FACES[share],
            )


def _box(box: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of one share of a core."""
    share, runs = box["share"], box["clips"]
    name = f" ({BOXES[share]})" if share in BOXES else ""
    yield f"## {share:.0%} of a core{name}; a busy loop got {100 * box['obtained']:.0f} %"
    yield ""
    yield _row("", [f"{clip}: readings a second | age p95, ms | call p95, ms" for clip in runs])
    yield _row("---", ["---|---|---" for _ in runs])
    for sense in next(iter(runs.values()))["senses"]:
        figures = [run["senses"][sense] for run in runs.values()]
        yield _row(
            sense, [f"{f['readings_per_s']:.1f} | {f['age_p95_ms']:.0f} | {f['call_p95_ms']:.0f}" for f in figures]
        )
    yield ""
    yield _row("", list(runs))
    yield _row("---", ["---" for _ in runs])
    yield _row("start to the page, s", [f"{run['page_s']:.1f}" for run in runs.values()])
    for part, title in {"senses_and_page": "senses, clip and page", "music": "music"}.items():
        yield _row(f"{title}, of a core", [f"{100 * run['cpu_share'][part]:.0f} %" for run in runs.values()])
    yield _row("late blocks of sound", [f"{run['late']} of {run['blocks']}" for run in runs.values()])
    yield _row("level of the music's quality (0 is the best)", [f"{run['quality']:.0f}" for run in runs.values()])
    yield _row("underruns", [str(run["underruns"]) for run in runs.values()])
    if box["reactions_s"]:
        p50, p95 = (float(np.percentile(box["reactions_s"], share)) for share in (50, 95))
        yield ""
        times = len(box["reactions_s"])
        yield f"From a changed face to the music: {1000 * p50:.0f} ms (p95 {1000 * p95:.0f} ms, {times} times)."


def _row(title: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join([title, *cells])} |"
