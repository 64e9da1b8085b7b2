"""The files of the program: log, settings, library of songs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from soundit_edge import paths
from soundit_edge.doctor.checks.service import UNIT
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.music.library.database import Library
from soundit_edge.settings import SettingsError
from soundit_edge.text import reason

JOURNAL: Final = "journal"
"""What stands in $SOUNDIT_LOG where the log goes there."""


def look_at_log(_: Surroundings) -> Iterator[Finding]:
    """Find where the log is written; the device does without one."""
    path = paths.log_file()
    if str(path) == JOURNAL:
        yield Finding("log", "ok", f"the journal: journalctl -u {UNIT}")
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK))
    except OSError as error:
        yield Finding("log", "ok", f"none: {path} cannot be written ({reason(error)})")
    else:
        yield Finding("log", "ok", str(path))


def look_at_settings(here: Surroundings) -> Iterator[Finding]:
    """Find whether the settings are valid."""
    path = here.settings_path
    if path is None:
        path = paths.settings_file()  # which says what to do without a place for one
    try:
        _ = here.settings
    except SettingsError as error:
        yield Finding("settings", "bad", str(error), "correct that line, or move the file away to have the defaults")
    else:
        yield Finding("settings", "ok", str(path) if path.exists() else f"the defaults ({path} is not there)")


def look_at_library(_: Surroundings) -> Iterator[Finding]:
    """Find how many songs there are."""
    path = paths.library_file()
    if not path.exists():
        yield Finding("library", "ok", "none yet: soundit library add DIR scans your music")
        return
    with Library.open(path, write=False) as library:
        yield Finding("library", "ok", f"{len(library.songs())} songs in {path}")


LOG: Final = Check("log", look_at_log)
SETTINGS: Final = Check("settings", look_at_settings)
LIBRARY: Final = Check("library", look_at_library)
CHECKS: Final = (
    LOG,
    SETTINGS,
    LIBRARY,
)
