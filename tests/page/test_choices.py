"""What can be chosen on the page, in a real browser: policy, preset, locks and the next track."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from soundit_edge.control.refusals import NotNow
from soundit_edge.music.director.target import RANGES
from soundit_edge.settings import LockSettings
from tests.fakes.control import full_status
from tests.fakes.page import PageThread
from tests.page.conftest import INTERVAL_S, OpenPage
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


def test_policy_and_preset_go_by_keyboard(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.get_by_role("slider", name="Volume").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Follow")).to_be_focused()
    with page.expect_response("**/api/policy"):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="lift")).to_be_checked()
    page.keyboard.press("Tab")
    with page.expect_response("**/api/preset"):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="dramatic")).to_be_checked()
    assert device.control.choices == [("policy", "lift"), ("preset", "dramatic")]


def test_what_is_chosen_elsewhere_is_shown(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    expect(page.get_by_role("radio", name="follow")).to_be_checked()
    device.control.change_music(policy="calm", preset="dramatic", locks={"delay_s": 0.3, "tempo": 1.2})
    expect(page.get_by_role("radio", name="calm")).to_be_checked()
    expect(page.get_by_role("radio", name="dramatic")).to_be_checked()
    for name, locked in (("Tempo", True), ("Key", False)):
        expect(page.locator("#dials li", has_text=name).get_by_text("locked")).to_be_visible(visible=locked)
    expect(page.locator("#extras li", has_text="Echo").get_by_text("locked")).to_be_visible()


def test_a_parameter_is_locked_where_it_is_moved_and_let_go(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    slider = page.get_by_role("slider", name="Tempo")
    lock = page.get_by_role("button", name="Lock Tempo")
    expect(slider).to_be_disabled()
    with page.expect_response("**/api/locks"):
        lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    expect(slider).to_be_enabled()
    assert device.control.choices == [("locks", {"tempo": full_status().music.tempo})]
    slider.focus()
    with page.expect_response("**/api/locks"):
        page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "\u00d7\u20092.00")
    with page.expect_response("**/api/locks"):
        lock.click()
    expect(slider).to_be_disabled()
    assert device.control.choices[1:] == [("locks", {"tempo": 2}), ("locks", {"tempo": None})]


def test_a_key_is_locked_at_a_whole_number_of_semitones(open_page: OpenPage, device: PageThread) -> None:
    device.control.change_music(semitones=1.63)
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    with page.expect_response("**/api/locks"):
        page.get_by_role("button", name="Lock Key").click()
    assert device.control.choices == [("locks", {"semitones": 2})]


def test_a_meter_follows_the_music_until_it_is_locked(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    wah = page.get_by_role("slider", name="Wah")
    device.control.change_music(wah=0.4)
    expect(wah).to_have_value("40")
    device.control.change_music(wah=0.7, locks={"wah": 0.2})
    expect(wah).to_have_value("20")
    expect(wah).to_be_enabled()


def test_all_locks_go_at_once(open_page: OpenPage, device: PageThread) -> None:
    device.control.change_music(locks={"tempo": 1.1, "wah": 0.2})
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    with page.expect_response("**/api/locks"):
        page.get_by_role("button", name="Unlock all").click()
    expect(page.get_by_role("button", name="Unlock all")).to_be_hidden()
    expect(page.get_by_role("button", name="Done")).to_be_focused()
    assert device.control.choices == [("locks", {"tempo": None, "wah": None})]


def test_a_moving_lock_sends_few_requests_and_the_last_value(open_page: OpenPage, device: PageThread) -> None:
    device.control.change_music(locks={"wah": 0.0})
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    slider = page.get_by_role("slider", name="Wah")
    expect(slider).to_be_enabled()
    slider.focus()
    began = time.monotonic()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    wait_until(lambda: device.control.choices[-1:] == [("locks", {"wah": 0.4})])
    assert len(device.control.choices) < 2 + (time.monotonic() - began) / INTERVAL_S


def test_every_place_of_a_sliders_hand_is_a_lock_that_the_device_takes(open_page: OpenPage) -> None:
    script = """() => import('/static/parameters.js').then(({ PARAMETERS }) => PARAMETERS.map(p => ({
        name: p.name, low: p.low, high: p.high,
        values: Array.from({length: p.steps + 1}, (_, i) => p.value(i / p.steps)),
        places: Array.from({length: p.steps + 1}, (_, i) => Math.round(p.at(p.value(i / p.steps)) * p.steps)),
    })))"""
    found = {p["name"]: p for p in open_page().evaluate(script)}
    assert {name: (p["low"], p["high"]) for name, p in found.items()} == dict(RANGES)
    for name, p in found.items():
        assert (p["values"][0], p["values"][-1]) == RANGES[name]
        assert p["values"] == sorted(set(p["values"])), name
        assert p["places"] == list(range(len(p["values"]))), name
        for value in p["values"]:
            LockSettings.model_validate({name: value})


def test_the_next_track_is_there_where_there_is_another_one(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    button = page.get_by_role("button", name="Next track")
    expect(button).to_be_hidden()
    device.control.change_music(several=True, note="Song.flac: no such file; it is left out")
    expect(page.locator("#note")).to_have_text("Song.flac: no such file; it is left out")
    with page.expect_response("**/api/next"):
        button.click()
    expect(page.locator("#title")).to_have_text("Second light")
    assert device.control.choices == [("next", None)]


def test_what_the_device_cannot_keep_is_shown(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    note = "what you chose cannot be kept: settings.toml: cannot be written (No space left on device)"
    device.control.now = device.control.now.model_copy(update={"note": note})
    expect(page.locator("#note")).to_have_text(note)


def test_a_song_of_the_library_can_be_rated(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    like, dislike = (page.get_by_role("button", name=name) for name in ("Like", "Not for me"))
    expect(like).to_be_hidden()
    device.control.change_music(rating="disliked")
    expect(dislike).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/api/rating"):
        like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(dislike).to_have_attribute("aria-pressed", "false")
    assert device.control.choices == [("rating", "liked")]


@pytest.mark.parametrize("where", ["page", "sheet"])
def test_a_refused_choice_says_why_and_goes_back(
    open_page: OpenPage, device: PageThread, complaints: list[str], where: str
) -> None:
    page = open_page()
    device.control.refusal = NotNow("Not now: the device is going down.")
    if where == "page":
        page.locator("#policy label").nth(2).click()
        expect(page.locator("#trouble")).to_have_text("Not now: the device is going down.")
        expect(page.get_by_role("radio", name="follow")).to_be_checked()
    else:
        page.get_by_role("button", name="Adjust").click()
        page.get_by_role("button", name="Lock Wah").click()
        expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("Not now: the device is going down.")
        expect(page.get_by_role("button", name="Lock Wah")).to_have_attribute("aria-pressed", "false")
    assert [c for c in complaints if "409" not in c] == []
    complaints.clear()
