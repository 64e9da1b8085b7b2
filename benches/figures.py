"""What the benches have in common: the machine, where figures go, and what a soak is asked for."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def machine() -> str:
    """The machine in a few words."""
    return f"{os.cpu_count()}-core {platform.machine()}, Python {platform.python_version()}, Linux {platform.release()}"


def soak_arguments(description: str | None, minutes: float) -> tuple[float, Path]:
    """The minutes of a soak and the folder of its clips, from the command line; it ends where there is no dinner."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--clips", type=Path, default=Path(__file__).parents[1] / "../shared/data/clips")
    arguments = parser.parse_args()
    if not (arguments.clips / "dinner.mp4").is_file():
        parser.error(f"{arguments.clips}: there is no dinner.mp4; name another folder with --clips")
    return arguments.minutes, arguments.clips


def write(bench: Path, text: str, result: dict[str, Any]) -> None:
    """Put the figures beside the bench that measured them, for people and for programs."""
    bench.with_suffix(".md").write_text(text)
    bench.with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n")


def finish(bench: Path, text: str, result: dict[str, Any], missed: Sequence[str]) -> None:
    """Put the figures beside the bench, print them, and end with what was missed, if anything.

    Raises:
        SystemExit: something was missed.
    """
    write(bench, text, result)
    print(text)
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))
