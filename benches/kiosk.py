"""What the kiosk's scenes cost: one picture at full detail, and what each settles at where all is done by software.

    python benches/kiosk.py [--seconds 20]

A real Chromium without a graphics card shows the kiosk of a fake device, to loud music in a stirred mood. Its figures
go beside itself, as numbers and as a table.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches import figures  # noqa: E402
from soundit_edge.control.status import Status  # noqa: E402
from soundit_edge.emotion import Emotion  # noqa: E402
from tests.fakes.control import FakeControl  # noqa: E402
from tests.fakes.page import PageThread  # noqa: E402
from tests.page.conftest import CHROMIUM, QUIET  # noqa: E402
from tests.page.kiosk import ON_BEAT, SCENES, playing  # noqa: E402

SIZES = ((1280, 720), (1920, 1080))
PICTURES = 6
"""That are drawn one after the other at full detail, each waited for."""

ONE = """async ([name, status, width, height, count]) => {
    const { Frames } = await import('/static/kiosk/frame.js');
    const { randomOf } = await import('/static/kiosk/noise.js');
    const scene = await import(`/static/scenes/${name}.js`);
    const canvas = Object.assign(document.createElement('canvas'), {width, height});
    const reading = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
    const kept = scene.setup(canvas, randomOf(1));
    const frames = new Frames();
    frames.follow(status, 0);
    const times = [];
    for (let i = 0; i < count; i++) {
        const began = performance.now();
        scene.draw(kept, {...frames.next(40 * i), width, height, detail: 1});
        reading.drawImage(canvas, 0, 0);
        reading.getImageData(0, 0, 1, 1);  // waits until it is drawn
        times.push(performance.now() - began);
    }
    scene.end(kept);
    return times;
}"""

INTERVALS = """ms => new Promise(done => {
    const times = [];
    let before = performance.now();
    const began = before;
    const note = now => {
        times.push(now - before);
        before = now;
        if (now - began < ms) requestAnimationFrame(note);
        else done([times, document.querySelector('canvas').width / innerWidth]);
    };
    requestAnimationFrame(note);
})"""


def one_picture_ms(page: Page, address: str, name: str, status: Status, size: tuple[int, int]) -> float:
    """Milliseconds of one picture at full detail, the median."""
    page.route("**/static/start.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{address}/kiosk")
    times = page.evaluate(ONE, [name, status.model_dump(mode="json"), *size, PICTURES])
    page.unroute_all()
    return float(np.median(times[2:]))


def settled(page: Page, address: str, name: str, seconds: float) -> dict[str, float]:
    """What the kiosk itself comes to: milliseconds between two pictures, and the share of detail."""
    page.goto(f"{address}/kiosk?scene={name}&seed=1")
    page.wait_for_selector('[data-link="live"][data-scene]')
    page.wait_for_timeout(1000 * seconds)
    times, detail = page.evaluate(INTERVALS, 3000)
    return {"median_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95)), "detail": float(detail)}


def measure(browser: Browser, address: str, status: Status, seconds: float) -> list[dict[str, Any]]:
    rows = []
    for size in SIZES:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        for name in SCENES:
            row = {"scene": name, "width": size[0], "height": size[1]}
            row["full_ms"] = one_picture_ms(page, address, name, status, size)
            rows.append(row | settled(page, address, name, seconds))
            print(rows[-1], flush=True)
        page.close()
    return rows


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        "# What the kiosk's scenes cost",
        "",
        f"`.venv/bin/python benches/kiosk.py` on {result['machine']}, {result['date']}.",
        f"Load at the start: {result['load']:.1f}.",
        "Chromium draws by software here: there is no graphics card. Detail: the share of the screen's pixels in each",
        "direction that a scene has settled at.",
        "",
        "| scene | screen | one picture at full detail | pictures a second, 95 % above | detail |",
        "|---|---|---|---|---|",
    ]
    for row in result["scenes"]:
        pace = f"{1000 / row['median_ms']:.0f}, {1000 / row['p95_ms']:.0f}"
        size = f"{row['width']} x {row['height']}"
        lines.append(f"| {row['scene']} | {size} | {row['full_ms']:.0f} ms | {pace} | {row['detail']:.2f} |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="that each scene has to settle")
    arguments = parser.parse_args()
    result: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "machine": figures.machine(),
        "load": os.getloadavg()[0],
    }
    status = playing(Emotion.SURPRISED, ON_BEAT)
    with PageThread(FakeControl(status)) as device, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        result["scenes"] = measure(browser, device.address, status, arguments.seconds)
        browser.close()
    figures.write(Path(__file__), table(result), result)
    print(table(result))


if __name__ == "__main__":
    main()
