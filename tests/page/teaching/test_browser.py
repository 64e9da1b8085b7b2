"""Teaching in a real browser: from the form to a head that is kept; cards; and what a viewer sees."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from soundit_edge.capture.capture import Frame
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.integrations.registry import settings_model
from soundit_edge.page.routes import models, settings
from soundit_edge.page.routes.sets import own, updates
from soundit_edge.page.teaching.lesson import COUNTDOWN_S
from soundit_edge.page.teaching.sets import OwnSets
from soundit_edge.page.teaching.teacher import Teacher
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.settings import PrivacySettings
from tests.fakes.control import FakeControl
from tests.fakes.own import NumberObserver, head_beside_shipped, picture, shelf_in
from tests.fakes.page import PageThread
from tests.fakes.updates import FakeUpdates
from tests.page.conftest import OpenPage
from tests.page.teaching.conftest import learn_here
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


class Stage:
    """The teacher behind the page, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.now = 0.0
        self.privacy = PrivacySettings()
        self.heads, model_set = OwnHeads(), ModelSet(default_folder())
        self.teacher = Teacher(
            OwnSets(lambda: shelf_in(folder), self.heads, lambda: model_set),
            lambda: self.privacy,
            lambda: self.now,
            observer=lambda kind, models: NumberObserver(),
            learn=learn_here,
        )

    def see(self, level: int, count: int) -> None:
        """Let the camera see so many pictures, each once the one before was looked at."""
        for wanted in range(self._frames() + 1, self._frames() + 1 + count):
            self.now += 0.1
            self.teacher.watch(Frame(self.now, picture(level)))
            wait_until(partial(self._has_seen, wanted))

    def _has_seen(self, frames: int) -> bool:
        return self._frames() == frames

    def _frames(self) -> int:
        lesson = self.teacher.status().lesson
        assert lesson is not None
        return lesson.frames


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def device(stage: Stage) -> Iterator[PageThread]:
    control = FakeControl()
    store = SettingsStore(settings_model()(), None)
    beside = [*own.routes(stage.teacher), *updates.routes(FakeUpdates(control)), *settings.routes(store, local_time)]
    with PageThread(control, [*models.routes(control, stage.teacher.sets), *beside]) as device:
        yield device


def show_models(page: Page) -> None:
    page.get_by_role("link", name="Models", exact=True).click()
    expect(page.get_by_role("heading", name="Models in use")).to_be_visible()


def record(page: Page, stage: Stage, name: str, level: int) -> None:
    page.get_by_role("button", name=f"Record {name}").click()
    expect(page.locator(".count")).to_have_text(f"{name} in 3")
    stage.now += COUNTDOWN_S
    stage.see(level, 6)
    expect(page.get_by_text("6 of 6 pictures can be used")).to_be_visible()
    stage.now += 3
    expect(page.locator(".lesson")).to_have_attribute("data-stage", "ready")


def test_somebody_teaches_two_expressions_on_a_phone(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(390, 844)
    show_models(page)
    page.get_by_role("button", name="Teach it").click()
    for i, (name, emotion) in enumerate([("smirk", "disgusted"), ("beam", "happy")]):
        page.get_by_label("What you do").nth(i).fill(name)
        page.get_by_label("It counts as").nth(i).select_option(emotion)
    page.get_by_role("button", name="Begin").click()
    for _ in range(2):
        record(page, stage, "smirk", 60)
        record(page, stage, "beam", 200)
    page.get_by_role("button", name="Learn", exact=True).click()
    expect(page.get_by_text("4 of 4 takes that it had not seen were right")).to_be_visible()
    stage.now += 0.1
    stage.teacher.watch(Frame(stage.now, picture(200)))
    expect(page.get_by_text("Yours: beam")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert head_beside_shipped(stage.heads) is None
    page.get_by_label("Name").last.fill("Anna")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_hidden()
    page.get_by_role("button", name="End the lesson").click()
    expect(page.get_by_role("heading", name="Anna in use")).to_be_visible()
    assert head_beside_shipped(stage.heads) is not None
    page.get_by_role("button", name="Do not use").click()
    expect(page.get_by_role("heading", name="Anna not in use")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good?").click()
    expect(page.get_by_role("heading", name="Anna")).to_be_hidden()


def test_a_card_is_drawn_from_its_markdown_and_never_as_markup(
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "# A <b>card</b>\n\n**Strong** `code` [link](x)\n\n| a | b |\n|---|---|\n"
    text += "| 1 | <script>alert(1)</script> |\n\n- one\n  more\n- two\n"
    monkeypatch.setattr(models, "_card", lambda *_: text)
    page = open_page()
    show_models(page)
    page.get_by_text("What is known of it").first.click()
    card = page.locator(".card").first
    expect(card.locator("h3")).to_have_text("A <b>card</b>")
    expect(card.locator("p")).to_have_text("Strong code link")
    expect(card.locator("tbody td")).to_have_text(["1", "<script>alert(1)</script>"])
    expect(card.locator("thead th")).to_have_text(["a", "b"])
    expect(card.locator("li")).to_have_text(["one more", "two"])
    assert card.locator("script, b").count() == 0


def test_in_a_public_place_it_is_said_that_nothing_can_be_taught(open_page: OpenPage, stage: Stage) -> None:
    stage.privacy = PrivacySettings(public_place=True)
    page = open_page(320, 700)
    show_models(page)
    expect(page.get_by_role("alert").filter(has_text="In a public place")).to_be_visible()
    expect(page.get_by_role("button", name="Teach it")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_name_that_is_refused_is_said_and_the_form_stays(
    open_page: OpenPage,
    complaints: list[str],
) -> None:
    page = open_page()
    show_models(page)
    page.get_by_role("button", name="Teach it").click()
    for i in range(2):
        page.get_by_label("What you do").nth(i).fill("same")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert").filter(has_text="same name")).to_be_visible()
    expect(page.get_by_label("What you do").first).to_have_value("same")
    assert all("422" in line for line in complaints)
    complaints.clear()
