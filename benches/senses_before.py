"""What a change costs: the processor time of all senses on five faces, in a tree from before it and in this one.

Both in one run and alternating, each by its own interpreter, with `senses.py --chain`, which an older tree has too.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT: Final = 1.05
"""Of the CPU before: no more, but for what equal rounds differ by."""


def before_and_after(before: Path, clips: Sequence[Path], repeats: int) -> dict[str, Any]:
    """Return the share of a core and the readings a second of every sense, of the median round of both trees.

    Args:
        before: a checkout with its own .venv.
        clips: of several faces.
        repeats: how often each tree is measured.
    """
    rounds: dict[str, list[dict[str, Any]]] = {"before": [], "after": []}
    trees = {"before": (before, before / ".venv/bin/python"), "after": (ROOT, Path(sys.executable))}
    for number in range(repeats):
        for name, (tree, python) in trees.items():
            print(f"five faces, {name}, {number + 1} of {repeats} …", file=sys.stderr, flush=True)
            rounds[name].append(_chain(tree, python, clips))
    shares = {name: [one["core_share"] for one in found] for name, found in rounds.items()}
    middle = {name: sorted(found, key=lambda one: one["core_share"])[repeats // 2] for name, found in rounds.items()}
    return {
        "commit": _commit(before),
        "core_share": shares,
        "ratio": statistics.median(shares["after"]) / statistics.median(shares["before"]),
        "senses": {name: one["senses"] for name, one in middle.items()},
    }


def rows(found: dict[str, Any]) -> list[str]:
    """Return the lines of the table."""
    senses = found["senses"]
    repeats = len(found["core_share"]["after"])
    lines = [
        f"## Five faces, before ({found['commit']}) and after, alternating, {repeats} rounds each",
        "",
        "| sense | share of a core, before | after | readings a second, before | after |",
        "|---|---|---|---|---|",
    ]
    for name in senses["after"]:
        pair = [senses[when].get(name) for when in ("before", "after")]
        shares = [f"{100 * one['core_share']:.1f} %" if one else "-" for one in pair]
        rates = [f"{one['readings_per_s']:.1f}" if one else "-" for one in pair]
        lines.append(f"| {name} | {' | '.join(shares + rates)} |")
    shares = [
        f"{100 * statistics.median(s):.0f} % ({100 * min(s):.0f} to {100 * max(s):.0f})"
        for s in (found["core_share"][when] for when in ("before", "after"))
    ]
    lines += [
        f"| all | {' | '.join(shares)} | | |",
        "",
        f"CPU after over before: {100 * found['ratio']:.0f} % (asked for: <= {100 * LIMIT:.0f} %).",
    ]
    return lines


def _chain(tree: Path, python: Path, clips: Sequence[Path]) -> dict[str, Any]:
    command = [str(python), str(tree / "benches/senses.py"), "--chain", "--clip", *map(str, clips)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=tree)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _commit(tree: Path) -> str:
    command = ["git", "-C", str(tree), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or tree.name
