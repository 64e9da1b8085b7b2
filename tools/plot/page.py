"""Take the pictures of the running device's page for the documents, with Debian's chromium."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from soundit_edge.errors import SounditError
from tools.command import command, tool_parser

CHROMIUM: Final = "/usr/bin/chromium"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the page.

    Attributes:
        width, height: of the window, in CSS pixels.
        touch: whether it is a touch screen, twice as fine.
        dark: whether its owner prefers dark pages.
        language: of its browser.
        view: that is opened.
        press: the button that is pressed first, or "".
    """

    width: int = 1440
    height: int = 900
    touch: bool = False
    dark: bool = False
    language: str = "en-GB"
    view: str = "now"
    press: str = ""


SHOTS: Final = {
    "page": Shot(),
    "page_dark": Shot(dark=True),
    "page_adjust": Shot(press="Adjust"),
    "page_phone": Shot(390, 844, touch=True),
    "page_phone_german": Shot(390, 844, touch=True, dark=True, language="de-DE"),
    "page_panel": Shot(800, 480, touch=True),
    "page_wall": Shot(1920, 1080, dark=True, view="wall"),
    "page_evening": Shot(view="evening"),
    "page_settings": Shot(view="settings"),
    "page_try_phone": Shot(390, 844, touch=True, view="try"),
}
"""By the name of the file in docs/pictures."""


def take(browser: Browser, url: str, shot: Shot, out: Path, watch_s: float) -> None:
    """Watch the live page for so many seconds, so that the mood has left its trail, then write its first screen."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=2 if shot.touch else 1,
        has_touch=shot.touch,
        is_mobile=shot.touch,
        color_scheme="dark" if shot.dark else "light",
        locale=shot.language,
    )
    page = context.new_page()
    page.goto(f"{url.rstrip('/')}/#{shot.view}")
    page.wait_for_selector('[data-link="live"]')
    page.wait_for_timeout(1000 * watch_s)
    if shot.press:
        page.get_by_role("button", name=shot.press).click()
        page.wait_for_timeout(500)
    page.screenshot(path=out)
    context.close()


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.page", __doc__)
    parser.add_argument("url", help="of the page, such as http://localhost:8347")
    parser.add_argument("out", type=Path, help="folder, such as docs/pictures")
    parser.add_argument("--only", default="", help=f"one of {', '.join(SHOTS)} (default: all)")
    parser.add_argument("--watch", type=float, default=20.0, help="seconds to watch first, for the trail (default: 20)")
    args = parser.parse_args(arguments)
    if args.only and args.only not in SHOTS:
        raise SounditError(f"there is no picture {args.only!r}: choose one of {', '.join(SHOTS)}")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not run as root, and only our own page is opened.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, shot in SHOTS.items():
            if args.only in ("", name):
                take(browser, args.url, shot, args.out / f"{name}.png", args.watch)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
