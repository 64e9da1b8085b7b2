"""Boot the emulated image, print how long the music takes, cut the power at random moments, and check what is left.

    python -m firmware.smoke .cache/image/debian-12 --cuts 10

Needs root (to read every file of the state) and what packages-image.txt lists. The figures go to smoke.json beside the
image, the console of each boot to console/.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from firmware.smoke.disk import Broken, faults, left_behind, setting
from firmware.smoke.machine import Machine, MachineFault, Said, emulator

MILESTONES: Final = ("userspace", "page", "music", "senses", "kept")
SETTLE_S: Final = 30.0
"""How long after everything runs a cut may come: settings are changed once a second then."""


class Smoke:
    """One run over an image: its disk of data lives through all boots of it."""

    def __init__(self, folder: Path, *, cpus: int, memory_mb: int, limit_s: float) -> None:
        """Copy the empty disk.

        Args:
            folder: of the image.
            cpus: processors of the machine.
            memory_mb: its memory, in megabytes.
            limit_s: how long it may take until everything runs, in seconds.
        """
        self.folder = folder
        self.limit_s = limit_s
        self.kept = 0
        """The last number that the device answered to have written."""
        self._consoles = folder / "console"
        shutil.rmtree(self._consoles, ignore_errors=True)
        self._consoles.mkdir()
        self._data = folder / "smoke.img"
        shutil.copyfile(folder / "data.img", self._data)
        self._command = emulator(folder, self._data, cpus, memory_mb)
        self._boots = 0

    def boot(self, cut_s: float | None = None) -> list[Said]:
        """Boot, and cut the power; return what the machine said of itself.

        Args:
            cut_s: when to cut, in seconds since the power came on; None: as soon as everything runs.

        Raises:
            MachineFault: it does not come up, or has forgotten what it had kept.
        """
        self._boots += 1
        with Machine(self._command, self._consoles / f"{self._boots:02}.txt") as machine:
            if cut_s is None:
                for name in MILESTONES:
                    show(machine.wait_for(name, self.limit_s))
            else:
                machine.run_until(cut_s)
        for said in machine.said:
            if said.name == "found" and int(said.detail) not in (self.kept, self.kept + 1):
                raise MachineFault(f"the machine found the setting {said.detail}, but had kept {self.kept}")
            if said.name == "kept":
                self.kept = int(said.detail)
        return machine.said

    def check(self) -> int:
        """Check the disk after a cut; return how many files the state has.

        Raises:
            Broken: the file system or a file is not whole, or a setting is lost that was answered to be kept.
        """
        with tempfile.TemporaryDirectory() as scratch:
            state = left_behind(self._data, Path(scratch))
            if found := list(faults(state)):
                raise Broken("; ".join(found))
            number = setting(state)
            if number not in (self.kept, self.kept + 1):  # the one that was being written when the power went
                raise Broken(f"the settings say {number}, but {self.kept} was kept")
            return sum(path.is_file() for path in state.rglob("*"))


def firsts(said: Sequence[Said]) -> list[Said]:
    """Return the first of each name, in their order: settings are kept again and again."""
    first: dict[str, Said] = {}
    for one in said:
        first.setdefault(one.name, one)
    return list(first.values())


def show(said: Said) -> None:
    """Print a milestone."""
    print(f"  {said.name:<10} {said.guest_s:7.1f} s  {said.detail}", flush=True)


def hash_of(path: Path) -> str:
    """Return a file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Boot, cut and check as the options say; return the figures."""
    folder: Path = options.folder
    before = hash_of(folder / "root.img")
    smoke = Smoke(folder, cpus=options.cpus, memory_mb=options.memory, limit_s=options.limit)
    moments = random.Random(options.seed)
    print("first boot, on an empty disk:", flush=True)
    first = smoke.boot()
    span_s = max(said.host_s for said in firsts(first)) + SETTLE_S
    smoke.check()
    cuts = []
    for number in range(options.cuts):
        cut_s = moments.uniform(0, span_s)
        said = smoke.boot(cut_s)
        reached = ["kernel", *(one.name for one in firsts(said))][-1]
        files = smoke.check()
        cuts.append({"cut_s": round(cut_s, 1), "reached": reached, "kept": smoke.kept, "files": files})
        outcome = f"{files} files whole, setting {smoke.kept}"
        print(f"cut {number + 1:2} after {cut_s:6.1f} s, at {reached}: {outcome}", flush=True)
    print("last boot:", flush=True)
    last = smoke.boot()
    smoke.check()
    if hash_of(folder / "root.img") != before:
        raise Broken("root.img was written to")
    print(f"root.img is unchanged: SHA-256 {before}", flush=True)
    return {
        "root_sha256": before,
        "seed": options.seed,
        "boots": [
            {said.name: [said.guest_s, round(said.host_s, 1)] for said in firsts(boot)} for boot in (first, last)
        ],
        "cuts": cuts,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and return the exit code: 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m firmware.smoke", description=__doc__)
    parser.add_argument("folder", type=Path, help="of the image, as firmware/image/build.sh makes it")
    parser.add_argument("--cuts", type=int, default=10, help="power cuts at random moments (%(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the moments")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds for a boot until all runs (%(default)s)")
    parser.add_argument("--cpus", type=int, default=2, help="processors (%(default)s)")
    parser.add_argument("--memory", type=int, default=2048, help="megabytes of memory (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        figures = run(options)
    except (MachineFault, Broken) as error:
        print(f"image-smoke: {error}", file=sys.stderr)
        return 1
    (options.folder / "smoke.json").write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
