"""Says on the console how far the device in this machine has come: read by firmware/smoke on the host.

A line is `smoke: NAME SECONDS DETAIL`, with the seconds since the kernel started. At the end it changes a setting again
and again, and says "kept N" as soon as the device has answered: what it answered must outlive a power cut.
"""

import itertools
import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from array import array
from pathlib import Path
from typing import Any

PAGE = "http://127.0.0.1:8347"
LISTEN = ["arecord", "-q", "-D", "plughw:Loopback,1,0", "-t", "raw", "-f", "S16_LE", "-r", "48000", "-c", "2"]
HEARD = 300  # of 32768: -40 dB


def say(name: str, detail: object = "") -> None:
    seconds = Path("/proc/uptime").read_text().split()[0]
    # In one piece: threads speak, too.
    print(f"\nsmoke: {name} {seconds} {detail}".rstrip() + "\n", end="", flush=True)


def ask(path: str, body: object = None) -> bytes:
    """Return the page's answer; GET, or with a body PATCH."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"} if data else {}
    request = urllib.request.Request(PAGE + path, data, headers, method="PATCH" if data else "GET")
    with urllib.request.urlopen(request, timeout=120) as answer:
        content: bytes = answer.read()
        return content


def patiently(path: str, body: object = None) -> bytes:
    """Return the page's answer as soon as there is one; an answer that refuses is said."""
    while True:
        try:
            return ask(path, body)
        except urllib.error.HTTPError as error:
            say("refused", f"{path}: {error}")
        except OSError:
            pass  # nobody listens there yet, or again
        time.sleep(1)


def listen() -> None:
    """Say when music is first heard at the other end of the card, and how loud it is."""
    while True:
        with subprocess.Popen(LISTEN, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as recorder:
            assert recorder.stdout is not None
            while block := recorder.stdout.read(48_000 * 4 // 5):
                samples = array("h", block[: len(block) & ~3])
                peak = max(map(abs, samples[::7]), default=0)
                if peak > HEARD:
                    say("music", f"peak {peak / 32768:.2f} of 1")
                    recorder.terminate()
                    return
        time.sleep(1)


def room() -> int:
    """Return the number that the name of the room is, 0 where it has none."""
    tables = json.loads(patiently("/api/settings"))["tables"]
    settings = [setting for table in tables for setting in table["settings"]]
    return next(int(s["value"] or 0) for s in settings if s["path"] == ["device", "room"])


def readings(status: dict[str, Any]) -> list[str]:
    """Return what the senses read of the room."""
    return [f"{s['name']} {s['emotion']} {s['confidence']:.2f}" for s in status["senses"] if s["emotion"]]


def status() -> dict[str, Any]:
    """Return how the device is."""
    answer: dict[str, Any] = json.loads(patiently("/api/status"))
    return answer


def perceive() -> None:
    """Say what the senses read as soon as they read something; in safe mode, they do not before that has ended."""
    while not (read := readings(now := status())):
        time.sleep(2)
    sources = [f"{s['role']} {s['name']} ({s['state']})" for s in now["sources"]]
    say("senses", f"{', '.join(read)}; from {', '.join(sources)}")


def main() -> None:
    say("userspace")
    for watching in (listen, perceive):
        threading.Thread(target=watching, daemon=True).start()
    page = patiently("/").decode()
    say("page", f"{len(page)} bytes, titled {page.partition('<title>')[2].partition('</title>')[0]!r}")
    found = room()
    say("found", found)
    if "safe mode" in (note := status()["note"]):
        say("safe", note)
    for number in itertools.count(found + 1):
        patiently("/api/settings", {"changes": {"device": {"room": str(number)}}})
        say("kept", number)
        time.sleep(1)


if __name__ == "__main__":
    main()
