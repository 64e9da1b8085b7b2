"""Half an hour of faults: senses that fail, hang and drag, an unplugged camera, a busy computer, killed music.

    python benches/soak_faults.py [--minutes 30] [--clips FOLDER]     (or: make soak-faults MINUTES=30)

The whole device as `soundit run` starts it, playing through real PortAudio into a null sink; its camera is a clip with
a cable (soak_faults_device.py). Then as many minutes in virtual time with an accelerator that is as bad (see
tests/inference/accelerator.py). Writes the figures beside itself; fails where something happened that must not.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, soak_arguments, write  # noqa: E402
from benches.soak_faults_virtual import run_virtual  # noqa: E402
from tests.device import RunningDevice  # noqa: E402
from tests.sound_server import SPEAKER, running_sound_server  # noqa: E402

SEED: Final = 13
WARM_UP_S: Final = 60.0
MIN_JUDGED: Final = 10.0
"""Minutes; the growth of the memory in a shorter run is not judged."""
MAX_GROWTH: Final = 2.0
"""MB a minute by which the memory may grow after the warm-up."""
RESTART_S: Final = 15.0
"""Seconds after the music's process was killed in which silence is no fault."""
SILENT_DB: Final = -60.0
BUSY: Final = "while True: pass"
TRANSITIONS: Final = (
    (r"(\w+): fails and is tried again", r"(\w+): well again"),
    (r"(\w+): slower, up to", r"(\w+): up to \S+ readings a second again"),
    (r"(camera \d+) is gone", r"(camera \d+) is back"),
)


def memory_of(process: psutil.Process) -> float:
    """The memory of a process and its children, in MB."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += one.memory_info().rss
    return total / 1e6


def kill_music(device: psutil.Process) -> None:
    """Kill the music's process: the largest of the device's children."""
    max(device.children(), key=lambda child: memory_of(child)).send_signal(signal.SIGKILL)


def disturb(device: RunningDevice, minutes: float) -> dict[str, Any]:
    """Let other programs take the processor, kill the music's process now and then, and watch what comes of it."""
    random = np.random.default_rng(SEED)
    process = psutil.Process(device.process.pid)
    busy: list[subprocess.Popen[bytes]] = []
    begin = time.monotonic()
    change_at, kill_at, killed_at = begin + 20.0, begin + 60 * min(minutes / 2, 7.0), -RESTART_S
    seen: dict[str, Any] = {
        "kills": 0,
        "silent": 0,
        "looks": 0,
        "hogs": 0,
        "memory": [],
        "loads": [],
        "states": Counter(),
    }
    try:
        while time.monotonic() - begin < 60 * minutes:
            now = time.monotonic()
            if now > change_at:
                while busy:
                    end(busy.pop())
                if seen["hogs"] % 2 == 0:
                    busy += [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(3)]
                seen["hogs"] += 1
                change_at = now + random.uniform(5.0, 25.0)
            if now > kill_at:
                kill_music(process)
                seen["kills"], killed_at = seen["kills"] + 1, now
                kill_at = now + random.uniform(400.0, 800.0)
            status = device.status()
            seen["looks"] += 1
            seen["silent"] += (
                status["music"]["level_db"] < SILENT_DB and now - killed_at > RESTART_S and now - begin > 10
            )
            seen["states"].update(f"{s['name']} {s['state']}" for s in status["senses"])
            seen["memory"].append((now - begin, memory_of(process)))
            seen["loads"].append(psutil.getloadavg()[0])
            seen["underruns"], seen["late"] = status["music"]["underruns"], status["music"]["late_blocks"]
            time.sleep(1.0)
    finally:
        while busy:
            end(busy.pop())
    return seen


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def flapping(log: str) -> list[str]:
    """Return those of whom the log says twice that they went, or that they came back."""
    wrong = []
    for gone, back in TRANSITIONS:
        state: dict[str, bool] = {}
        for line in log.splitlines():
            for pattern, is_gone in ((gone, True), (back, False)):
                if (found := re.search(pattern, line)) is not None:
                    if state.get(found[1], False) is is_gone:
                        wrong.append(line)
                    state[found[1]] = is_gone
    return wrong


def soak(minutes: float, clips: Path) -> dict[str, Any]:
    """Run the device under faults, and gather what it did."""
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        (folder / "pulse").mkdir()
        with running_sound_server(folder / "pulse") as server:
            extra = server.environment | {
                "SOAK_NOTES": str(folder / "notes"),
                "SOAK_CLIP": str(clips / "dinner.mp4"),
                "SOAK_MINUTES": str(minutes),
            }
            program = (sys.executable, str(Path(__file__).with_name("soak_faults_device.py")))
            arguments = ("--camera", "0", "--microphone", "off", "--speaker", SPEAKER)
            with RunningDevice(folder, *arguments, extra=extra, program=program) as device:
                device.wait_for_page()
                seen = disturb(device, minutes)
                code = device.stop(signal.SIGTERM)
        log = (folder / "soundit.log").read_text()
        notes = json.loads((folder / "notes").read_text())
    times, memory = np.array(seen.pop("memory")).T
    late = times > min(WARM_UP_S, times[-1] / 2)
    loads = seen.pop("loads")
    counts = {pattern: len(re.findall(pattern, log)) for pair in TRANSITIONS for pattern in pair}
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "minutes": minutes,
        "load": {"mean": float(np.mean(loads)), "highest": max(loads)},
        "exit_code": code,
        "growth_mb_per_minute": float(60 * np.polyfit(times[late], memory[late], 1)[0]),
        "memory_mb": [float(memory[late][0]), float(memory[-1])],
        "lines": counts,
        "flapping": flapping(log),
        **seen,
        "states": dict(seen["states"]),
        **notes,
        "virtual": run_virtual(60 * minutes, SEED),
    }


def missed(result: dict[str, Any]) -> list[str]:
    """Return in words what should not have happened."""
    virtual = result["virtual"]
    checks = {
        "the device ended by itself": result["exit_code"] == 0,
        "music was silent": result["silent"] == 0,
        "memory grows": result["minutes"] < MIN_JUDGED or result["growth_mb_per_minute"] < MAX_GROWTH,
        "a change was said twice": not result["flapping"],
        "input was lost from the count": result["conserved"] and virtual["conserved"],
        "an old reading counted": virtual["oldest_s"] < virtual["allowed_s"],
        "a call in the event loop computed for more than 20 ms": result["loop"]["computed_ms"] <= 20,
    }
    return [what for what, holds in checks.items() if not holds]


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    virtual, loop, load = result["virtual"], result["loop"], result["load"]
    judged = "" if result["minutes"] >= MIN_JUDGED else " (too short a run to be judged)"
    rows = [
        ("faults of senses: " + ", ".join(f"{k} {v}" for k, v in result["faults"].items()), "the device stays up"),
        ("camera unplugged", str(result["unplugged"])),
        ("other programs took the processor", str((result["hogs"] + 1) // 2)),
        ("the music's process killed", str(result["kills"])),
        ("looks at which the music was silent", f"{result['silent']} of {result['looks']}"),
        ("gaps, late blocks since the music's latest start", f"{result['underruns']}, {result['late']}"),
        ("memory, after the warm-up and at the end", "{:.0f} MB, {:.0f} MB".format(*result["memory_mb"])),
        ("its growth", f"{result['growth_mb_per_minute']:.2f} MB a minute{judged}"),
        ("longest call in the event loop, processor time", f"{loop['computed_ms']:.1f} ms"),
        (
            "longest, by the clock; those above 20 ms",
            f"{loop['longest_ms']:.0f} ms; {loop['above']} of {loop['calls']}",
        ),
        ("virtual: calls, of which failed", f"{virtual['calls']}, {virtual['failed']}"),
        ("virtual: oldest reading that counted", f"{virtual['oldest_s']:.1f} s"),
    ]
    lines = [
        "# Soak: half an hour of faults",
        "",
        f"`make soak-faults` on {result['machine']}, {result['date']}: {result['minutes']:.1f} minutes, and as many in",
        f"virtual time. Load of the machine: {load['mean']:.1f} in the mean, {load['highest']:.1f} at its highest.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {what} | {reached} |" for what, reached in rows),
        "",
        "Lines in the log, one for each change:",
        "",
        *(f"- `{pattern}`: {count}" for pattern, count in result["lines"].items()),
        "",
        "Missed: " + ("; ".join(missed(result)) or "nothing"),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    result = soak(*soak_arguments(__doc__, minutes=30.0))
    text = table(result)
    write(Path(__file__), text, result)
    print(text)
    if wrong := missed(result):
        raise SystemExit("missed: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
