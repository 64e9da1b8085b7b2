"""What the device writes to its disk while nobody is there, extrapolated to a day: SD cards and flash wear out by it.

    python benches/writes.py [--minutes 10] [--folder FOLDER]      (or: make bench-writes)

The real device runs as a service (with a service manager's socket), without camera, microphone and speaker. Counted is
`write_bytes` in /proc/PID/io of all its processes, from when the start has settled to the end of the time: what the
kernel was given for the disk, so the folder must not lie in memory. Which files it went to is found by looking at the
folder ten times a second. What is written once an hour hardly falls into the time: the history of the mood is added as
the size of a whole day's, 24 times.

Writes benches/writes.json and writes.md; ends with 1 where the gate is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from soundit_edge.daemon.health.starts import HEALTHY_S  # noqa: E402
from soundit_edge.daemon.watch import mood_file, mood_recorder  # noqa: E402
from soundit_edge.emotion import EMOTIONS  # noqa: E402
from soundit_edge.perception.mood_history import MAX_MARKS, MAX_MEANS, Mark, MeanMood, MoodRecord  # noqa: E402
from tests.device import NOTHING_SENSED, RunningDevice  # noqa: E402

GATE: Final = 5_000_000
"""Bytes a day."""
DAY_S: Final = 86_400.0
SETTLED_S: Final = HEALTHY_S + 20.0
"""What a start writes is over by then: once a start is no matter."""
LOOK_S: Final = 0.1


class Folder:
    """What was written to the files of a folder, as far as looks show it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()
        self.written: Counter[str] = Counter()

    def look(self) -> None:
        """Compare the folder with the look before: a new file counts whole, a changed one by what it grew."""
        now = self._look()
        for name, (inode, changed, size) in now.items():
            before = self._seen.get(name)
            if before is None or before[0] != inode:
                self.written[name] += size
            elif before[1] != changed:
                self.written[name] += max(size - before[2], 1)
        self._seen = now

    def _look(self) -> dict[str, tuple[int, int, int]]:
        found = {}
        for path in self._folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                if path.is_file():
                    found[str(path.relative_to(self._folder))] = (status.st_ino, status.st_mtime_ns, status.st_size)
        return found


def bytes_written(process: psutil.Process) -> dict[int, int]:
    """What each process of the device has had written to the disk so far, by its number."""
    written = {}
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            written[one.pid] = one.io_counters().write_bytes
    return written


def whole_day_of_moods(folder: Path) -> int:
    """The size of the history of a day in which much happened, in bytes."""
    means = [
        MeanMood(1.7e9 + 48.0 * i, -0.123, 0.456, 0.789, (0,) * (len(EMOTIONS) - 1) + (60,)) for i in range(MAX_MEANS)
    ]
    marks = [
        Mark(1.7e9 + 200.0 * i, "reason", "slower and softer, because the room grows calm") for i in range(MAX_MARKS)
    ]
    path = folder / "moods.json"
    mood_file.save(path, MoodRecord(means, marks))
    return path.stat().st_size


def run(minutes: float, folder: Path) -> dict[str, Any]:
    """Run the device and return what it wrote."""
    places = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "30000000", "SOUNDIT_LOG": "journal"}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(places["NOTIFY_SOCKET"])
        with RunningDevice(folder, *NOTHING_SENSED, "--speaker", "off", extra=places) as device:
            device.wait_for_page()
            time.sleep(SETTLED_S)
            process, looks = psutil.Process(device.process.pid), Folder(folder)
            before, begin = bytes_written(process), time.monotonic()
            while (seconds := time.monotonic() - begin) < 60.0 * minutes:
                looks.look()
                time.sleep(LOOK_S)
            after = bytes_written(process)
    steady = sum(after.values()) - sum(before.get(pid, 0) for pid in after)
    with tempfile.TemporaryDirectory() as elsewhere:
        moods = whole_day_of_moods(Path(elsewhere))
    hourly = round(DAY_S / mood_recorder.SAVE_S) * moods
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "minutes": round(seconds / 60.0, 2),
        "steady_bytes": steady,
        "files": dict(looks.written.most_common()),
        "moods_bytes": moods,
        "moods_a_day_bytes": hourly,
        "a_day_bytes": round(steady / seconds * DAY_S) + hourly,
        "gate_bytes": GATE,
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    a_day = result["steady_bytes"] / (60.0 * result["minutes"]) * DAY_S
    moods = f"the history of the mood: {result['moods_bytes'] / 1e3:.0f} kB an hour"
    rows = [
        ("while nothing happens, by the kernel's count", f"{a_day / 1e6:.2f}"),
        (moods, f"{result['moods_a_day_bytes'] / 1e6:.2f}"),
        ("together", f"**{result['a_day_bytes'] / 1e6:.2f}**"),
        ("gate", f"{GATE / 1e6:.0f}"),
    ]
    files = ", ".join(f"{name}: {size} bytes" for name, size in result["files"].items()) or "none"
    lines = [
        "# What the device writes in a day, idle",
        "",
        f"`make bench-writes`, {result['minutes']:.0f} minutes on {result['date']}: {result['machine']}.",
        "",
        "| what | MB a day |",
        "|---|---:|",
        *(f"| {what} | {value} |" for what, value in rows),
        "",
        f"Files that were written in these minutes: {files}.",
        "",
        "The log is not in it: a service sends it to the journal, which the system keeps in memory or on its disk.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, and write the figures; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk that is to be counted")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        result = run(arguments.minutes, Path(folder))
    write(Path(__file__), table(result), result)
    print(table(result))
    return int(result["a_day_bytes"] > GATE)


if __name__ == "__main__":
    sys.exit(main())
