"""All findings together: as an object for programs, and whether anything has to be mended."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from soundit_edge import __version__
from soundit_edge.doctor.finding import Finding

FORMAT: Final = 1
"""Of the object; another one where a key is taken away or means something else."""


def is_well(findings: Sequence[Finding]) -> bool:
    """Return whether nothing has to be mended."""
    return all(finding.state != "bad" for finding in findings)


def as_object(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings for programs; docs/doctor.md describes the form."""
    return {
        "format": FORMAT,
        "version": __version__,
        "well": is_well(findings),
        "findings": [dataclasses.asdict(finding) for finding in findings],
    }
