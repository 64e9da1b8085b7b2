"""Runs the checks: side by side, each within its limit, and whatever happens in one is a finding."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.registry import all_checks
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.errors import SounditError
from soundit_edge.paths import NoHome
from soundit_edge.text import refusal

log = logging.getLogger(__name__)


def examine(surroundings: Surroundings, checks: Sequence[Check] | None = None) -> list[Finding]:
    """Return what all checks find, in the order of the checks. It never raises, and ends when the last limit is over.

    Args:
        surroundings: where to look.
        checks: to run; None: all.
    """
    looks = [_Look(check, surroundings) for check in (all_checks() if checks is None else checks)]
    began = time.monotonic()
    for look in looks:
        look.start()
    for look in looks:
        look.join(max(0.0, began + look.check.limit_s - time.monotonic()))
    return [finding for look in looks for finding in look.findings()]


class _Look(threading.Thread):
    """One check in a thread of its own, which is left behind where it hangs: it is a daemon thread."""

    def __init__(self, check: Check, surroundings: Surroundings) -> None:
        super().__init__(name=f"doctor {check.subject}", daemon=True)
        self.check = check
        self._surroundings = surroundings
        self._found: list[Finding] | None = None

    def run(self) -> None:
        """Look, and keep what was found."""
        self._found = found(self.check, self._surroundings)

    def findings(self) -> list[Finding]:
        """Return what was found by now."""
        if self._found is not None:
            return self._found
        return [
            Finding(
                self.check.subject,
                "note",
                f"there was no answer within {self.check.limit_s:g} s",
                "try again when this computer has less to do; where that does not help, something hangs",
            )
        ]


def found(check: Check, surroundings: Surroundings) -> list[Finding]:
    """Return what one check finds, also where it fails."""
    findings: list[Finding] = []
    try:
        findings.extend(check.look(surroundings))
    except NoHome as error:  # the device does without
        findings.append(Finding(check.subject, "ok", f"none: {error}"))
    except SounditError as error:
        findings.append(Finding(check.subject, "bad", str(error)))
    except OSError as error:
        findings.append(Finding(check.subject, "bad", refusal(error)))
    except Exception as error:  # a defect of a check must not hide what the others find
        log.exception("the check of the subject %s failed", check.subject)
        text = f"this could not be looked at ({type(error).__name__}: {error})"
        findings.append(Finding(check.subject, "note", text, "a defect of ours: please report it (see soundit report)"))
    return findings
