"""The first screen: what is felt, as sure as it is; why the music changed; what plays, and all that steers it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from soundit_edge.emotion import Emotion
from tests.fakes.control import full_status
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.fuller import fuller
from tests.variants import thorough

pytestmark = pytest.mark.browser

PLAYS: dict[str, Any] = {
    "paused": False,
    "muted": False,
    "source": "library",
    "title": "First light",
    "artist": "The Quiet Hours",
    "album": "Evening songs",
    "art": None,
    "position_s": 83.4,
    "length_s": 224.0,
    "several": True,
    "rating": "none",
    "reason": "leading the room from disgusted to happy: tempo up 12 %, key up 3 semitones, brighter, no more wah",
}
ESSENTIALS = (
    *("#letters", "#sure", "#reason", "#title", "#artist", "#pause", "#mute", "#next", "#slider"),
    *("#policy", "#liked", "#disliked", "#override-open"),
)
SCREENS = {"phone": (390, 844), "7-inch panel": (800, 480), "laptop": (1366, 768), "desktop": (1440, 900)}
ROOM = [{"role": "camera", "name": "camera 0", "state": "on", "note": ""}]


def shares(happy: float, neutral: float) -> dict[str, Any]:
    """Return a mood that is held happy, with these shares of two emotions."""
    others = (1 - happy - neutral) / 6
    probabilities = {emotion.value: others for emotion in Emotion} | {"happy": happy, "neutral": neutral}
    return {"emotion": "happy", "confidence": happy, "probabilities": probabilities}


def catch(page: Page) -> list[Any]:
    """Return a list of the changes that the page asks for from now on; the device is not asked."""
    asked: list[Any] = []

    def take(route: Route, request: Request) -> None:
        asked.append(json.loads(request.post_data or ""))
        route.fulfill(json={})

    page.route("**/api/device", take)
    return asked


@pytest.mark.parametrize(
    ("happy", "neutral", "words", "lead", "sure"),
    [
        *thorough((0.7, 0.1, "happy", "The room feels", "74% sure")),
        (0.18, 0.49, "happy, fading", "The room feels", "neutral is likelier by now: 49% against 18%"),
        (0.36, 0.40, "between happy and neutral", "The room is between", "happy 36% against neutral 40%"),
        *thorough((0.40, 0.37, "between happy and neutral", "The room is between", "happy 40% against neutral 37%")),
    ],
)
def test_the_headline_is_as_sure_as_the_mood(
    open_page: OpenPage, device: PageThread, happy: float, neutral: float, words: str, lead: str, sure: str
) -> None:
    """A huge "happy" stood over "18 % sure" beside "neutral 49 %", and nothing said that it was only held."""
    mood = shares(happy, neutral) if "," in words or " " in words else {}
    device.control.now = fuller(full_status(), mood=mood, sources=ROOM)
    page = open_page()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name(words)
    expect(page.locator("#lead")).to_have_text(lead)
    expect(page.locator("#sure")).to_contain_text(sure)
    assert page.locator("#waver").is_visible() == (words != "happy")


def test_a_drawn_demo_and_a_film_are_no_room(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    expect(page.locator("#lead")).to_have_text("A drawn demo feels")
    film = [{"role": "clip", "name": "dinner.mp4", "state": "on", "note": ""}]
    device.control.now = fuller(full_status(), sources=film)
    expect(page.locator("#lead")).to_have_text("The film feels")


@pytest.mark.parametrize("screen", ["phone", "7-inch panel", *thorough("laptop", "desktop")])
def test_all_that_matters_is_on_the_first_screen(open_page: OpenPage, device: PageThread, screen: str) -> None:
    device.control.now = fuller(full_status(Emotion.DISGUSTED), music=PLAYS, override=None, sources=ROOM)
    width, height = SCREENS[screen]
    small = width < 1000
    page = open_page(width, height, has_touch=small, is_mobile=small)
    for part in ESSENTIALS:
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    if not small:
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize(
    ("width", "height", "view"), [(1920, 1080, "now"), *thorough((1920, 1080, "wall"), (3840, 2160, "wall"))]
)
def test_why_the_music_changed_is_read_from_across_the_room(
    open_page: OpenPage, device: PageThread, width: int, height: int, view: str
) -> None:
    device.control.now = fuller(full_status(Emotion.SURPRISED), music=PLAYS, mood=shares(0.2, 0.4), sources=ROOM)
    page = open_page(width, height)
    page.evaluate(f"location.hash = '{view}'")
    reason = page.locator("#reason" if view == "now" else ".wall .reason")
    expect(reason).to_contain_text("key up 3 semitones")
    size = reason.evaluate("part => parseFloat(getComputedStyle(part).fontSize)")
    assert size >= 48 * height / 1080
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_plays_can_be_stopped_and_silenced(open_page: OpenPage, device: PageThread) -> None:
    device.control.now = fuller(full_status(), music=PLAYS)
    page = open_page()
    expect(page.locator("#artist")).to_have_text("The Quiet Hours – Evening songs")
    expect(page.locator("#elapsed")).to_have_text("1:23 of 3:44")
    asked = catch(page)
    for name, change in (("Pause", {"paused": True}), ("Mute", {"muted": True})):
        with page.expect_response("**/api/device"):
            page.get_by_role("button", name=name, exact=True).click()
        assert asked[-1] == change
    device.control.now = fuller(full_status(), music=PLAYS | {"paused": True, "muted": True})
    expect(page.locator("#artist")).to_have_text("Paused · Muted · The Quiet Hours – Evening songs")
    for name, change in (("Play", {"paused": False}), ("Unmute", {"muted": False})):
        with page.expect_response("**/api/device"):
            page.get_by_role("button", name=name, exact=True).click()
        assert asked[-1] == change


def test_endless_music_has_no_position(open_page: OpenPage, device: PageThread) -> None:
    device.control.change_music(length_s=None)
    page = open_page()
    for part in ("#position", "#elapsed", "#override-left"):
        expect(page.locator(part)).to_be_hidden()


def test_another_mood_is_played_for_a_while(open_page: OpenPage, device: PageThread) -> None:
    device.control.now = fuller(full_status(), music=PLAYS, override=None)
    page = open_page()
    asked = catch(page)
    page.get_by_role("button", name="Another mood for a while").click()
    dialog = page.get_by_role("dialog", name="Another mood for a while")
    expect(dialog.get_by_role("radio", name="calm")).to_be_checked()
    expect(dialog.get_by_role("radio", name="1 hour")).to_be_checked()
    dialog.get_by_role("radio", name="sad").check()
    dialog.get_by_role("radio", name="30 minutes").check()
    with page.expect_response("**/api/device"):
        dialog.get_by_role("button", name="Play it").click()
    assert asked == [{"mood": {"emotion": "sad", "minutes": 30}}]
    expect(dialog).to_be_hidden()
    device.control.now = fuller(full_status(), override={"emotion": "sad", "until_s": 100.0 + 29.5 * 60})
    expect(page.locator("#override-left")).to_contain_text("Playing sad as you asked, for 30 minutes more.")
    with page.expect_response("**/api/device"):
        page.get_by_role("button", name="End it").click()
    assert asked[1:] == [{"mood": None}]


def test_senses_are_switched_one_by_one(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.get_by_text("Switch senses on or off").click()
    expect(page.get_by_role("switch", name="Lips")).not_to_be_checked()
    with page.expect_response("**/api/device"):
        page.get_by_role("switch", name="Face").click()
    with page.expect_response("**/api/device"):
        page.get_by_role("switch", name="Lips").click()
    assert device.control.choices[0] == ("senses", {"face": False})
    assert device.control.choices[-1][1] in ({"face": False, "lips": True}, {"lips": True})


def test_a_slider_says_that_its_lock_comes_first(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    expect(page.get_by_role("dialog")).to_contain_text("Press a lock first, then move its slider.")


@pytest.mark.parametrize("t", [0.0, 3725.0, *thorough(99.9, 100.0)])
def test_when_the_music_changed_is_told_by_the_devices_clock(open_page: OpenPage, device: PageThread, t: float) -> None:
    """Neither a browser whose clock is years off nor a reason from the future makes nonsense of it."""
    device.control.now = fuller(full_status(), t=t)
    page = open_page(live=False)
    page.clock.set_fixed_time("1999-01-01T00:00:00")
    page.goto(device.address)
    expect(page.locator("#when")).to_have_text("1 hour ago" if t > 3600 else "just now")


@pytest.mark.parametrize("missing", ["EventSource", *thorough("BroadcastChannel", "navigator.locks")])
def test_a_browser_that_lacks_something_follows_the_device_all_the_same(
    open_page: OpenPage, device: PageThread, missing: str
) -> None:
    page = open_page(live=False)
    owner, name = ("Navigator.prototype", "locks") if "." in missing else ("window", missing)
    page.add_init_script(f"Object.defineProperty({owner}, '{name}', {{value: undefined}})")
    page.goto(device.address)
    expect(page.locator("body")).to_have_attribute("data-link", "live")
    device.control.now = full_status(Emotion.SAD)
    expect(page.locator("h1")).to_have_text("sad")


def test_the_evening_shows_what_was_kept_and_says_where_nothing_is(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    page = open_page()
    page.goto(f"{device.address}/#evening")
    expect(page.get_by_text("This device keeps no history of the mood.")).to_be_visible()
    complaints.clear()  # the device has no such route
    history = {
        "t": [0.0, 60.0, 120.0],
        "valence": [0.1, 0.2, -0.3],
        "arousal": [0.0, 0.1, 0.2],
        "emotion": ["neutral", "happy", "sad"],
        "now": 130.0,
        "marks": [
            {"t": 60.0, "kind": "reason", "words": "the room turned happy: brighter"},
            {"t": 90.0, "kind": "track", "words": "First light"},
        ],
    }
    page.route("**/api/history/mood?hours=24", lambda route: route.fulfill(json=history))
    page.reload()
    expect(page.get_by_role("img", name="The mood of the last 24 hours")).to_be_visible()
    expect(page.locator(".chart .held")).to_have_count(3)
    expect(page.locator(".told li")).to_contain_text(["First light", "the room turned happy: brighter"])
