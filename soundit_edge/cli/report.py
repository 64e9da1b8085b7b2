"""`soundit report`: shows what a bug report needs, and saves it where that is wanted."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import typer

from soundit_edge import console
from soundit_edge.cli.running_device import ask_device
from soundit_edge.doctor.surroundings import these
from soundit_edge.errors import SounditError
from soundit_edge.files import reserve, unwritable, write_whole
from soundit_edge.support.gather import gather
from soundit_edge.support.render import as_text

NAME: Final = "soundit-report"


class ReportError(SounditError):
    """The report cannot be saved."""


def show_report(*, out: Path | None, yes: bool, as_json: bool, settings_path: Path | None) -> None:
    """Print the report, and save it once the user has seen it and wants it.

    Args:
        out: the file; None: soundit-report.txt (or .json) in the working folder, or the next free name.
        yes: whether to save it without asking.
        as_json: whether it is JSON in place of text.
        settings_path: another settings.toml than the user's.

    Raises:
        ReportError: it cannot be saved.
    """
    report = gather(these(settings_path, ask_device))
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n" if as_json else as_text(report)
    console.result(text.rstrip("\n"))
    if not yes and not _is_wanted(out):
        console.show("nothing was saved, and nothing was sent anywhere")
        return
    path = _saved(text, out, ".json" if as_json else ".txt")
    console.show(f"saved as {path}; it was sent nowhere: attach it to your report yourself")


def _is_wanted(out: Path | None) -> bool:
    if not sys.stdin.isatty():
        console.show("to save it, add --yes")
        return False
    where = out if out is not None else "a file here"
    return typer.confirm(f"Look it through. Save it as {where}?", default=False, err=True)


def _saved(text: str, out: Path | None, ending: str) -> Path:
    path = out
    try:
        path = reserve(Path(NAME + ending)) if path is None else path
        write_whole(path, text.encode())
    except OSError as error:
        shown = path or Path(NAME + ending)
        raise ReportError(f"cannot write {shown}: {unwritable(shown, error)}") from error
    return path
