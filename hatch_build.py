"""Write into each package when it was built: the time that a device without a battery for its clock begins with."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "built.txt"
FOLDER = "soundit_edge/update"


class BuildTimeHook(BuildHookInterface[Any]):
    """Adds `built.txt`; `$SOURCE_DATE_EPOCH` gives the time where a package is to be the same again."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file to what is packed; a checkout that is installed to be edited has none."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name, NAME)
        file.write_text(f"{os.environ.get('SOURCE_DATE_EPOCH') or int(time.time())}\n")
        build_data["force_include"][str(file)] = f"{FOLDER}/{NAME}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for it."""
        if version != "editable":
            self._folder.cleanup()
