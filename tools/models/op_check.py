"""Which operators of a model would run on an Edge TPU, and from which one on the CPU does the rest.

The compiler makes one part for the Edge TPU of each model: it begins at the input and ends before the first operator
that does not map. All after that run on the CPU, also those that would map. The rules are `tools.models.edgetpu_rules`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.command import command, tool_parser
from tools.models.edgetpu_rules import obstacle
from tools.models.graph import NoModel, operators, parse
from tools.models.rewrites import for_edgetpu


@dataclass(frozen=True, slots=True)
class OpCheck:
    """What becomes of one operator.

    Attributes:
        name: the operator's.
        shape: of its first output.
        obstacle: why it does not map, or None.
    """

    name: str
    shape: tuple[int, ...]
    obstacle: str | None


def check_operators(model: Any) -> list[OpCheck]:
    """Return what becomes of each operator of a model, in the order in which they run.

    Args:
        model: as `graph.parse` gives it.
    """
    return [OpCheck(op.name, op.outputs[0].shape, obstacle(op)) for op in operators(model)]


def mapped(checks: Sequence[OpCheck]) -> int:
    """Return how many operators run on the Edge TPU: those before the first that does not map."""
    return next((i for i, check in enumerate(checks) if check.obstacle is not None), len(checks))


def summary(checks: Sequence[OpCheck]) -> str:
    """Return in one line how much of a model maps, and what stops it."""
    count = mapped(checks)
    text = f"{count} of {len(checks)} operators map to the Edge TPU"
    if count == len(checks):
        return text
    first = checks[count]
    return f"{text}; from operator {count} on all run on the CPU ({first.name}: {first.obstacle})"


def table(checks: Sequence[OpCheck]) -> str:
    """Return a line for each operator: its number, name and output, and where it runs."""
    count, lines = mapped(checks), []
    for i, check in enumerate(checks):
        if check.obstacle is not None:
            where = f"CPU: {check.obstacle}"
        else:
            where = "Edge TPU" if i < count else f"CPU: comes after operator {count}"
        lines.append(f"{i:>5}  {check.name:<24}  {'x'.join(map(str, check.shape)):<16}  {where}")
    return "\n".join([f"{'':>5}  {'operator':<24}  {'output':<16}  runs on", *lines])


def _check_file(path: Path, rewritten: bool) -> list[OpCheck]:
    model = parse(path)
    try:
        if rewritten:
            for_edgetpu(model)
        return check_operators(model)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise NoModel(f"{path}: not a TFLite model, its graph is damaged") from error


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool."""
    parser = tool_parser("tools.models.op_check", __doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="int8 .tflite files")
    parser.add_argument("--brief", action="store_true", help="no table, a line for each file")
    parser.add_argument("--rewritten", action="store_true", help="as tools.models.compile_edgetpu rewrites them")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where anything runs on the CPU")
    options = parser.parse_args(arguments)
    complete = True
    for path in options.files:
        checks = _check_file(path, options.rewritten)
        complete &= mapped(checks) == len(checks)
        print(f"{path}: {summary(checks)}")
        if not options.brief:
            print(table(checks))
    return int(options.strict and not complete)


if __name__ == "__main__":
    sys.exit(main())
