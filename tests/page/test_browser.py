"""The page in a real browser."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from soundit_edge.control.status import ReasonStatus
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.errors import SounditError
from tests.fakes.control import full_status
from tests.fakes.page import PageThread
from tests.page.conftest import INTERVAL_S, OpenPage
from tests.waiting import wait_until, wait_until_unchanged

pytestmark = pytest.mark.browser


def word(page: Page) -> str:
    return page.locator("h1").inner_text().strip()


def test_it_shows_the_device(open_page: OpenPage) -> None:
    page = open_page()
    assert word(page) == "happy"
    assert page.title() == "happy · soundit edge"
    expect(page.locator("#letters path")).to_have_count(len("happy"))
    expect(page.locator("#reason")).to_have_text("Two faces turned happy: tempo +10 %.")
    expect(page.locator("#shares li")).to_have_count(8)
    expect(page.locator("#shares .held .share")).to_contain_text("74")
    expect(page.locator("#senses li")).to_have_count(3)
    expect(page.locator("#senses li").first).to_contain_text("happy, 81% sure")
    expect(page.locator("#senses li").first).to_contain_text("counts 90% · 2 faces")
    expect(page.locator("#silent")).to_have_text("Body: nothing to read. Lips: switched off")
    assert page.locator(".dial .figure").all_inner_texts() == ["106", "+1.6", "11.2", "1.1", "+1.3"]
    assert page.locator("#dials li").all_inner_texts() == [
        "Tempo\n106\nfast\nbpm",
        "Key\n+1.6\nhigher\nsemitones",
        "Brightness\n11.2\nclear\nkHz",
        "Space\n1.1\na room\ns",
        "Loudness\n+1.3\nfuller\ndB",
    ]
    assert page.locator("#extras li").all_inner_texts() == ["Bass full", "Echo light", "Wah none", "Tremolo clear"]
    expect(page.locator("#sources")).to_contain_text("camera 0 not there, showing the drawn demo")
    expect(page.get_by_role("slider", name="Volume")).to_have_value("60")


def test_it_says_that_emotions_are_recognised_and_what_becomes_of_pictures(open_page: OpenPage) -> None:
    page = open_page(390, 844)
    expect(page.get_by_text("Emotion recognition is on")).to_be_in_viewport()
    expect(page.get_by_text("Pictures and voices are read in memory and never leave this device.")).to_be_visible()


def test_it_follows_the_mood_without_being_asked(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    before = page.locator("#field").evaluate("canvas => canvas.toDataURL()")
    device.control.now = full_status(Emotion.SAD)
    expect(page.locator("h1")).to_have_text("sad")
    expect(page.locator("#plane .held text")).to_have_text("sad")
    assert page.title() == "sad · soundit edge"
    page.wait_for_function("before => document.getElementById('field').toDataURL() !== before", arg=before)


def test_the_volume_goes_by_keyboard(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.get_by_role("slider", name="Volume").focus()
    with page.expect_response("**/api/volume"):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#volume-now")).to_have_text("61%")
    assert device.control.volumes == [0.61]


def test_the_last_reasons_are_told_with_their_times(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    expect(page.locator("#when")).to_have_text("just now")
    page.get_by_text("Earlier").click()
    earlier = page.locator("#reasons li")
    expect(earlier).to_have_count(2)
    expect(earlier.first).to_have_text("just nowyou chose to follow the room: tempo down 4 %, darker")
    before = device.control.now.music.reasons
    newest = ReasonStatus(t=100.0, words="the room turned angry: tempo up 15 %, louder")
    device.control.change_music(reason=newest.words, reasons=(newest, *before))
    expect(page.locator("#reason")).to_have_text(newest.words)
    expect(earlier).to_have_count(3)
    device.control.change_music(reason="", reasons=())
    expect(page.locator("#earlier")).to_be_hidden()


def test_figures_are_behind_the_engineers_door(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    seen = page.locator("#now").inner_text()
    assert [word for word in ("ms", "gap", "bar ", "wet", "a second") if word in seen] == []
    page.get_by_text("For engineers").click()
    expect(page.locator("#playing")).to_have_text("C major · bar 38 · no gaps · 2 blocks late")
    expect(page.locator("#senses li").first).to_contain_text("9.6 a second · 11 ms · 41 skipped since the start")
    expect(page.locator("#dials li", has_text="Space")).to_contain_text("11% wet")
    expect(page.locator("#extras li", has_text="Echo")).to_contain_text("15%0.25 s")
    device.control.change_music(rung="no_room", underruns=1)
    expect(page.locator("#playing")).to_contain_text("1 gap")
    expect(page.locator("#health")).to_contain_text("neither reverberation nor wah")
    expect(page.locator("#health")).to_contain_text("its buffer is 97% full and never was below 50%")
    device.control.change_music(ring=1.0, least_ring=1.0)
    expect(page.locator("#health")).to_contain_text("its buffer has always been full")


def test_a_moving_slider_sends_few_requests_and_the_last_value(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    slider = page.get_by_role("slider", name="Volume")
    slider.focus()
    began = time.monotonic()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#volume-now")).to_have_text("20%")
    wait_until(lambda: device.control.volumes[-1:] == [0.2])
    assert len(device.control.volumes) < 2 + (time.monotonic() - began) / INTERVAL_S


def test_a_volume_set_elsewhere_is_shown(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    device.control.now = device.control.now.model_copy(update={"volume": 0.15})
    expect(page.get_by_role("slider", name="Volume")).to_have_value("15")


def test_a_refused_volume_says_why_and_goes_back(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    page = open_page()
    device.control.refusal = SounditError("The speaker is gone: plug it in again.")
    page.get_by_role("slider", name="Volume").focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("alert")).to_have_text("The speaker is gone: plug it in again.")
    expect(page.get_by_role("slider", name="Volume")).to_have_value("60")
    assert [c for c in complaints if "503" not in c] == []
    complaints.clear()


def test_it_says_when_the_device_is_gone_and_comes_back_with_it(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    page = open_page()
    device.__exit__(None, None, None)
    expect(page.get_by_role("status")).to_contain_text("Not connected")
    expect(page.locator("#lead")).to_have_text("The room felt")
    expect(page.get_by_role("slider", name="Volume")).to_be_disabled()
    expect(page.get_by_role("radio", name="lift")).to_be_disabled()
    device.control.now = full_status(Emotion.CALM)
    device.__enter__()
    expect(page.locator("h1")).to_have_text("calm")
    expect(page.get_by_role("status")).to_have_text("live")
    expect(page.get_by_role("slider", name="Volume")).to_be_enabled()
    expect(page.get_by_role("radio", name="lift")).to_be_enabled()
    assert [c for c in complaints if "ERR_CONNECTION_REFUSED" not in c] == []
    complaints.clear()


def test_a_device_with_another_version_brings_its_own_page(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.evaluate("window.old = true")
    device.control.now = full_status().model_copy(update={"version": "9.9.9"})
    page.wait_for_function("() => window.old === undefined")
    expect(page.locator("#version")).to_have_text("soundit edge 9.9.9")


def test_an_unseen_page_costs_the_device_nothing(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    wait_until_unchanged(lambda: device.control.asked, 0.6)
    page.evaluate(hide, False)
    device.control.now = full_status(Emotion.ANGRY)
    expect(page.locator("h1")).to_have_text("angry")


def test_nothing_is_drawn_where_nothing_changes(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.evaluate(
        """() => {
            window.drawn = 0;
            const put = CanvasRenderingContext2D.prototype.putImageData;
            CanvasRenderingContext2D.prototype.putImageData = function (...a) { drawn++; return put.apply(this, a); };
            new MutationObserver(found => { drawn += found.length; })
                .observe(document.body, {subtree: true, childList: true, characterData: true});
        }"""
    )
    wait_until_unchanged(lambda: page.evaluate("drawn"), 0.5)  # what was to be drawn at first
    drawn, asked = page.evaluate("drawn"), device.control.asked
    wait_until(lambda: device.control.asked >= asked + 5)
    assert page.evaluate("drawn") == drawn


def test_the_colours_drift_and_the_letters_are_written_where_motion_is_welcome(
    open_page: OpenPage, device: PageThread
) -> None:
    page = open_page(reduced_motion="no-preference")
    page.evaluate(
        """() => {
            window.written = new WeakSet();
            document.addEventListener('animationstart', event => written.add(event.target));
        }"""
    )
    device.control.now = full_status(Emotion.SAD)
    expect(page.locator("h1")).to_have_text("sad")
    page.wait_for_function("() => [...document.querySelectorAll('#letters path')].every(path => written.has(path))")
    early = page.locator("#field").evaluate("canvas => canvas.toDataURL()")
    wait_until(lambda: page.locator("#field").evaluate("canvas => canvas.toDataURL()") != early)


def test_nothing_moves_for_those_who_asked_for_stillness(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    device.control.now = full_status(Emotion.SAD)
    expect(page.locator("h1")).to_have_text("sad")
    assert page.evaluate("document.getAnimations().length") == 0


def test_our_letters_can_write_every_mood(open_page: OpenPage) -> None:
    script = """names => import('/static/lettering.js').then(module => names.map(name => {
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        module.write(svg, name);
        return svg.childElementCount;
    }))"""
    names = [*EMOTIONS, "soundit edge", "fading", "fröhlich", "lässt nach"]
    assert open_page().evaluate(script, names) == [len(name.replace(" ", "")) for name in names]


def test_without_javascript_it_says_so(browser: Browser, device: PageThread) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(device.address)
        expect(page.locator("noscript p")).to_be_visible()
        expect(page.get_by_text("never leave this device")).to_be_visible()
