"""docs/howto/scene.md, done to a copy of the package: the kiosk lists the scene, and it follows the mood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from playwright.sync_api import expect

from soundit_edge.emotion import Emotion
from soundit_edge.page.routes import files, notice
from soundit_edge.settings import Settings
from tests.fakes.control import FakeControl, full_status
from tests.fakes.page import PageThread
from tests.howto.pages import build, places
from tests.page.conftest import OpenPage
from tests.page.kiosk import picture_of
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageThread]:
    """The page of the copy."""
    build(tmp_path, "scene")
    copy = SimpleNamespace(files=lambda package: tmp_path.joinpath(*package.split(".")))
    monkeypatch.setattr(files, "resources", copy)
    files.routes.cache_clear()
    with PageThread(FakeControl(), notice.routes(Settings)) as device:
        yield device
    files.routes.cache_clear()


def test_a_scene_in_one_place_is_shown_and_follows_the_mood(open_page: OpenPage, device: PageThread) -> None:
    assert len(places("scene")) == 1
    page = open_page(320, 180, live=False)
    page.goto(f"{device.address}/kiosk?scene=rings&seed=1&t=20")
    page.wait_for_selector('[data-link="live"]')
    expect(page.locator("body")).to_have_attribute("data-scene", "rings")
    happy = picture_of(page)
    assert happy.std() > 5
    device.control.now = full_status(Emotion.SAD)
    wait_until(lambda: np.abs(picture_of(page) - happy).mean() > 5, "the picture stays as it was")
