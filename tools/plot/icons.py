"""Draw the page's icons for home screens from its own icon.svg, with Debian's chromium."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.command import command, tool_parser
from tools.plot.page import CHROMIUM

STATIC: Final = Path(__file__).resolve().parents[2] / "soundit_edge" / "page" / "static"
SIZES: Final = (180, 192, 512)
"""Pixels a side: of a home screen's icon on iOS, and of those that a manifest needs."""
COLOURS: Final = 32


def draw(svg: str, size: int) -> bytes:
    """Return an icon as PNG: the drawing on its own ground up to the edges, which each system rounds in its own way."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": size, "height": size})
        page.set_content(f"<body style='margin:0'>{svg.replace('rx=', 'data-rx=')}</body>")
        picture = page.screenshot()
        browser.close()
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    tool_parser("tools.plot.icons", __doc__).parse_args(arguments)
    svg = (STATIC / "icon.svg").read_text()
    for size in SIZES:
        (STATIC / "icons" / f"{size}.png").write_bytes(draw(svg, size))


if __name__ == "__main__":
    sys.exit(main())
