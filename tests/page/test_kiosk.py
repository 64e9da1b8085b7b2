"""The kiosk in a browser: it follows the device for ever, carries the notice, and visitors cannot leave or mark it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from soundit_edge.control.actor import Role
from soundit_edge.control.status import OverrideStatus
from soundit_edge.emotion import Emotion
from soundit_edge.page.routes import notice
from soundit_edge.settings import Settings
from tests.fakes.control import FakeControl, full_status
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.kiosk import picture_of
from tests.waiting import wait_until
from tools.routes import whole_table

pytestmark = pytest.mark.browser

MOMENT = "seed=1&t=20"
"""The picture stands still, so that pictures can be compared."""


@pytest.fixture
def device() -> Iterator[PageThread]:
    places = notice.routes(Settings, lambda: ["http://box.local:8347/", "http://192.168.1.7:8347/"])
    with PageThread(FakeControl(), places) as device:
        yield device


def open_kiosk(open_page: OpenPage, device: PageThread, query: str = MOMENT, **options: object) -> Page:
    page = open_page(480, 270, live=False, **options)
    page.goto(f"{device.address}/kiosk?{query}")
    page.wait_for_selector('[data-link="live"][data-scene]')
    return page


def test_the_picture_and_its_word_follow_the_mood(open_page: OpenPage, device: PageThread) -> None:
    page = open_kiosk(open_page, device, f"scene=hills&{MOMENT}")
    expect(page.locator("body")).to_have_attribute("data-scene", "hills")
    expect(page.get_by_role("heading", level=1)).to_contain_text("happy")
    happy = picture_of(page)
    device.control.now = full_status(Emotion.SAD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("sad")
    wait_until(lambda: np.abs(picture_of(page) - happy).mean() > 8, "the picture stays as it was")
    assert page.locator("#letters path").count() == len("sad")


def test_what_nobody_felt_is_not_said_to_be_felt(open_page: OpenPage, device: PageThread) -> None:
    page = open_kiosk(open_page, device, f"scene=hills&{MOMENT}", locale="de")
    expect(page.locator("#lead")).to_have_text("Eine gezeichnete Vorführung fühlt sich")
    expect(page.locator("#name")).to_have_text("fröhlich")
    expect(page.locator("#said")).to_have_text("Gefühlserkennung läuft")
    device.control.now = full_status().model_copy(
        update={"override": OverrideStatus(emotion=Emotion.CALM, until_s=900)}
    )
    expect(page.locator("#name")).to_have_text("ruhig")
    expect(page.locator("#lead")).to_have_text("Für eine Weile gewählt")
    device.control.change_privacy(private=True)
    expect(page.locator("#name")).to_have_text("privat")
    expect(page.locator("#lead")).to_have_text("")
    expect(page.locator("#said")).to_have_text("Privat: nichts wird gesehen oder gehört")
    device.control.now = full_status(Emotion.SAD)
    expect(page.locator("#name")).to_have_text("traurig")


def test_the_notice_is_on_it_and_a_camera_can_read_where_the_whole_of_it_stands(
    open_page: OpenPage, device: PageThread
) -> None:
    public = full_status().privacy.model_copy(update={"public_place": True})
    device.control.now = full_status().model_copy(update={"privacy": public})
    page = open_kiosk(open_page, device, f"scene=hills&{MOMENT}")
    page.set_viewport_size({"width": 1280, "height": 720})
    shown = page.get_by_role("complementary")
    expect(shown).to_contain_text("Emotion recognition is on")
    expect(shown).to_contain_text("A device in this room reads emotions, and plays music to match the mood.")
    expect(shown).to_contain_text("Nothing about individuals is kept.")
    expect(shown).to_contain_text("http://192.168.1.7:8347/notice")
    expect(shown).to_be_in_viewport(ratio=1)
    code = page.locator("#code").screenshot()
    grey = cv2.imdecode(np.frombuffer(code, np.uint8), cv2.IMREAD_GRAYSCALE)
    large = cv2.resize(grey, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
    assert cv2.QRCodeDetector().detectAndDecode(large)[0] == "http://192.168.1.7:8347/notice"


def test_it_goes_on_and_finds_the_device_again(open_page: OpenPage, device: PageThread, complaints: list[str]) -> None:
    page = open_kiosk(open_page, device, "scene=hills")
    expect(page.locator("#word")).to_have_class("word large")
    device.__exit__(None, None, None)
    expect(page.get_by_role("status")).to_have_text("Looking for the device")
    expect(page.locator("#lead")).to_have_text("The room felt")
    expect(page.locator("#said")).to_have_text("Not connected")
    before = picture_of(page)
    wait_until(lambda: (picture_of(page) != before).any(), "the picture stands still")
    device.control.now = full_status(Emotion.CALM)
    device.__enter__()
    expect(page.get_by_role("heading", level=1)).to_contain_text("calm")
    expect(page.get_by_role("status")).to_have_text("")
    complaints.clear()


BROKEN = {
    "broken": "export function setup( {",
    "half": "export function setup() {}",
    "late": "export const setup = () => {}, draw = () => { throw new Error('on purpose'); }, end = () => {};",
}


def script(source: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=source, content_type="text/javascript")


def test_scenes_that_are_broken_are_left_out(open_page: OpenPage, device: PageThread, complaints: list[str]) -> None:
    page = open_page(480, 270, live=False)
    names = f"export const SCENES = {[*BROKEN, 'hills']};"
    page.route("**/kiosk/scenes.js", script(names))
    for name, source in BROKEN.items():
        page.route(f"**/scenes/{name}.js", script(source))
    page.goto(f"{device.address}/kiosk?scene=late&{MOMENT}")
    expect(page.locator("canvas")).to_have_count(1)
    expect(page.locator("body")).to_have_attribute("data-scene", "hills")
    expect(page.get_by_role("heading", level=1)).to_contain_text("happy")
    assert sorted(line.split(":")[0] for line in complaints) == [f"The scene {name} is left out" for name in BROKEN]
    complaints.clear()


TRIED = ["contextmenu", "selectstart", "dragstart", "drop", "wheel", "touchmove"]
KEYS = ["F5", "p", "Tab", "ArrowLeft", "F11", "Escape"]
HELD = """([names, keys]) => [
    ...names.map(name => new Event(name, {cancelable: true})),
    ...keys.map(key => new KeyboardEvent('keydown', {key, cancelable: true})),
].filter(event => !document.body.dispatchEvent(event)).map(event => event.key ?? event.type)"""


def test_visitors_can_press_mark_and_follow_nothing(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(480, 270, live=False)
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url.removeprefix(device.address))))
    page.goto(f"{device.address}/kiosk?scene=hills&{MOMENT}")
    page.wait_for_selector('[data-link="live"][data-scene]')
    expect(page.locator("#address")).not_to_be_empty()
    assert page.locator("a, button, input, select, summary, [tabindex], [contenteditable]").count() == 0
    styles = "one => { const s = getComputedStyle(one); return s.cursor + ' ' + s.userSelect; }"
    assert set(page.locator("html, body, body *").evaluate_all(f"all => all.map({styles})")) == {"none none"}
    assert page.evaluate(HELD, [TRIED, KEYS]) == [*TRIED, *KEYS[:-2]]
    page.keyboard.press("Control+a")
    page.mouse.dblclick(200, 240)
    assert page.evaluate("String(getSelection())") == ""
    # What a viewer may look at, and nothing else: the kiosk lock makes all visitors of the device's screen viewers.
    rows: dict[tuple[str, str], Role | None] = {(row.method, row.path): row.role for row in whole_table()}
    api = {(method, path) for method, path in asked if path.startswith("/api/")}
    assert api >= {("GET", "/api/events"), ("GET", "/api/notice")}
    assert {rows[row] for row in api} <= {None, Role.VIEWER}
    assert {method for method, _ in asked} == {"GET"}


def test_a_screen_that_may_not_look_says_so(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, device: PageThread, complaints: list[str]
) -> None:
    """From another computer, before anybody has signed in there: the page comes, and nothing of the device."""
    monkeypatch.setattr("soundit_edge.page.auth.gate._is_local", lambda address, headers: False)
    page = open_page(480, 270, live=False)
    page.goto(f"{device.address}/kiosk?{MOMENT}")
    expect(page.get_by_role("status")).to_have_text(
        "This screen may not look yet: sign in on the device's page in this browser."
    )
    expect(page.locator("#name")).to_have_text("")
    expect(page.locator("#kept")).to_contain_text("reads emotions")
    page.close()  # it would go on complaining
    assert complaints != []
    complaints.clear()
