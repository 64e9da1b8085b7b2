"""Whether everybody can read and use the page: contrast in all colours, names of controls, small and large screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.music.director.target import RANGES
from tests.fakes.control import full_status
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.variants import thorough

pytestmark = pytest.mark.browser

SCREENS = [(320, 640), (390, 844), (820, 1180), (1440, 900), (1920, 1080)]
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.2, 1.4.11

# Asked for at every frame: `expect` asks less and less often, which adds up over many moods.
SHOWS = "([part, word]) => document.querySelector(part).textContent === word"
# The lowest contrast of each kind against the darkest and the lightest colour that the background has anywhere.
CONTRASTS = """async () => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);  // the background follows the word
    const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const field = document.getElementById('field');
    const copy = new OffscreenCanvas(field.width, field.height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(field, 0, 0);
    const pixels = copy.getImageData(0, 0, field.width, field.height).data;
    let [darkest, lightest] = [1, 0];
    for (let i = 0; i < pixels.length; i += 4) {
        const l = luminance(pixels.subarray(i, i + 3));
        [darkest, lightest] = [Math.min(darkest, l), Math.max(lightest, l)];
    }
    const dot = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const known = new Map();  // reading a pixel back is slow, and the colours are few
    const painted = colour => {
        if (!known.has(colour)) {
            dot.clearRect(0, 0, 1, 1);
            dot.fillStyle = colour;
            dot.fillRect(0, 0, 1, 1);
            known.set(colour, dot.getImageData(0, 0, 1, 1).data);
        }
        return known.get(colour);
    };
    // What has a ground of its own (a chosen button, the sheet) is read on that.
    const ground = element => {
        for (; element !== document.body; element = element.parentElement) {
            const pixel = painted(getComputedStyle(element).backgroundColor);
            if (pixel[3] > 0) return luminance(pixel);
        }
        return null;
    };
    const contrast = (colour, own = null) => {
        const l = luminance(painted(colour));
        return own === null ? Math.min(ratio(l, darkest), ratio(l, lightest)) : ratio(l, own);
    };
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('noscript')) continue;
        const style = getComputedStyle(element);
        texts.push(contrast(element.closest('svg') ? style.fill : style.color, ground(element)));
    }
    const kinds = '.held .bar, .dial .part, .why, .choice span, .button:not(.round), .padlock .shackle';
    const shapes = [...document.querySelectorAll(kinds)].filter(element => element.checkVisibility()).map(element => {
        const style = getComputedStyle(element);
        if (element.matches('.part')) return contrast(style.stroke);
        if (element.matches('.shackle')) return contrast(style.stroke, ground(element));
        if (element.matches('.choice span, .button'))
            return contrast(style.borderTopColor, ground(element.parentElement));
        if (element.matches('.bar')) return contrast(style.backgroundColor);
        return contrast(style.borderLeftColor);
    });
    return {texts, shapes};
}"""


@pytest.mark.parametrize("scheme", ["dark", *thorough("light")])
def test_everything_can_be_read_in_every_mood(open_page: OpenPage, device: PageThread, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    for strength in (0.4, 1.0):
        for emotion in EMOTIONS:
            device.control.now = full_status(emotion, strength)
            page.wait_for_function(SHOWS, arg=["h1", emotion])
            found = page.evaluate(CONTRASTS)
            assert len(found["texts"]) > 60
            assert min(found["texts"]) >= TEXT_CONTRAST, (emotion, strength)
            assert min(found["shapes"]) >= SHAPE_CONTRAST, (emotion, strength)


@pytest.mark.parametrize("scheme", ["dark", *thorough("light")])
def test_everything_in_the_sheet_can_be_read_in_every_mood(
    open_page: OpenPage, device: PageThread, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.get_by_role("button", name="Adjust").click()
    for emotion in EMOTIONS:
        device.control.now = full_status(emotion)
        device.control.change_music(several=True, note="song.flac: no such file", locks={"tempo": 1.1})
        page.wait_for_function(SHOWS, arg=["#name", emotion])
        expect(page.locator("dialog li.locked")).to_have_count(1)
        found = page.evaluate(CONTRASTS)
        assert len(found["texts"]) > 100
        assert min(found["texts"]) >= TEXT_CONTRAST, emotion
        assert min(found["shapes"]) >= SHAPE_CONTRAST, emotion


def test_everything_has_a_name_and_a_place(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("happy")
    assert page.get_by_role("heading", level=2).all_inner_texts() == [
        "Eight emotions",
        "Senses",
        "What the mood does to the music",
    ]
    for landmark in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    device.control.change_music(several=True)
    expect(page.get_by_role("button")).to_have_count(5)
    for role in ("slider", "img", "region", "radio", "radiogroup", "group", "button"):
        for element in page.get_by_role(role).all():
            expect(element).not_to_have_accessible_name("")
    expect(page.get_by_role("group", name="What the music does").get_by_role("radio")).to_have_count(3)
    expect(page.get_by_role("group", name="How far it goes").get_by_role("radio")).to_have_count(2)
    # What is drawn for the eye alone is hidden from those who listen.
    assert page.locator("svg:not([aria-hidden]):not([role=img]), canvas:not([aria-hidden])").count() == 0


def test_only_the_change_of_mood_is_announced(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    expect(page.locator("h1")).to_have_attribute("aria-live", "polite")
    # The mood, the link, and what went wrong on the page, with the senses, and in the sheet over it.
    assert page.locator("[aria-live], [role=status], [role=alert], output").count() == 5
    page.evaluate(
        """() => {
            window.announced = [];
            const watch = new MutationObserver(() => announced.push(document.querySelector('h1').textContent.trim()));
            for (const live of document.querySelectorAll('[aria-live], [role=status], [role=alert]'))
                watch.observe(live, {subtree: true, childList: true, characterData: true});
        }"""
    )
    device.control.now = full_status(Emotion.HAPPY, 0.5)
    expect(page.locator("#shares .held .share")).to_contain_text("56")
    device.control.now = full_status(Emotion.CALM)
    expect(page.locator("h1")).to_have_text("calm")
    assert page.evaluate("announced") == ["calm"]


def test_focus_can_be_seen(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#notice").focus()  # the last of the head
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_everything_can_be_reached_by_keyboard_and_the_focus_be_seen_there(
    open_page: OpenPage, device: PageThread
) -> None:
    device.control.change_music(several=True, locks={"wah": 0.5})
    page = open_page()
    expect(page.get_by_role("button", name="Next track")).to_be_visible()
    # A radio button is as good as invisible: what is beside it shows the focus.
    where = """() => {
        const here = document.activeElement;
        const seen = here.type === 'radio' ? here.nextElementSibling : here;
        const name = here.ariaLabel ?? here.id.concat(here.type === 'radio' ? here.name + here.value : '');
        return [name || here.textContent, getComputedStyle(seen).outlineStyle];
    }"""

    def walk(count: int) -> list[str]:
        names = []
        for _ in range(count):
            page.keyboard.press("Tab")
            name, outline = page.evaluate(where)
            assert outline == "solid", name
            names.append(name)
        return names

    page.locator("#notice").focus()  # the last of the head
    assert walk(5) == ["Earlier", "Pause", "Next track", "Mute", "slider"]
    assert walk(3) == ["policyfollow", "presetmusical", "override-open"]
    assert walk(2) == ["Switch senses on or off", "adjust-open"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Adjust the music")).to_be_visible()
    reached = walk(1 + len(RANGES) + 1)  # the slider of what is locked, all locks, and the way to unlock them
    assert [name for name in reached if name.startswith("Lock ")][:2] == ["Lock Tempo", "Lock Key"]
    assert {"Wah", "Lock Wah", "Lock Tremolo", "Unlock all"} <= set(reached)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#adjust-open")).to_be_focused()
    assert walk(1) == ["For engineers"]


def test_the_sheet_has_names_for_everything(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Adjust").click()
    sheet = page.get_by_role("dialog", name="Adjust the music")
    expect(sheet.get_by_role("heading", name="Adjust the music")).to_be_visible()
    expect(sheet.get_by_role("slider")).to_have_count(len(RANGES))
    for slider in sheet.get_by_role("slider").all():
        expect(slider).not_to_have_accessible_name("")
        assert slider.get_attribute("aria-valuetext")
    expect(sheet.get_by_role("button", name="Lock Tempo", pressed=False)).to_be_visible()
    assert page.locator("svg:not([aria-hidden]):not([role=img])").count() == 0


def fits(page: Page) -> bool:
    """Nothing is wider than the screen but what scrolls by itself."""
    parts = "[...document.querySelectorAll('body *:not(.wide *, nav *)')]"
    widest = f"Math.max(...{parts}.map(e => e.getBoundingClientRect().right))"
    return bool(page.evaluate(f"document.documentElement.scrollWidth <= innerWidth && {widest} <= innerWidth"))


def test_it_fits_every_screen_in_every_mood(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    for emotion in EMOTIONS:
        device.control.now = full_status(emotion)
        page.wait_for_function(SHOWS, arg=["h1", emotion])
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            assert fits(page), (emotion, width)
            expect(page.locator("#letters")).to_be_in_viewport(ratio=1)
            if width >= 1440:  # on a wall nobody scrolls
                assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (emotion, width)


def test_all_that_may_be_there_fits_every_screen(open_page: OpenPage, device: PageThread) -> None:
    """A long reason, locks on everything, a busy computer, several tracks; and the sheet."""
    reason = (
        "leading the room from disgusted to happy: tempo up 12 %, key up 3 semitones, brighter, louder, no more wah"
    )
    locks = {name: high for name, (_, high) in RANGES.items()}
    device.control.change_music(
        title="Concerto for an orchestra of wind and water, third movement, as it was played in the summer of 1997",
        several=True,
        locks=locks,
        **locks,
        reason=reason,
        rung="no_room",
        underruns=12,
        late_blocks=345,
    )
    page = open_page()
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("#reason")).to_have_text(reason)
        assert fits(page), width
        if width >= 1440:
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), width
        page.get_by_role("button", name="Adjust").click()
        assert fits(page), width
        sheet = page.get_by_role("dialog")
        assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth"), width
        for button in sheet.get_by_role("button").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, 2.5.8
        page.keyboard.press("Escape")


def test_a_finger_can_set_the_volume_on_a_phone(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(390, 844, is_mobile=True, has_touch=True, device_scale_factor=3)
    slider = page.get_by_role("slider", name="Volume")
    box = slider.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    with page.expect_response("**/api/volume"):
        page.touchscreen.tap(box["x"] + 2, box["y"] + box["height"] / 2)
    assert device.control.volumes[-1] < 0.1


def test_a_finger_can_choose_and_lock_on_a_phone(open_page: OpenPage, device: PageThread) -> None:
    device.control.change_music(several=True)
    page = open_page(390, 844, is_mobile=True, has_touch=True, device_scale_factor=3)
    for target in (page.locator("#policy span").nth(1), page.get_by_role("button", name="Next track")):
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 40
    with page.expect_response("**/api/policy"):
        page.locator("#policy label").nth(1).tap()
    page.get_by_role("button", name="Adjust").tap()
    with page.expect_response("**/api/locks"):
        page.get_by_role("button", name="Lock Key").tap()
    slider = page.get_by_role("slider", name="Key")
    box = slider.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    with page.expect_response("**/api/locks"):
        page.touchscreen.tap(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    assert device.control.choices == [
        ("policy", "lift"),
        ("locks", {"semitones": 2}),
        ("locks", {"semitones": 12}),
    ]
