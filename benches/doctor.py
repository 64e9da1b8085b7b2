"""How long `soundit doctor` takes, by the clock and of the processor: nobody waits for it gladly.

    python benches/doctor.py [--rounds 5]

As root it runs before everything else on this computer (SCHED_FIFO), as on one that has nothing else to do.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benches.figures import finish, machine

MAX_S: Final = 3.0
"""By the clock."""
COMMAND: Final = (sys.executable, "-m", "soundit_edge", "doctor", "--json")


def run_first() -> bool:
    """Run before everything else from now on, children too; return whether the system lets us."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        return True
    return False


def run_once() -> dict[str, float]:
    """Run it, and return what it took, in seconds by the clock and of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1) or not done.stdout.startswith(b"{"):
        raise SystemExit(f"the doctor ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return {"wall_s": took, "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def missed(result: dict[str, Any]) -> list[str]:
    """Say whether it takes too long."""
    slowest = max(one["wall_s"] for one in result["runs"])
    return [f"the slowest run took {slowest:.1f} s"] if slowest > MAX_S else []


def table(result: dict[str, Any]) -> str:
    return "\n".join(
        [
            "# How long the doctor takes",
            "",
            f"`benches/doctor.py` on {result['machine']}, {result['date']}. Load of the machine: {result['load']:.1f};",
            "it " + ("ran before everything else." if result["first"] else "had its share of the processors."),
            "",
            "| run | by the clock, s | processor, s |",
            "|---|---|---|",
            *(f"| {n} | {one['wall_s']:.2f} | {one['cpu_s']:.2f} |" for n, one in enumerate(result["runs"], 1)),
            "",
            f"Wanted: less than {MAX_S:.0f} s by the clock. Missed: {'; '.join(missed(result)) or 'nothing'}.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    result: dict[str, Any] = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "load": os.getloadavg()[0],
        "first": run_first(),
        "runs": [run_once() for _ in range(rounds)],
    }
    finish(Path(__file__), table(result), result, missed(result))


if __name__ == "__main__":
    main()
