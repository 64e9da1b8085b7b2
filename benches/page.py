"""What the page costs: its size, its first paint, an idle window, fifty viewers, and one who does not read.

    python benches/page.py [--seconds 15]      (or: make bench-page)

The device is the installed `soundit`, which plays the drawn demo through real PortAudio into a null sink; the window is
a real Chromium. Writes benches/page.json and benches/page.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import gzip
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches import figures  # noqa: E402
from soundit_edge.page.routes.files import page_files  # noqa: E402
from tests.device import NOTHING_SENSED, RunningDevice  # noqa: E402
from tests.page.conftest import CHROMIUM, QUIET  # noqa: E402
from tests.sound_server import running_sound_server  # noqa: E402

VIEWERS = 50
PAINTS = 5
SETTLED_S = 5.0
QUESTIONS = 60
"""Requests for the status whose time is taken, one every 50 ms."""


def sizes() -> dict[str, float]:
    """The kilobytes of all files of the page together, as they are and as they are sent."""
    files = page_files().values()
    return {
        "files": len(files),
        "kB": sum(map(len, files)) / 1000,
        "sent_kB": sum(len(gzip.compress(content, 9)) for content in files) / 1000,
    }


def first_paint_s(browser: Browser, address: str) -> float:
    """Seconds from the navigation to the first picture with content, in a window that has never seen the page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector('[data-link="live"]')
    paint: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return paint / 1000


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds of a process and all its children so far."""
    used = 0.0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            used += sum(one.cpu_times()[:2])
    return used


def chromium() -> psutil.Process:
    """The browser's first process, whose children are the others."""
    running = [one for one in psutil.Process().children(recursive=True) if one.name().startswith("chrom")]
    return min(running, key=lambda one: one.create_time())


def window_share(page: Page, address: str, seconds: float) -> float:
    """The share of a core that the browser takes for a window at an address, once it has settled."""
    page.goto(address)
    time.sleep(SETTLED_S)
    before, began = cpu_s(chromium()), time.monotonic()
    time.sleep(seconds)
    return (cpu_s(chromium()) - before) / (time.monotonic() - began)


def answer_times(address: str) -> dict[str, float]:
    """Milliseconds that the status takes to come, the median and the 95th percentile."""
    times = []
    with httpx.Client(base_url=address) as client:
        for _ in range(QUESTIONS):
            began = time.perf_counter()
            client.get("/api/status").raise_for_status()
            times.append(1000 * (time.perf_counter() - began))
            time.sleep(0.05)
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))}


@contextlib.contextmanager
def viewers(address: str, count: int) -> Iterator[None]:
    """As many readers of the stream, each on a connection of its own."""
    stop = threading.Event()

    def watch() -> None:
        with httpx.stream("GET", f"{address}api/events", timeout=20) as answer:
            for _ in answer.iter_bytes():
                if stop.is_set():
                    return

    threads = [threading.Thread(target=watch, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    yield
    stop.set()
    for thread in threads:
        thread.join()


@contextlib.contextmanager
def who_does_not_read(address: str) -> Iterator[None]:
    """A client that asks for the stream and then reads nothing of it."""
    url = httpx.URL(address)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        sock.connect((url.host, url.port))
        sock.sendall(f"GET /api/events HTTP/1.1\r\nHost: localhost:{url.port}\r\n\r\n".encode())
        yield


def music_of(device: RunningDevice) -> tuple[int, int]:
    """Late blocks and underruns so far."""
    music = device.status()["music"]
    return music["late_blocks"], music["underruns"]


def measure(seconds: float) -> dict[str, Any]:
    """Everything, in one run of the device and another one that senses nothing."""
    result: dict[str, Any] = {"size": sizes()}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="si")))
        (folder / "pulse").mkdir()
        server = stack.enter_context(running_sound_server(folder / "pulse"))
        options = ["--speaker", "spk"]
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=QUIET)
        stack.callback(browser.close)
        with RunningDevice(folder, *options, extra=server.environment) as device:
            address = device.wait_for_page()
            time.sleep(SETTLED_S)
            result["first_paint_s"] = statistics.median(first_paint_s(browser, address) for _ in range(PAINTS))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            blank = window_share(page, "about:blank", seconds)
            result["window_demo"] = window_share(page, address, seconds) - blank
            page.close()
            result["alone_ms"] = answer_times(address)
            with who_does_not_read(address):
                result["beside_one_who_does_not_read_ms"] = answer_times(address)
            process = psutil.Process(device.process.pid)
            used, before = cpu_s(process), music_of(device)
            time.sleep(seconds)
            alone, between = cpu_s(process) - used, music_of(device)
            with viewers(address, VIEWERS):
                used = cpu_s(process)
                time.sleep(seconds)
                watched = cpu_s(process) - used
            result["viewers_cpu"] = (watched - alone) / seconds
            result["late"], result["underruns"] = np.subtract(music_of(device), between).tolist()
            result["late_alone"] = between[0] - before[0]
        with RunningDevice(folder, *options, *NOTHING_SENSED, extra=server.environment) as device:
            address = device.wait_for_page()
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            result["window_idle"] = window_share(page, address, seconds) - window_share(page, "about:blank", seconds)
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for people, beside what was asked for."""
    size, alone, beside = result["size"], result["alone_ms"], result["beside_one_who_does_not_read_ms"]
    rows = [
        ("all files together, as they are sent", f"{size['sent_kB']:.0f} kB (unpacked {size['kB']:.0f})", "< 100 kB"),
        ("first paint, median", f"{result['first_paint_s']:.2f} s", "< 1 s"),
        ("an idle window (nothing is sensed)", f"{100 * result['window_idle']:.1f} % of a core", "< 2 %"),
        ("a window while the demo's mood moves", f"{100 * result['window_demo']:.1f} % of a core", ""),
        (
            f"late blocks of sound with {VIEWERS} viewers",
            f"{result['late']} (underruns {result['underruns']}); without {result['late_alone']}",
            "0",
        ),
        (f"what {VIEWERS} viewers cost the device", f"{100 * result['viewers_cpu']:.0f} % of a core", ""),
        ("an answer, p50 and p95", f"{alone['p50']:.1f}, {alone['p95']:.1f} ms", ""),
        ("beside one who does not read", f"{beside['p50']:.1f}, {beside['p95']:.1f} ms", "the same"),
    ]
    lines = [
        "# What the page costs",
        "",
        f"`make bench-page` on {result['machine']}, {result['date']}. Load at the start: {result['load']:.1f}.",
        "Chromium draws by software here: there is no graphics card.",
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        *(f"| {what} | {reached} | {asked} |" for what, reached, asked in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each measured run")
    arguments = parser.parse_args()
    about = {
        "date": datetime.date.today().isoformat(),
        "machine": figures.machine(),
        "load": os.getloadavg()[0],
    }
    result = {**about, **measure(arguments.seconds)}
    figures.write(Path(__file__), table(result), result)
    print(table(result))


if __name__ == "__main__":
    main()
