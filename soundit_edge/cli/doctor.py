"""`soundit doctor`: what the checks find, a line for each, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge import console
from soundit_edge.cli.running_device import ask_device
from soundit_edge.doctor.examine import examine
from soundit_edge.doctor.finding import Finding
from soundit_edge.doctor.summary import as_object, is_well
from soundit_edge.doctor.surroundings import these

MARKS: Final = {"ok": "ok", "note": "note", "bad": "BAD"}


def print_findings(settings_path: Path | None, *, as_json: bool) -> bool:
    """Print what was found; return whether nothing has to be mended.

    Args:
        settings_path: another settings.toml than the user's.
        as_json: whether to print one line of JSON in place of a line for each finding.
    """
    findings = examine(these(settings_path, ask_device))
    if as_json:
        console.json_result(as_object(findings))
    else:
        for line in lines(findings):
            console.result(line)
    return is_well(findings)


def lines(findings: Sequence[Finding]) -> list[str]:
    """Return the findings for people: mark, subject, what was found, and below it how to mend it."""
    width = max(len(finding.subject) for finding in findings)
    mark = max(map(len, MARKS.values()))
    shown = []
    for finding in findings:
        shown.append(f"{MARKS[finding.state]:<{mark}} {finding.subject:<{width}}  {finding.text}")
        if finding.mend:
            shown.append(f"{'':{mark + width + 1}}  -> {finding.mend}")
    return shown
