"""One emulated machine, from its power coming on to its being cut."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KERNEL: Final = "console=ttyAMA0 panic=-1 nokaslr kpti=off mitigations=off"
"""What the kernel is told. A secret place in memory and page tables of its own would have the emulator forget all its
translations at each call of the kernel; a Raspberry Pi's processor does not."""
ENDS_WITH_US: Final = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: it does not outlive this process."""
_SAID: Final = re.compile(r"^smoke: (?P<name>\w+) (?P<seconds>[0-9.]+) ?(?P<detail>.*)$")


class MachineFault(Exception):
    """The machine ended, or did not get where it should in time. The text has the end of its console."""


@dataclass(frozen=True)
class Said:
    """What the machine said of itself (see firmware/smoke/watch.py).

    Attributes:
        name: of what it says, such as "page".
        guest_s: seconds since its kernel started.
        host_s: seconds since its power came on, by this computer's clock.
        detail: the rest.
    """

    name: str
    guest_s: float
    host_s: float
    detail: str


def read_said(line: str, host_s: float) -> Said | None:
    """Return what a line of the console says; None for all other lines.

    Args:
        line: without its end.
        host_s: when it came, in seconds since the power came on.
    """
    found = _SAID.match(line)
    return Said(found["name"], float(found["seconds"]), host_s, found["detail"]) if found else None


def emulator(folder: Path, data: Path, cpus: int, memory_mb: int) -> list[str]:
    """Return the command that runs a machine without network, KVM or sound card.

    Args:
        folder: with root.img, kernel and initrd; none of them is written to.
        data: the disk of what the machine keeps.
        cpus: how many processors it has.
        memory_mb: its memory, in megabytes.
    """
    machine = ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-accel", "tcg,thread=multi"]
    machine += ["-smp", str(cpus), "-m", str(memory_mb), "-nic", "none", "-nographic", "-no-reboot"]
    disks = [f"file={folder / 'root.img'},format=raw,if=virtio,readonly=on", f"file={data},format=raw,if=virtio"]
    boot = ["-kernel", str(folder / "kernel"), "-initrd", str(folder / "initrd")]
    boot += ["-append", KERNEL]
    return [*machine, *(part for disk in disks for part in ("-drive", disk)), *boot]


class Machine:
    """An emulated machine that runs. A context manager; leaving it cuts the power."""

    def __init__(self, command: Sequence[str], console: Path, now: Callable[[], float] = time.monotonic) -> None:
        """Switch the power on.

        Args:
            command: what emulates it, with its console on standard output.
            console: file to write the console to, as it comes.
            now: seconds, never going back.
        """
        self._now = now
        self._console = console
        console.write_text("")
        self._start = now()
        self._said: list[Said] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [*ENDS_WITH_US, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.cut()

    @property
    def said(self) -> list[Said]:
        """Return all that it said of itself."""
        with self._news:
            return list(self._said)

    def wait_for(self, name: str, limit_s: float) -> Said:
        """Return the first thing of this name that it says.

        Raises:
            MachineFault: it ends before, or does not say it within `limit_s` of its power coming on.
        """
        with self._news:
            while (found := next((said for said in self._said if said.name == name), None)) is None:
                left = self._start + limit_s - self._now()
                if self._ended or left <= 0:
                    why = "the machine ended" if self._ended else f"not within {limit_s:.0f} s"
                    raise MachineFault(f"{name}: {why}; {self._last_words()}")
                self._news.wait(left)
            return found

    def run_until(self, host_s: float) -> None:
        """Let it run until so many seconds after its power came on.

        Raises:
            MachineFault: it ends before.
        """
        with self._news:
            while (left := self._start + host_s - self._now()) > 0:
                if self._ended:
                    raise MachineFault(f"the machine ended; {self._last_words()}")
                self._news.wait(left)

    def cut(self) -> None:
        """Cut its power: what it has in memory is gone."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _last_words(self) -> str:
        return "\n".join([f"{self._console} ends with", *self._console.read_text().splitlines()[-30:]])

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._console.open("w", buffering=1) as console:
            for line in self._process.stdout:
                console.write(line)
                # The last line before a cut may be half a line: it says nothing.
                said = read_said(line.strip(), self._now() - self._start) if line.endswith("\n") else None
                if said:
                    with self._news:
                        self._said.append(said)
                        self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()
