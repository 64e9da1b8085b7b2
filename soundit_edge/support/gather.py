"""Gathers a report, and lets all of it go through the redaction."""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from soundit_edge import __version__
from soundit_edge.doctor.checks.program import requirements
from soundit_edge.doctor.examine import examine
from soundit_edge.doctor.summary import as_object
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import Settings, SettingsError
from soundit_edge.settings.describe import fields, value_at
from soundit_edge.support.log_tail import log_tail
from soundit_edge.support.redaction import Redactor
from soundit_edge.support.vocabulary import vocabulary, words_of

FORMAT: Final = 1
"""Of the report; another one where a key is taken away or means something else."""
OF_DEVICE: Final = ("t", "senses", "sources", "models", "integrations", "privacy", "claim")
OF_MUSIC: Final = (
    "source",
    "policy",
    "preset",
    "paused",
    "muted",
    "level_db",
    "late_blocks",
    "underruns",
    "ring",
    "least_ring",
    "rung",
)
NOT_OF_SENSE: Final = ("emotion", "confidence", "trust", "detail")
"""What a sense reads is about people."""
PIECE: Final = ("title", "artist", "album", "note")


def gather(here: Surroundings) -> dict[str, Any]:
    """Return the report, in which nothing but words of the program, versions of packages and numbers stands.

    Args:
        here: where to look.
    """
    settings = _settings(here)
    status = here.status(settings.page) if settings is not None else None
    board, packages = _board(here), dict(_packages())
    known = vocabulary() | words_of(" ".join((board, *packages))) | {platform.machine().casefold()}
    redactor = Redactor(_private(settings, status), known)
    report = {
        "doctor": as_object(examine(here)),
        "device": _of_device(status),
        "settings": _chosen(settings),
        "log": log_tail(here.output_of),
    }
    return {
        "format": FORMAT,
        "made": datetime.datetime.fromtimestamp(here.now(), datetime.UTC).isoformat(timespec="minutes"),
        "program": {"version": __version__, "python": platform.python_version(), "packages": packages},
        "computer": {
            "board": board,
            "machine": platform.machine(),
            "kernel": _leading_numbers(platform.release()),
            "system": _system(here),
            "cores": os.cpu_count(),
            "memory_mb": (os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) // 1_000_000,
        },
        **redactor.value(report),
    }


def _settings(here: Surroundings) -> Settings | None:
    try:
        return here.settings
    except SettingsError:  # which the doctor says
        return None


def _packages() -> Iterator[tuple[str, str]]:
    """Yield the packages that the program needs, with the version that is there."""
    for name in sorted({requirement.name for requirement in requirements()}):
        with contextlib.suppress(PackageNotFoundError):  # which the doctor says
            yield name, version(name)


def _board(here: Surroundings) -> str:
    """Return the model of the board, such as "Raspberry Pi 4 Model B Rev 1.4"; "" where the kernel does not say."""
    return re.sub(r"[^\w .-]", "", here.text("proc/device-tree/model") or "")[:60]


def _system(here: Surroundings) -> str:
    """Return the system and its version, such as "debian 12"."""
    rows = dict(line.split("=", 1) for line in (here.text("etc/os-release") or "").splitlines() if "=" in line)
    return " ".join(re.sub(r"[^a-z0-9.]", "", rows.get(key, "").lower())[:20] for key in ("ID", "VERSION_ID")).strip()


def _leading_numbers(text: str) -> str:
    found = re.match(r"[\d.]+", text)
    return found[0] if found else ""


def _private(settings: Settings | None, status: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the texts that people chose, and what is played."""
    if settings is not None:
        content = settings.model_dump(mode="json", by_alias=True)
        for path, field in fields(settings_model()).items():
            value = value_at(content, path)
            if isinstance(value, str) and "enum" not in field.schema and value != field.schema.get("default"):
                yield value
    music = status["music"] if status is not None else {}
    yield from (str(music.get(key) or "") for key in PIECE)
    yield str((status or {}).get("room") or "")


def _chosen(settings: Settings | None) -> dict[str, Any] | None:
    """Return the settings that say nothing about people: switches, numbers, and choices from a list."""
    if settings is None:
        return None
    content = settings.model_dump(mode="json", by_alias=True)
    shown: dict[str, Any] = {}
    for path, field in fields(settings_model()).items():
        value = value_at(content, path)
        plain = not field.secret and (isinstance(value, bool | int | float) or "enum" in field.schema)
        chosen = value not in (None, "") and value != field.schema.get("default")
        if chosen:
            shown[".".join(path)] = value if plain else "set"
    return shown


def _of_device(status: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what the running device says of itself, without what it reads in people and what it plays."""
    if status is None:
        return None
    shown = {key: status.get(key) for key in OF_DEVICE}
    shown["senses"] = [{k: v for k, v in sense.items() if k not in NOT_OF_SENSE} for sense in status["senses"]]
    shown["music"] = {key: status["music"].get(key) for key in OF_MUSIC}
    return shown
