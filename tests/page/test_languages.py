"""Every word of the page in every language: its own, those of the device's tables, and what the device says."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest
from playwright.sync_api import Page, expect

from soundit_edge.control.actor import Role
from soundit_edge.daemon.health.progress import StuckPart
from soundit_edge.daemon.ways import source
from soundit_edge.page import vocabulary
from soundit_edge.senses.hue import NAMES as COLOURS
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.sentences import reasons
from tools.page.missing_texts import missing, unused
from tools.page.texts import said_by_device, said_in_script

TABLES = vocabulary.languages()
LANGUAGES = pytest.mark.parametrize("tag", TABLES)
NAMES = re.compile(r"\{\w*\}")
LOWER = re.compile("[a-z]")
NAMES_OF_COLOURS = {*COLOURS, "grey"}
FIGURE = "7"
"""Stands for a value in a sentence: neither language has words in it."""


def capitals(text: str) -> str:
    """Return an English text as a language of its own: capitals in all but the names of values."""
    return "".join(part if NAMES.fullmatch(part) else part.upper() for part in re.split(r"(\{\w*\})", text))


@LANGUAGES
def test_a_table_has_every_text_and_no_other(tag: str) -> None:
    """Where this fails, `python -m tools.page.missing_texts` prints what is to be filled in."""
    lacking = missing(TABLES[tag])
    assert lacking == {"page": {}, "device": {}}, json.dumps(lacking, ensure_ascii=False, indent=1)
    assert unused(TABLES[tag]) == []


@LANGUAGES
def test_a_translation_has_the_values_of_its_text(tag: str) -> None:
    table = TABLES[tag]
    assert table["dir"] in ("ltr", "rtl")
    assert table["page"].keys().isdisjoint(table["device"])
    for text, translation in {**table["page"], **table["device"]}.items():
        assert translation.strip(), text
        assert sorted(NAMES.findall(text)) == sorted(NAMES.findall(translation)), text


def test_texts_are_found_where_they_are_written() -> None:
    script = """
        setText(part, t("One"));
        const two = live ? t("Two {n}", { n: f("no", 1) }) : t(state === "off" ? "Three" : "Four");
        const quoted = t("with \\"quotes\\" and \\u2013"); about("nothing"); at("Five"); other.t("Six"); t(variable);
    """
    assert said_in_script(script) == {"One", "Two {n}", "Three", "Four", 'with "quotes" and \u2013'}


def remarks() -> list[str]:
    """Return what the device refuses with and remarks, with figures in the place of its values."""
    return [NAMES.sub(FIGURE, template) for template in said_by_device()]


def stuck() -> list[str]:
    """Return what the watchdog says of each part."""
    parts = ("senses", "audio", "page", *(f"{role} 7" for role in get_args(source.Role)))
    return [str(StuckPart(part, 7.0)) for part in parts]


SAY = """async ([device, sentences]) => {
    const { Sentences } = await import('/static/sentences.js');
    const table = new Sentences({}, device);
    return sentences.map(one => table.say(one) ?? null);
}"""


@pytest.mark.browser
def test_the_device_is_understood_in_every_language(open_page: OpenPage) -> None:
    """Said in a language of capitals, a small letter is a word that the table lacks; said in numbers, what is not named
    is in the table for nothing."""
    roles = [f"This is for the {role}." for role in Role]
    sentences = sorted({*reasons(), *remarks(), *stuck(), *roles, *NAMES_OF_COLOURS})
    page = open_page()
    for table in TABLES.values():
        texts = table["device"]
        said = page.evaluate(SAY, [{text: capitals(text) for text in texts}, sentences])
        lacking = {one: other for one, other in zip(sentences, said, strict=True) if not other or LOWER.search(other)}
        assert lacking == {}
        numbered = {text: f"<{i}>{''.join(NAMES.findall(text))}" for i, text in enumerate(texts)}
        used = set(re.findall(r"<(\d+)>", "".join(page.evaluate(SAY, [numbered, sentences]))))
        joints = {" and ", ", ", ": ", "; "}
        assert {text for i, text in enumerate(texts) if str(i) not in used} <= joints


def serve_capitals(page: Page) -> None:
    """Let a page speak the language of capitals in place of its first other one."""
    tag, table = next(iter(TABLES.items()))
    capital = {key: {text: capitals(text) for text in table[key]} for key in ("page", "device")}
    page.route(f"**/static/languages/{tag}.json", lambda route: route.fulfill(json=table | capital))


UNTRANSLATED = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const own = '.mark, #title, .plays, #sources, #version, .unit, .figure, noscript, #playing, option, tbody, time, '
        + '#override';
    while (walker.nextNode()) {
        const {parentElement, data} = walker.currentNode;
        if (!parentElement.closest(own) && /[a-z]{2}/.test(data)) found.push(data);
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        for (const one of document.querySelectorAll(`[${name}]`))
            if (/[a-z]{2}/.test(one.getAttribute(name)) && !one.closest(own)) found.push(one.getAttribute(name));
    }
    return found;
}"""


@pytest.mark.browser
def test_nothing_on_the_page_is_said_past_the_table(open_page: OpenPage, device: PageThread) -> None:
    first, voice, *others = device.control.now.senses
    seen = voice.model_copy(update={"detail": {"above_noise_db": 12.0}})
    device.control.now = device.control.now.model_copy(update={"senses": (first, seen, *others)})
    device.control.change_music(several=True, rating="liked", artist="", reason="the room turned happy: darker")
    page = open_page(live=False, locale="de-AT")
    serve_capitals(page)
    nothing: dict[str, object] = {"now": 0, "t": [], "valence": [], "arousal": [], "emotion": [], "marks": []}
    page.route("**/api/history/mood?hours=24", lambda route: route.fulfill(json=nothing))
    page.goto(device.address)
    page.wait_for_selector('[data-link="live"]')
    page.get_by_text("FOR ENGINEERS").click()
    page.get_by_text("EARLIER", exact=True).click()
    expect(page.locator("#reason")).to_have_text("THE ROOM TURNED HAPPY: DARKER")
    assert page.evaluate(UNTRANSLATED) == []
    for view, words in (("evening", "THE LAST 24 HOURS"), ("wall", "WHY THE MUSIC CHANGED")):
        page.evaluate(f"location.hash = '{view}'")
        expect(page.locator("#view")).to_contain_text(words)
        assert page.evaluate(UNTRANSLATED) == []


@pytest.mark.browser
def test_the_reader_chooses_the_language_and_the_browser_the_figures(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(locale="de-CH")
    assert page.locator("html").get_attribute("lang") == "de"
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("fröhlich")
    expect(page.locator(".dial .figure").nth(2)).to_have_text("11.2")  # in Switzerland
    page.get_by_label("Sprache").select_option("en")
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("happy")
    page.goto(device.address)
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("happy")
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("fröhlich")


@pytest.mark.browser
def test_a_language_is_chosen_where_nothing_may_be_stored(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(live=False)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page.goto(f"{device.address}/?from=home#now")
    page.get_by_label("Language").select_option("de")
    expect(page.locator(".label", has_text="Sprache")).to_be_visible()
    expect(page).to_have_url(f"{device.address}/?from=home&language=de#now")


@pytest.mark.browser
def test_a_language_that_is_written_leftwards_fits(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(320, 640, live=False, locale="de")
    changed = re.sub(r'"dir": "\w+"', '"dir": "rtl"', vocabulary.module().decode())
    page.route("**/static/vocabulary.js", lambda route: route.fulfill(body=changed, content_type="text/javascript"))
    page.goto(device.address)
    page.wait_for_selector('[data-link="live"]')
    assert page.locator("html").get_attribute("dir") == "rtl"
    edges = page.locator("#now > *").evaluate_all("parts => parts.map(part => part.getBoundingClientRect())")
    assert all(edge["left"] >= 0 and edge["right"] <= 320 for edge in edges)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate("document.querySelector('.mood').getBoundingClientRect().left > innerWidth / 3")
