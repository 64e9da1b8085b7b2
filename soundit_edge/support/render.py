"""A report as text, for people who look it through before they give it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from soundit_edge.text import presentable


def as_text(report: dict[str, Any]) -> str:
    """Return the report as text, with a heading for each of its parts."""
    lines = ["soundit report", "=============="]
    for name, part in report.items():
        if isinstance(part, dict | list):
            lines += ["", name, "-" * len(name), *_lines(part, "")]
        else:
            lines.append(f"{name}: {_word(part)}")
    return "\n".join(lines) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    match value:
        case dict():
            for key, one in value.items():
                if isinstance(one, dict | list):
                    yield f"{indent}{_word(key)}:"
                    yield from _lines(one, indent + "  ")
                else:
                    yield f"{indent}{_word(key)}: {_word(one)}"
        case list():
            for one in value:
                if isinstance(one, dict) and "subject" in one:
                    yield f"{indent}{_word(one['state']):<4} {_word(one['subject'])}: {_word(one['text'])}"
                elif isinstance(one, dict):
                    yield indent + ", ".join(f"{_word(k)} {_word(v)}" for k, v in one.items() if v not in ("", None))
                else:
                    yield indent + _word(one)
        case _:
            yield indent + _word(value)


def _word(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return presentable(str(value))
