"""Half an hour of faults, as many minutes in virtual time, and a whole day of a house.

    python benches/soak.py [--minutes 30] [--clips FOLDER]     (or: make soak MINUTES=30)

The whole device as `soundit run` starts it, playing through real PortAudio into a null sink. Its camera is a clip with
a cable, and its senses fail, hang and drag (soak_device.py); from outside come the faults of a seeded script
(tests/soak/script.py, soak_outside.py): speaker and microphone unplugged, the music killed, the page flooded, the
processor taken, the broker gone, the disk full, the clock wrong, the accelerator crashing. Then as many minutes in
virtual time with an accelerator that is as bad (soak_virtual.py), and a day of 25 hours (tests/soak/day.py). Writes the
figures beside itself; fails where something happened that must not.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from unittest import mock

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import finish, machine, soak_arguments  # noqa: E402
from benches.soak_outside import Surrounding, ask  # noqa: E402
from benches.soak_table import missed, table  # noqa: E402
from benches.soak_virtual import run_virtual  # noqa: E402
from tests.device import RunningDevice  # noqa: E402
from tests.soak.day import Day  # noqa: E402
from tests.soak.memory import Holding, by_minute, children_of, growth, together  # noqa: E402
from tests.soak.script import ScriptedFault, script  # noqa: E402
from tests.soak.virtual_time import VirtualLoop  # noqa: E402
from tests.sound_server import MICROPHONE, SPEAKER  # noqa: E402

SEED: Final = 13
WARM_UP_S: Final = 300.0
"""Until all models, tracks and caches are there."""
SILENT_DB: Final = -60.0
EXCUSED_S: Final = {"speaker": 10.0, "music": 15.0}
"""Faults during which gaps and silence are no wonder, and so many seconds after them."""
DEVICE: Final = "the device's process"
NOTHING_NOTED: Final[dict[str, Any]] = {
    "faults": {},
    "unplugged": 0,
    "loop": {"computed_ms": 0.0, "longest_ms": 0.0, "above": 0, "calls": 0},
    "conserved": False,
}
"""Of a device that did not come to its end."""
LINES: Final = {
    "speaker lost": r"WARNING \S*reconnecting: ",
    "speaker back": r"the speaker .* is back",
    "music started again": r"the audio process died and was started again",
    "broker lost": r"WARNING .*: mqtt: ",
    "broker back": r"mqtt is connected",
    "disk full": r"cannot be kept",
    "accelerator lost": r"accelerator: .* until it is back",
    "accelerator back": r"accelerator: .* is back and runs",
    "camera lost": r"camera \d+ is gone",
    "camera back": r"camera \d+ is back",
    "sense fails": r"\w+: fails and is tried again",
    "sense well again": r"\w+: well again",
}
TRANSITIONS: Final = (
    (r"(\w+): fails and is tried again", r"(\w+): well again"),
    (r"(\w+): slower, up to", r"(\w+): up to \S+ readings a second again"),
    (r"(camera \d+) is gone", r"(camera \d+) is back"),
)


class Observer:
    """Looks at the device once a second, and keeps what it sees."""

    def __init__(self, device: RunningDevice, faults: list[ScriptedFault]) -> None:
        self._device = device
        self._faults = faults
        self._underruns = 0
        self.rows: dict[str, list[Holding]] = defaultdict(list)
        self.loads: list[float] = []
        self.seen: dict[str, Any] = {"looks": 0, "unanswered": 0, "silent": 0, "late": 0}
        self.underruns: Counter[str] = Counter()
        """By what was wrong when they were noticed; "nothing" is what must not be."""
        self.last: dict[str, Any] = {}

    def look(self, t: float) -> None:
        """Look at the moment `t`, in seconds since the beginning."""
        self.loads.append(psutil.getloadavg()[0])
        process = self._device.process.pid
        children = children_of(process)
        for name, numbers in ((DEVICE, [process]), ("its other processes together", children)):
            if (row := together(numbers, t)).threads:
                self.rows[name].append(row)
        status = ask(self._device)
        self.seen["looks"] += 1
        if status is None:
            self.seen["unanswered"] += 1
            return
        self.last = status
        music, cause = self.last["music"], self._cause(t)
        self.underruns[cause] += max(0, music["underruns"] - self._underruns)
        self._underruns, self.seen["late"] = music["underruns"], music["late_blocks"]
        self.seen["silent"] += music["level_db"] < SILENT_DB and cause not in EXCUSED_S and t > 10.0

    def _cause(self, t: float) -> str:
        for fault in self._faults:
            if fault.begin_s <= t <= fault.end_s + EXCUSED_S.get(fault.kind, 2.0):
                return fault.kind
        return "nothing"


def disturb(device: RunningDevice, around: Surrounding, seconds: float) -> Observer:
    """Let the script happen, and watch what comes of it."""
    faults = script(seconds, SEED)
    observer, coming, now_on = Observer(device, faults), list(faults), None
    began = time.monotonic()
    while (t := time.monotonic() - began) < seconds and device.process.poll() is None:
        if now_on is None and coming and t >= coming[0].begin_s:
            now_on = coming.pop(0)
            around.begin(now_on.kind, device)
        if now_on is not None and t >= now_on.end_s:
            around.end(now_on.kind, device)
            now_on = None
        observer.look(t)
        time.sleep(1.0)
    observer.seen["faults"] = dict(Counter(fault.kind for fault in faults))
    return observer


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


def holdings(rows: list[Holding]) -> dict[str, Any]:
    """Return how the memory, the threads and the open files of a process went, after the warm-up."""
    after = min(WARM_UP_S, rows[-1].t / 2)
    late = [row for row in rows if row.t >= after]
    quarter = max(1, len(late) // 4)
    first, last = late[:quarter], late[-quarter:]
    return {
        "own_mb": [float(np.median([r.own_mb for r in part])) for part in (first, last)],
        "shared_mb": [float(np.median([r.shared_mb for r in part])) for part in (first, last)],
        "threads": [float(np.median([r.threads for r in part])) for part in (first, last)],
        "files": [float(np.median([r.files for r in part])) for part in (first, last)],
        "growth_mb": growth(rows, after),
        "by_minute_mb": by_minute(rows),
    }


def soak(minutes: float, clips: Path) -> dict[str, Any]:
    """Run the device under faults, and gather what it did. The day is lived beside it, while it warms up."""
    beside = ProcessPoolExecutor(1, get_context("spawn"), os.nice, (10,))
    with beside, tempfile.TemporaryDirectory(prefix="si") as name:
        day = beside.submit(live_a_day)
        folder = Path(name)
        with Surrounding(folder) as around:
            extra = around.server.environment | {
                "SOAK_NOTES": str(folder / "notes"),
                "SOAK_FLAGS": str(around.flags),
                "SOAK_CLIP": str(clips / "dinner.mp4"),
            }
            program = (sys.executable, str(Path(__file__).with_name("soak_device.py")))
            arguments = ("--camera", "0", "--microphone", MICROPHONE, "--speaker", SPEAKER)
            with RunningDevice(folder, *arguments, extra=extra, program=program) as device:
                device.wait_for_page()
                observer = disturb(device, around, 60 * minutes)
                code = device.process.poll()
                code = device.stop(signal.SIGTERM) if code is None else code
        log = (folder / "soundit.log").read_text()
        noted = folder / "notes"
        notes = json.loads(noted.read_text()) if noted.exists() else NOTHING_NOTED
        lived = day.result()
    last = observer.last
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "minutes": minutes,
        "load": {"mean": float(np.mean(observer.loads)), "highest": max(observer.loads)},
        "exit_code": code,
        "last_lines": log.splitlines()[-12:] if code else [],
        "lived_s": observer.rows[DEVICE][-1].t,
        "holdings": {what: holdings(rows) for what, rows in observer.rows.items()},
        "underruns": dict(observer.underruns),
        **observer.seen,
        "lines": {what: len(re.findall(pattern, log)) for what, pattern in LINES.items()},
        "flapping": flapping(log),
        "at_the_end": {
            "note": last.get("note", "no answer"),
            "speaker": [s["state"] for s in last.get("sources", ()) if s["role"] == "speaker"],
            "broker": [i["state"] for i in last.get("integrations", ()) if i["name"] == "mqtt"],
        },
        "device": notes,
        "virtual": run_virtual(60 * minutes, SEED),
        "day": lived,
    }


def live_a_day() -> dict[str, Any]:
    """Live the day in the house, and return what it has shown."""

    async def live(folder: Path) -> Day:
        day = Day(folder, SEED)
        await day.run(hours=24.0)
        return day

    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as name,
        mock.patch.dict(os.environ, {"SOUNDIT_STATE": name}),
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        seen = runner.run(live(Path(name))).seen
    return {
        "took_s": time.monotonic() - began,
        "looks": seen.looks,
        "silent": seen.silent,
        "done": dict(seen.done),
        "blocks": [seen.blocks[1], seen.blocks[-1]],
        "broken": seen.broken,
    }


def main() -> None:
    result = soak(*soak_arguments(__doc__, minutes=30.0))
    finish(Path(__file__), table(result), result, missed(result))


if __name__ == "__main__":
    main()
