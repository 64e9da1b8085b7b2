"""The gates of soak.py, and its figures for people."""

from __future__ import annotations

import os
from typing import Any, Final

MAX_GROWTH_MB: Final = 5.0
MAX_MORE: Final = 3.0
"""Threads or open files that a process may have more at the end, the median of a quarter against that of another."""
MAX_BLOCKS: Final = 60_000
"""By which Python's memory may grow over a day, of which the mood is kept."""
MIN_JUDGED: Final = 10.0
"""Minutes; the growth of the memory in a shorter run is not judged."""
QUIET: Final = 1.5 * (os.cpu_count() or 1)
"""Load above which other work took the processor: gaps in the music are then no fault of the device's."""
SAID: Final = {
    "speaker": "speaker back",
    "music": "music started again",
    "broker": "broker back",
    "disk": "disk full",
    "accelerator": "accelerator lost",
}
"""Faults, and the line of the log that has to say so."""


def missed(result: dict[str, Any]) -> list[str]:
    """Return in words what should not have happened."""
    long = result["minutes"] >= MIN_JUDGED
    quiet = result["load"]["mean"] <= QUIET
    virtual, device, day = result["virtual"], result["device"], result["day"]
    holds = result["holdings"]["the device's process"]
    end = result["at_the_end"]
    checks = {
        f"the device died after {result['lived_s']:.0f} s with {result['exit_code']}": result["exit_code"] == 0,
        "music was silent": result["silent"] == 0,
        "the music had gaps though nothing was wrong": not quiet or not result["underruns"].get("nothing"),
        "memory grows": not long or holds["growth_mb"] < MAX_GROWTH_MB,
        "threads pile up": holds["threads"][1] - holds["threads"][0] <= MAX_MORE,
        "open files pile up": holds["files"][1] - holds["files"][0] <= MAX_MORE,
        "a change was said twice": not result["flapping"],
        "something was not mended": not end["note"] and end["speaker"] == ["on"] and end["broker"] == ["on"],
        "no sense failed, or no camera was unplugged: the soak itself is broken": not long
        or bool(device["faults"] and device["unplugged"]),
        "input was lost from the count": device["conserved"] and virtual["conserved"],
        "an old reading counted": virtual["oldest_s"] < virtual["allowed_s"],
        "a call in the event loop computed for more than 20 ms": device["loop"]["computed_ms"] <= 20 or not quiet,
        "the day had something that must not be": not day["broken"],
        "the day left memory behind": day["blocks"][1] - day["blocks"][0] < MAX_BLOCKS,
    }
    unsaid = [kind for kind, line in SAID.items() if result["faults"].get(kind, 0) and not result["lines"][line]]
    return [what for what, well in checks.items() if not well] + [f"{kind}: nothing was said of it" for kind in unsaid]


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    virtual, device, load, day = result["virtual"], result["device"], result["load"], result["day"]
    loop = device["loop"]
    judged = "" if result["minutes"] >= MIN_JUDGED else " (too short a run to be judged)"
    noise = "" if load["mean"] <= QUIET else "; other work took the processor, so those of no fault are not judged"
    rows = [
        ("faults from outside", _counts(result["faults"])),
        ("faults of senses", _counts(device["faults"])),
        ("camera unplugged", str(device["unplugged"])),
        ("looks at which the music was silent without a reason", f"{result['silent']} of {result['looks']}"),
        ("the page did not answer", f"{result['unanswered']} of {result['looks']} times"),
        ("gaps in the music, by what was wrong then", _counts(result["underruns"]) + noise),
        *(row for what, holds in result["holdings"].items() for row in _holdings(what, holds, judged)),
        ("longest call in the event loop, processor time", f"{loop['computed_ms']:.1f} ms"),
        (
            "longest, by the clock; those above 20 ms",
            f"{loop['longest_ms']:.0f} ms; {loop['above']} of {loop['calls']}",
        ),
        ("virtual: calls, of which failed", f"{virtual['calls']}, {virtual['failed']}"),
        ("virtual: oldest reading that counted", f"{virtual['oldest_s']:.1f} s"),
        (f"a day of 25 hours by the wall, in {day['took_s']:.0f} s", _counts(day["done"])),
        ("the day: looks, of which silent as was asked", f"{day['looks']}, {day['silent']}"),
        ("the day: Python's blocks of memory after an hour, at the end", "{}, {}".format(*day["blocks"])),
    ]
    lines = [
        "# Soak: half an hour of faults, and a day",
        "",
        f"`make soak` on {result['machine']}, {result['date']}: {result['minutes']:.1f} minutes, as many in virtual",
        f"time, and a day. Load of the machine: {load['mean']:.1f} in the mean, {load['highest']:.1f} at its highest.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {what} | {reached} |" for what, reached in rows),
        "",
        "Lines in the log:",
        "",
        *(f"- {what}: {count}" for what, count in result["lines"].items()),
        "",
        *(
            ["Its last lines:", "", *(f"    {line}" for line in result["last_lines"]), ""]
            if result["last_lines"]
            else []
        ),
        "Missed: " + ("; ".join(missed(result)) or "nothing"),
        "",
    ]
    return "\n".join(lines)


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.items()) or "none"


def _holdings(what: str, holds: dict[str, Any], judged: str) -> list[tuple[str, str]]:
    own, shared = holds["own_mb"], holds["shared_mb"]
    return [
        (f"{what}: its own memory, early and late", f"{own[0]:.0f} MB, {own[1]:.0f} MB"),
        (f"{what}: the same, every third minute", ", ".join(f"{mb:.0f}" for mb in holds["by_minute_mb"][::3]) + " MB"),
        (f"{what}: growth over the run", f"{holds['growth_mb']:.1f} MB{judged}"),
        (f"{what}: memory shared with others", f"{shared[0]:.0f} MB, {shared[1]:.0f} MB"),
        (
            f"{what}: threads, open files",
            "{:.0f} to {:.0f}, {:.0f} to {:.0f}".format(*holds["threads"], *holds["files"]),
        ),
    ]
