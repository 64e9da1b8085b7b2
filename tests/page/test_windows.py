"""Many windows of one browser share one stream: a browser opens six connections to a host and no more."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from soundit_edge.emotion import Emotion
from tests.fakes.control import full_status
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.variants import thorough
from tests.waiting import wait_until, wait_until_unchanged

pytestmark = pytest.mark.browser

WINDOWS = 7  # one more than a browser has connections
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def watch(context: BrowserContext) -> list[Request]:
    """Return a list of the streams that the context asks for from now on."""
    streams: list[Request] = []
    context.on("request", lambda request: streams.append(request) if request.url.endswith("/api/events") else None)
    return streams


def open_windows(open_page: OpenPage, count: int = WINDOWS) -> tuple[list[Page], list[Request]]:
    """Return `count` live windows, the first of which has the stream, and the streams that they asked for."""
    first = open_page(400, 600, live=False)  # small, for each is painted by the processor
    streams = watch(first.context)
    first.close()
    return [open_page(beside=first) for _ in range(count)], streams


def follow(windows: list[Page], device: PageThread, emotion: Emotion) -> None:
    """Expect every window to show the device's new mood and to be live."""
    device.control.now = full_status(emotion)
    for window in windows:
        expect(window.locator("h1")).to_have_text(emotion)
        expect(window.locator("body")).to_have_attribute("data-link", "live")


def test_many_windows_are_all_live_on_one_stream(open_page: OpenPage, device: PageThread) -> None:
    windows, streams = open_windows(open_page)
    follow(windows, device, Emotion.SAD)
    assert len(streams) == 1


@pytest.mark.thorough
def test_the_volume_works_in_each_of_many_windows(open_page: OpenPage, device: PageThread) -> None:
    windows, _ = open_windows(open_page)
    for i, window in enumerate(windows):
        window.get_by_role("slider", name="Volume").focus()
        with window.expect_response("**/api/volume"):
            window.keyboard.press("ArrowRight")
        for other in windows:
            expect(other.locator("#volume-now")).to_have_text(f"{61 + i}%")


def test_the_stream_goes_on_in_another_window_when_its_window_is_closed(
    open_page: OpenPage, device: PageThread
) -> None:
    windows, streams = open_windows(open_page)
    for emotion in (Emotion.SAD, Emotion.ANGRY):
        windows.pop(0).close()
        follow(windows, device, emotion)
    assert len(streams) == 3


@pytest.mark.thorough
def test_the_stream_goes_on_in_another_window_when_its_window_is_hidden(
    open_page: OpenPage, device: PageThread
) -> None:
    windows, streams = open_windows(open_page, 3)
    windows[0].evaluate(HIDE, True)
    follow(windows[1:], device, Emotion.SAD)
    assert len(streams) == 2
    expect(windows[0].locator("h1")).to_have_text("happy")
    windows[0].evaluate(HIDE, False)
    follow(windows, device, Emotion.ANGRY)
    assert len(streams) == 2


@pytest.mark.thorough
def test_the_stream_goes_on_in_another_window_when_its_window_is_frozen(
    open_page: OpenPage, device: PageThread
) -> None:
    windows, streams = open_windows(open_page, 4)
    frozen: list[Route] = []
    windows[0].route("**/frozen", lambda route: frozen.append(route))
    # A request that a script waits for holds up everything in its window.
    windows[0].evaluate(
        """() => void setTimeout(() => {
            const request = new XMLHttpRequest();
            request.open('GET', '/frozen', false);
            request.send();
        })"""
    )
    wait_until(lambda: windows[1].evaluate("1") and frozen)
    follow(windows[1:], device, Emotion.SAD)
    assert len(streams) > 1
    frozen[0].fulfill(body="")
    follow(windows, device, Emotion.ANGRY)


@pytest.mark.thorough
def test_a_window_whose_lock_is_taken_away_lets_go_of_its_stream(open_page: OpenPage, device: PageThread) -> None:
    windows, streams = open_windows(open_page, 2)
    # A third window takes the lock and then says nothing.
    thief = windows[0].context.new_page()
    thief.goto(f"{device.address}/static/icon.svg")
    thief.evaluate(
        "() => void navigator.locks.request('soundit status', {steal: true}, () => new Promise(() => {})).catch(String)"
    )
    wait_until(lambda: thief.evaluate("1") and len(streams) > 1)
    follow(windows, device, Emotion.SAD)


def test_hidden_windows_let_go_of_the_stream(open_page: OpenPage, device: PageThread) -> None:
    windows, streams = open_windows(open_page, 3)
    for window in windows[:-1]:  # each takes it over from the one before; before it has, it must not be hidden, too
        with window.context.expect_event("request", lambda request: request.url.endswith("/api/events")):
            window.evaluate(HIDE, True)
    windows[-1].evaluate(HIDE, True)
    wait_until_unchanged(lambda: device.control.asked, 0.6)
    assert len(streams) == 3
    windows[2].evaluate(HIDE, False)
    follow(windows[2:], device, Emotion.SAD)


def test_all_windows_say_when_the_device_is_gone_and_come_back_with_it(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    windows, _ = open_windows(open_page, 3)
    device.__exit__(None, None, None)
    for window in windows:
        expect(window.get_by_role("status")).to_contain_text("Not connected")
    late = open_page(beside=windows[0], live=False)
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        late.goto(device.address)
    device.__enter__()
    follow(windows, device, Emotion.CALM)
    assert [c for c in complaints if "ERR_CONNECTION_REFUSED" not in c] == []
    complaints.clear()


WITHOUT = {
    "no locks": "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})",
    "no channel": "delete window.BroadcastChannel",
    "locks denied": "LockManager.prototype.request = async () => { throw new DOMException('no', 'SecurityError'); }",
}


@pytest.mark.parametrize("missing", ["no channel", *thorough("no locks", "locks denied")])
def test_a_browser_that_cannot_share_has_a_stream_in_each_window(
    open_page: OpenPage, device: PageThread, missing: str
) -> None:
    first = open_page(live=False)
    first.context.add_init_script(WITHOUT[missing])
    streams = watch(first.context)
    windows = [open_page(beside=first) for _ in range(3)]
    follow(windows, device, Emotion.SAD)
    assert len(streams) == 3


def test_two_browsers_each_have_a_stream(open_page: OpenPage, device: PageThread) -> None:
    windows = [open_page(), open_page()]
    follow(windows, device, Emotion.SAD)


@pytest.mark.thorough
def test_a_change_without_an_answer_says_so_and_the_next_one_goes(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.route("**/api/volume", lambda route: None)  # never answered
    page.get_by_role("slider", name="Volume").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("alert")).to_have_text(re.compile("does not answer"))
    expect(page.get_by_role("slider", name="Volume")).to_have_value("60")
    page.unroute("**/api/volume")
    with page.expect_response("**/api/volume"):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#trouble")).to_be_empty()
    assert device.control.volumes == [0.61]
