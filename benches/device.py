"""What the whole device costs on this machine: start, memory, CPU, readings, lateness, and the way from face to music.

    python benches/device.py [--seconds 20] [--clip FILE]      (or: make bench)

Everything is the installed `soundit` as a process of its own, playing through real PortAudio into a null sink where
PulseAudio is installed, and into a WAV file where not. Writes benches/device.json and benches/device.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import platform
import signal
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from soundit_edge.bench.reaction import reactions  # noqa: E402
from soundit_edge.music.player.player import Player  # noqa: E402
from tests.device import RunningDevice  # noqa: E402
from tests.sound_server import running_sound_server  # noqa: E402

WARM_UP_S = 4.0


@contextlib.contextmanager
def speaker(folder: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Options and environment for a speaker: PortAudio into a null sink, or a file where there is no PulseAudio."""
    try:
        with running_sound_server(folder) as server:
            yield ["--speaker", "spk"], server.environment
    except FileNotFoundError:
        yield ["--speaker", "file:out.wav"], {}


def cpu_seconds(process: psutil.Process) -> dict[str, float]:
    """User and system time of the device's two processes so far."""
    own = process.cpu_times()
    music = sum(sum(child.cpu_times()[:2]) for child in process.children(recursive=True))
    return {"main": own.user + own.system, "music": music}


def memory_mb(process: psutil.Process) -> dict[str, float]:
    """Resident and proportional set size of both processes, in MB; shared pages count once in the latter."""
    infos = [p.memory_full_info() for p in [process, *process.children(recursive=True)]]
    return {"rss": sum(i.rss for i in infos) / 1e6, "pss": sum(i.pss for i in infos) / 1e6}


def watch_events(address: str, stop: threading.Event) -> None:
    """Be one open page: read the event stream until told to stop."""
    with httpx.stream("GET", f"{address}api/events", timeout=10) as answer:
        for _ in answer.iter_bytes():
            if stop.is_set():
                return


def run_once(clip: Path | None, seconds: float, *, page_open: bool) -> dict[str, Any]:
    """One run of the device and what it cost."""
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        (folder / "pulse").mkdir()
        with speaker(folder / "pulse") as (options, environment):
            source = ["--clip", str(clip)] if clip is not None else []
            began = time.monotonic()
            with RunningDevice(folder, *options, *source, extra=environment) as device:
                address = device.wait_for_page()
                page_s = time.monotonic() - began
                process = psutil.Process(device.process.pid)
                time.sleep(WARM_UP_S)
                stop = threading.Event()
                if page_open:
                    threading.Thread(target=watch_events, args=(address, stop), daemon=True).start()
                    time.sleep(0.5)
                before, wall = cpu_seconds(process), time.monotonic()
                time.sleep(seconds)
                used = {k: v - before[k] for k, v in cpu_seconds(process).items()}
                wall = time.monotonic() - wall
                memory = memory_mb(process)
                stop.set()
                device.stop(signal.SIGTERM)
        log = (folder / "soundit.log").read_text().splitlines()
    last = next(line for line in reversed(log) if " statistics {" in line)
    whole = json.loads(last[last.index("{") :])
    readings = {name: s["readings"] / whole["seconds"] for name, s in whole["senses"].items()}
    busy = sum(s["busy_s"] for s in whole["senses"].values())
    music = whole["music"]
    return {
        "first_sound_s": music["first_sound"] - began,
        "page_s": page_s,
        "memory_mb": memory,
        "cpu_share": {k: v / wall for k, v in used.items()},
        "readings_per_s": readings,
        "readings_per_cpu_s": sum(s["readings"] for s in whole["senses"].values()) / busy,
        "dropped": {name: s["dropped"] for name, s in whole["senses"].items()},
        "late_share": music["late"] / max(music["blocks"], 1),
        "underruns": music["underruns"],
        "speaker": options[1],
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people, beside what was asked for."""
    demo, clip, page = result["demo"], result["clip"], result["page_open"]
    rate = ", ".join(f"{name} {value:.1f}" for name, value in clip["readings_per_s"].items())
    page_cost = sum(page["cpu_share"].values()) - sum(clip["cpu_share"].values())
    react = result["reaction_s"]
    rows = [
        ("start to first sound, median of starts", f"{result['first_sound_median_s']:.2f} s", "< 3 s"),
        ("resident memory, both processes (RSS)", f"{clip['memory_mb']['rss']:.0f} MB", "< 450 MB"),
        ("the same, shared pages counted once (PSS)", f"{clip['memory_mb']['pss']:.0f} MB", ""),
        ("CPU, clip of five faces: senses and page", f"{100 * clip['cpu_share']['main']:.0f} % of a core", ""),
        ("CPU, clip of five faces: music", f"{100 * clip['cpu_share']['music']:.1f} % of a core", ""),
        ("CPU, drawn demo: senses and page", f"{100 * demo['cpu_share']['main']:.0f} % of a core", ""),
        ("what one open page adds", f"{100 * page_cost:.1f} % of a core", ""),
        ("readings a second, clip of five faces", rate, ""),
        ("readings a CPU-second, clip of five faces", f"{clip['readings_per_cpu_s']:.0f}", ""),
        ("from a changed face to changed parameters", f"{react['median']:.2f} s (longest {react['longest']:.2f})", ""),
        ("late audio blocks", f"{100 * clip['late_share']:.2f} % (underruns {clip['underruns']})", ""),
    ]
    lines = [
        "# What the whole device costs",
        "",
        f"`make bench` on {result['machine']}, {result['date']}; played to `{clip['speaker']}`.",
        f"Load of the machine at the start: {result['load']:.1f}.",
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        *(f"| {what} | {reached} | {asked} |" for what, reached, asked in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measured run")
    parser.add_argument("--clip", type=Path, default=ROOT / "../shared/data/clips/dinner.mp4")
    parser.add_argument("--starts", type=int, default=3, help="extra runs to time the start")
    arguments = parser.parse_args()
    if not arguments.clip.is_file():
        parser.error(f"{arguments.clip}: no such clip; name one with --clip")
    clip = arguments.clip.resolve()

    def progress(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    result: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()}-core {platform.machine()}, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
    }
    progress("the drawn demo …")
    result["demo"] = run_once(None, arguments.seconds, page_open=False)
    progress("a clip …")
    result["clip"] = run_once(clip, arguments.seconds, page_open=False)
    progress("a clip, with a page open …")
    result["page_open"] = run_once(clip, arguments.seconds, page_open=True)
    progress("starts …")
    starts = [run_once(clip, 1.0, page_open=False)["first_sound_s"] for _ in range(arguments.starts)]
    runs = [*starts, *(result[k]["first_sound_s"] for k in ("demo", "clip", "page_open"))]
    result["first_sound_median_s"] = statistics.median(runs)
    progress("from face to music …")
    player = Player("off")
    player.start()
    try:
        player.ready()
        times = [reaction.sound_s for reaction in reactions(player, repeats=10)]
    finally:
        player.stop()
    result["reaction_s"] = {"median": float(np.median(times)), "longest": max(times), "times": times}

    (ROOT / "benches/device.json").write_text(json.dumps(result, indent=1) + "\n")
    (ROOT / "benches/device.md").write_text(table(result))
    print(table(result))


if __name__ == "__main__":
    main()
