"""The figures of `soundit bench`, beside those of other computers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from soundit_edge import paths


class _Figures(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ModelFigures(_Figures):
    """The milliseconds of a call: the median, and the 95th percentile."""

    p50_ms: float
    p95_ms: float


class ChainFigures(_Figures):
    """Cores that all senses take, their readings a second together, and the memory of their process in MB."""

    cpu_cores: float
    readings_per_s: float
    rss_mb: float


class ReactionFigures(_Figures):
    """Milliseconds from a changed face to what it changed: the median, and the 95th percentile."""

    p50: float
    p95: float


class AudioFigures(_Figures):
    """Blocks that were played while all senses ran, how many were late, and how often the buffer ran dry."""

    blocks: int
    late: int
    underruns: int


class BenchFigures(_Figures):
    """All figures of one computer.

    Attributes:
        machine: its name, in a file of references.
        models: by their names.
        chain: all senses together.
        reaction_ms: from a changed face to changed sound.
        reaction_target_ms: from a changed face to the director's changed target; None in older files of references.
        audio: while all senses ran.
    """

    machine: str = ""
    models: dict[str, ModelFigures]
    chain: ChainFigures
    reaction_ms: ReactionFigures
    reaction_target_ms: ReactionFigures | None = None
    audio: AudioFigures


def reaction_figures(seconds: list[float]) -> ReactionFigures:
    """Return the figures of some reactions, given in seconds."""
    p50, p95 = (float(np.percentile(seconds, share)) for share in (50, 95))
    return ReactionFigures(p50=1000 * p50, p95=1000 * p95)


def references(folder: Path | None = None) -> dict[str, BenchFigures]:
    """Return the figures of other computers by their names; files that are broken are left out.

    Args:
        folder: of the files *.json; None for the one that is shipped.
    """
    found = {}
    for path in sorted((folder or paths.reference_folder()).glob("*.json")):
        try:
            figures = BenchFigures.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
        found[figures.machine or path.stem] = figures
    return found


def table(here: BenchFigures, others: Mapping[str, BenchFigures]) -> list[str]:
    """Return the figures as lines of a table: a row for each, a column for this computer and each other one."""
    columns = {"here": _rows(here), **{name: _rows(figures) for name, figures in others.items()}}
    names = list(columns["here"])
    cells = [["", *columns], *([name, *(column.get(name, "-") for column in columns.values())] for name in names)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in cells
    ]


def _rows(figures: BenchFigures) -> dict[str, str]:
    chain, audio = figures.chain, figures.audio
    rows = {f"{name}, ms a call": f"{m.p50_ms:.2f} (p95 {m.p95_ms:.2f})" for name, m in figures.models.items()}
    return rows | {
        "all senses, cores": f"{chain.cpu_cores:.2f}",
        "readings a second": f"{chain.readings_per_s:.1f}",
        "memory, MB": f"{chain.rss_mb:.0f}",
        "face to target, ms": _reaction(figures.reaction_target_ms),
        "face to music, ms": _reaction(figures.reaction_ms),
        "late blocks of sound": f"{audio.late} of {audio.blocks}",
        "underruns": f"{audio.underruns}",
    }


def _reaction(figures: ReactionFigures | None) -> str:
    return "-" if figures is None else f"{figures.p50:.0f} (p95 {figures.p95:.0f})"


def as_json(figures: BenchFigures) -> dict[str, Any]:
    """Return the figures as `soundit bench --json` prints them, rounded."""
    return _rounded(figures.model_dump(exclude={"machine"}))  # type: ignore[no-any-return]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 3) if isinstance(value, float) else value
