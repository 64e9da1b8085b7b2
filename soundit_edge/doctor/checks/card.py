"""The card or flash chip that everything lies on: how worn it is, and whether the kernel has seen errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings

WORN_OUT: Final = 0x0B
"""Of the chip's estimate of its life, in tenths that are used: it is used up."""
NEARLY: Final = 0x09
RESERVE: Final = {2: "four fifths of its spare blocks are used", 3: "its spare blocks are used up"}
REPLACE: Final = "copy what you need and replace it soon"


def look(here: Surroundings) -> Iterator[Finding]:
    """Find how worn each chip is that says so (most SD cards do not), and errors of the file systems."""
    said = False
    for path in here.found("sys/block/mmcblk*/device/life_time"):
        folder = path.parent
        name = here.text(folder / "name") or folder.parent.name
        lives = [int(word, 16) for word in (here.text(path) or "").split() if _is_hex(word)]
        worst = max(lives, default=0)
        spare = RESERVE.get(here.number(folder / "pre_eol_info", 16) or 0)
        said = said or bool(lives)
        if spare or worst >= WORN_OUT:
            yield Finding("card", "bad", f"{name}: {spare or 'its life is used up'}", REPLACE)
        elif worst >= NEARLY:
            yield Finding("card", "note", f"{name}: about {10 * worst} % of its life is used", REPLACE)
        elif lives:
            yield Finding("card", "ok", f"{name}: less than {10 * max(1, worst)} % of its life is used")
    failing = [path for path in here.found("sys/fs/ext4/*/errors_count") if _count(here, path)]
    for path in failing:
        errors = _count(here, path)
        text = f"{path.parent.name}: the file system had {errors} error{'s' if errors > 1 else ''}"
        yield Finding("card", "bad", text, f"check it with fsck from another computer; {REPLACE}")
    if not said and not failing:
        yield Finding("card", "ok", "no errors; how worn it is, it does not say")


def _count(here: Surroundings, path: Path) -> int:
    return here.number(path) or 0


def _is_hex(word: str) -> bool:
    try:
        int(word, 16)
    except ValueError:
        return False
    return True


CHECK: Final = Check("card", look)
CHECKS: Final = (CHECK,)
