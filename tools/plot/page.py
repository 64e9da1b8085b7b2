"""Take a picture of the running device's page with Debian's chromium."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.command import command, tool_parser

CHROMIUM = "/usr/bin/chromium"


def take(url: str, out: Path, *, dark: bool, phone: bool, adjust: bool, watch_s: float) -> None:
    """Watch the live page for so many seconds, so that the mood has left its trail, then write its first screen."""
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not run as root, and only our own page is opened.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
        )
        page.goto(url)
        page.wait_for_selector('[data-link="live"]')
        page.wait_for_timeout(1000 * watch_s)
        if adjust:
            page.get_by_role("button", name="Adjust").click()
            page.wait_for_timeout(500)
        page.screenshot(path=out)
        browser.close()


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.page", __doc__)
    parser.add_argument("url")
    parser.add_argument("out", type=Path)
    parser.add_argument("--dark", action="store_true", help="as on a machine that prefers dark pages")
    parser.add_argument("--phone", action="store_true", help="390 x 844 instead of 1440 x 900")
    parser.add_argument("--adjust", action="store_true", help="with the sheet of all parameters open")
    parser.add_argument("--watch", type=float, default=20.0, help="seconds to watch first, for the trail (default: 20)")
    args = parser.parse_args(arguments)
    take(args.url, args.out, dark=args.dark, phone=args.phone, adjust=args.adjust, watch_s=args.watch)


if __name__ == "__main__":
    sys.exit(main())
