"""What the daemon puts beside the page: it alone knows both the page and the integrations."""

from __future__ import annotations

import inspect
from unittest.mock import MagicMock

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from soundit_edge.daemon.page import page_routes
from soundit_edge.page.route import add_routes
from tests.fakes.control import FakeControl, full_status
from tests.fakes.integrations import with_integration


async def test_the_page_gives_the_metrics_of_the_device_where_the_integration_is_on() -> None:
    status = full_status()
    for seen, code in ((status, 404), (with_integration(status, "metrics", "on"), 200)):
        device = FakeControl(seen)
        others = {name: MagicMock() for name in inspect.signature(page_routes).parameters if name != "control"}
        app = FastAPI()
        add_routes(app, page_routes(control=device, **others))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            answer = await client.get("/metrics")
        assert answer.status_code == code
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"soundit_uptime_seconds", "process_cpu_seconds"} <= names
