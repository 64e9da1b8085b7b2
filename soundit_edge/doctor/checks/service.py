"""The service: whether systemd runs the device, and the device that runs on this computer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.settings import SettingsError

UNIT: Final = "soundit-edge.service"
PROPERTIES: Final = ("LoadState", "ActiveState", "SubState", "Result", "NRestarts")
LOOK: Final = f"journalctl -u {UNIT} says why; sudo systemctl restart {UNIT} tries again"
SAFE_MODE: Final = "safe mode"
"""How the device's note begins where it started too often and plays without its senses."""
LIMIT_S: Final = 5.0


def look_at_unit(here: Surroundings) -> Iterator[Finding]:
    """Find how the service is, where it is installed."""
    if not (here.root / "run/systemd/system").exists():
        return
    asked = here.output_of(("systemctl", "show", UNIT, f"--property={','.join(PROPERTIES)}"))
    said = dict(line.split("=", 1) for line in (asked or "").splitlines() if "=" in line)
    if said.get("LoadState") != "loaded":
        return  # soundit was not installed as a service
    state, restarts = said.get("ActiveState", "unknown"), said.get("NRestarts", "0")
    again = f", started again {restarts} times" if restarts not in ("", "0") else ""
    if state == "failed":
        yield Finding("service", "bad", f"it has failed ({said.get('Result', 'unknown')}){again}", LOOK)
    elif state == "active":
        yield Finding("service", "note" if again else "ok", f"it runs{again}", LOOK if again else "")
    else:
        mend = f"sudo systemctl enable --now {UNIT} starts it"
        yield Finding("service", "note", f"it does not run ({state}, {said.get('SubState', '')})", mend)


def look_at_device(here: Surroundings) -> Iterator[Finding]:
    """Find what the device says of its senses and models, where one runs on this computer."""
    try:
        page = here.settings.page
    except SettingsError:  # which the check of the settings says
        return
    status = here.status(page)
    if status is None:
        text = f"none runs at port {page.port}; soundit bench measures the senses without one"
        yield Finding("device", "ok", text)
        return
    yield Finding("device", "ok", f"{status['version']} runs at port {page.port}")
    if note := status["note"]:
        yield Finding("device", "bad" if note.startswith(SAFE_MODE) else "note", note, LOOK)
    yield from _senses(status)
    for model in status["models"]:
        yield Finding(model["name"], "ok", f"{_calls(model)}, {model['calls']} calls, on {model['resource']}")


def _senses(status: Mapping[str, Any]) -> Iterator[Finding]:
    """Find whether each sense is well, and its figures."""
    for sense in status["senses"]:
        figures = [
            f"{sense['rate']:.1f} of {sense['nominal_rate']:.1f} readings a second",
            _calls(sense),
            f"waited up to {sense['age_milliseconds']:.0f} ms",
            f"{sense['dropped']} skipped",
            f"{sense['missed_deadlines']} late",
            f"on {sense['resource']}",
            f"{sense['failures']} failed" if sense["failures"] else "",
            sense["failure"],
        ]
        failing = sense["state"] == "failing"
        text = ", ".join(filter(None, figures))
        mend = "soundit report writes down what a bug report needs" if failing else ""
        yield Finding(sense["name"], "bad" if failing else "ok", text, mend)


def _calls(row: Mapping[str, Any]) -> str:
    return f"{row['milliseconds']:.1f} ms, up to {row['milliseconds_p95']:.1f} ms"


SERVICE: Final = Check("service", look_at_unit)
DEVICE: Final = Check("device", look_at_device, LIMIT_S)
CHECKS: Final = (
    SERVICE,
    DEVICE,
)
