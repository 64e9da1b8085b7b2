"""What the device that runs on this computer says of itself, asked at its page."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from typing import Any, Final

from soundit_edge.settings import PageSettings

PATIENCE_S: Final = 3.0
_MAX_BYTES: Final = 1_000_000


def ask_device(page: PageSettings) -> dict[str, Any] | None:
    """Return the status of the device whose page is on this computer; None where none answers.

    Args:
        page: its settings; port 0 (any free one) cannot be asked.
    """
    status = ask(page, "/api/status")
    return status if status is not None and {"version", "senses", "models"} <= status.keys() else None


def ask(page: PageSettings, path: str) -> dict[str, Any] | None:
    """Return what the device on this computer answers to a question, as an object; None where it answers none.

    Args:
        page: its settings.
        path: of the question.
    """
    if page.port == 0:
        return None
    connection = _connection(page)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        content = json.loads(answer.read(_MAX_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return content if answer.status == http.HTTPStatus.OK and isinstance(content, dict) else None


def _connection(page: PageSettings) -> http.client.HTTPConnection:
    if not page.https:
        return http.client.HTTPConnection("127.0.0.1", page.port, timeout=PATIENCE_S)
    # Nobody vouches for the device's own certificate, and nobody else can answer at this address.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", page.port, timeout=PATIENCE_S, context=context)


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
