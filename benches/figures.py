"""What the benches of the music's process have in common: the machine, and where figures go."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any


def machine() -> str:
    """The machine in a few words."""
    return f"{os.cpu_count()}-core {platform.machine()}, Python {platform.python_version()}, Linux {platform.release()}"


def write(bench: Path, text: str, result: dict[str, Any]) -> None:
    """Put the figures beside the bench that measured them, for people and for programs."""
    bench.with_suffix(".md").write_text(text)
    bench.with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n")
