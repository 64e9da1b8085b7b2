"""Take the pictures of the kiosk for the documents: every scene in all eight moods, and one of them large."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from playwright.sync_api import BrowserContext, sync_playwright

from soundit_edge.control.status import MoodStatus
from soundit_edge.emotion import EMOTIONS, Emotion, expected_affect, most_likely, one_hot
from soundit_edge.errors import SounditError
from tools.command import command, tool_parser
from tools.plot.page import CHROMIUM

MOMENT_S: Final = 40
SEED: Final = 3
STRENGTH: Final = 0.75
"""Probability of the mood that is shown."""
CELL: Final = (288, 162)
"""Width and height of one picture of the sheet."""
LARGE: Final = (1280, 720)
LEVEL_DB: Final = -18.0
PULSE: Final = {"beat": 0, "beats": 4, "phase": 0.3, "beat_s": 0.6, "moving": True}
QUALITY: Final = 84
NO_STREAM: Final = "delete window.EventSource;"
"""The page asks for one status after the other then, each of which can be another mood."""

PAINTED: Final = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

Picture = npt.NDArray[np.uint8]


def mood_of(emotion: Emotion) -> dict[str, Any]:
    """Return what the page is given of a room that feels this."""
    probabilities = one_hot(emotion, STRENGTH)
    affect = expected_affect(probabilities)
    mood = MoodStatus(
        emotion=most_likely(probabilities),
        valence=affect.valence,
        arousal=affect.arousal,
        confidence=max(probabilities),
        probabilities=dict(zip(EMOTIONS, probabilities, strict=True)),
        leading=most_likely(probabilities),
    )
    return mood.model_dump(mode="json")


def taken(context: BrowserContext, url: str, scene: str, emotion: Emotion, size: tuple[int, int]) -> Picture:
    """Return a picture of the kiosk, uint8 [height, width, 3] in BGR, as in a room that feels `emotion`."""
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    status = page.request.get(f"{url}/api/status").json() | {"mood": mood_of(emotion), "override": None}
    status["music"] |= {
        "level_db": LEVEL_DB,
        "pulse": {"beat": 0, "beats": 4, "phase": 0.3, "beat_s": 0.6, "moving": True},
    }
    page.route("**/api/status", lambda route: route.fulfill(json=status))
    page.add_init_script(NO_STREAM)
    page.goto(f"{url}/kiosk?scene={scene}&seed={SEED}&t={MOMENT_S}")
    page.wait_for_selector(f'[data-link="live"][data-scene="{scene}"]')
    page.wait_for_function(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    page.close()
    return np.asarray(picture, np.uint8)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.kiosk", __doc__)
    parser.add_argument("out", type=Path, help="folder, such as docs/pictures")
    parser.add_argument(
        "--url", default="http://localhost:8347", help="of a running device's page (default: %(default)s)"
    )
    parser.add_argument("--scene", default="", help="the only one to take (default: all)")
    args = parser.parse_args(arguments)
    url = args.url.rstrip("/")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not run as root, and only our own page is opened.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        names = json.loads(context.request.get(f"{url}/static/kiosk/scenes.js").text().split("=")[1].rstrip(";\n"))
        if args.scene and args.scene not in names:
            raise SounditError(f"there is no scene {args.scene!r}: choose one of {', '.join(names)}")
        scenes = [args.scene] if args.scene else names
        rows = []
        for emotion in EMOTIONS:
            cells = [taken(context, url, scene, emotion, (2 * CELL[0], 2 * CELL[1])) for scene in scenes]
            rows.append(np.hstack([cv2.resize(cell, CELL, interpolation=cv2.INTER_AREA) for cell in cells]))
        for name, picture in (
            ("kiosk_scenes", np.vstack(rows)),
            ("kiosk", taken(context, url, scenes[-1], Emotion.HAPPY, LARGE)),
        ):
            cv2.imwrite(str(args.out / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
