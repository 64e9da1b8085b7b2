"""A status with parts that the test's own device lacks, as the page gets it."""

from __future__ import annotations

import json
from typing import Any, cast

from soundit_edge.control.status import Status


class _Fuller:
    def __init__(self, picture: dict[str, Any]) -> None:
        self._picture = picture

    def model_dump_json(self) -> str:
        return json.dumps(self._picture)


def fuller(status: Status, **parts: Any) -> Status:
    """Return a status with other values in its parts, such as `music={"paused": True}`; it can only be sent."""
    picture = json.loads(status.model_dump_json())
    for name, values in parts.items():
        picture[name] = picture[name] | values if isinstance(picture.get(name), dict) else values
    return cast(Status, _Fuller(picture))
