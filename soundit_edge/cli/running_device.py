"""What the device that runs on this computer says of itself, asked at its page."""

from __future__ import annotations

import http.client
import json
import ssl
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
