"""What takes long to import is not imported by what need not have it: every command and every child process waits."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

SLOW: Final = {"scipy", "matplotlib", "scenedetect"}
"""Each takes up to a second of the processor's time. The last two are imported where a film is drawn or cut."""

IMPORT_ALL: Final = f"""
import importlib, pkgutil, sys
import soundit_edge as package
for module in pkgutil.walk_packages(package.__path__, "soundit_edge."):
    importlib.import_module(module.name)
print(*sorted({SLOW!r} & sys.modules.keys()))
"""


def test_no_module_imports_a_slow_library_before_it_is_needed() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
