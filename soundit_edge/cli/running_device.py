"""What the device that runs on this computer says of itself, asked at its page."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any, Final

PATIENCE_S: Final = 3.0
_MAX_BYTES: Final = 1_000_000


def ask_device(port: int) -> dict[str, Any] | None:
    """Return the status of the device whose page is at a port of this computer; None where none answers.

    Args:
        port: of the page; 0 (any free one) cannot be asked.
    """
    if port == 0:
        return None
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/api/status")
        status = json.loads(connection.getresponse().read(_MAX_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return status if isinstance(status, dict) and {"version", "senses", "models"} <= status.keys() else None


def describe_senses(status: dict[str, Any]) -> Iterator[tuple[str, bool, str]]:
    """Yield the name of each sense of a status, whether it is well, and its figures in one line."""
    for s in status["senses"]:
        figures = [
            f"{s['rate']:.1f} of {s['nominal_rate']:.1f} readings a second",
            _calls(s),
            f"waited up to {s['age_milliseconds']:.0f} ms",
            f"{s['dropped']} skipped",
            f"{s['missed_deadlines']} late",
            f"on {s['resource']}",
            f"{s['failures']} failed" if s["failures"] else "",
            s["failure"],
        ]
        yield s["name"], s["state"] != "failing", ", ".join(filter(None, figures))


def describe_models(status: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name of each model of a status, and its figures in one line."""
    for m in status["models"]:
        yield m["name"], f"{_calls(m)}, {m['calls']} calls, on {m['resource']}"


def _calls(row: dict[str, Any]) -> str:
    return f"{row['milliseconds']:.1f} ms, up to {row['milliseconds_p95']:.1f} ms"
