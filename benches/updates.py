"""What an update of the models costs, beside the same files fetched without any of its checks.

    python benches/updates.py [--rounds 5]     (or: make bench-updates)

A set of 2 MB is served over loopback. The updater's process fetches it, and then visits again with nothing new; beside
it, `curl` and `wget` fetch the same files and `sha256sum` compares them with a list that nobody has signed. Of each
process the system counts processor time and memory. Writes its figures beside itself.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import finish, machine  # noqa: E402
from soundit_edge.update.messages import UPDATE_MESSAGE, UpdateRequest, UpdateResult  # noqa: E402
from soundit_edge.update.sets.store import SetStore  # noqa: E402
from tests.tools.publish.made import MODEL, Made, served, small_set  # noqa: E402
from tools.publish.sets import checked  # noqa: E402

SET_BYTES: Final = 2_000_000
GATE_S: Final = 3.0
FETCHES: Final = {"curl": "curl -sfO", "wget": "wget -q"}
IMPORTS: Final = {
    "Python alone": "pass",
    "what the daemon imports of it": "import soundit_edge.update.process, soundit_edge.update.sets.active",
    "all of the updater": "import soundit_edge.update.run",
}
LAUNCH: Final = """
import os, sys, time
began = time.monotonic()
command = [part.replace("PARENT", str(os.getpid())) for part in sys.argv[2:]]
_, status, used = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
with open(sys.argv[1], "w") as figures:
    print(used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss, file=figures)
sys.exit(status != 0)
"""
"""A small process that starts the one that is measured: the system counts the memory of whoever starts it, too."""
HEAVY: Final = ("tuf", "securesystemslib", "cryptography", "urllib3")


@dataclass(frozen=True)
class Cost:
    """What a process and its children took."""

    cpu_s: float
    wall_s: float
    memory_mb: float


def cost_of(command: Sequence[str], given: bytes = b"", folder: Path | None = None) -> tuple[Cost, bytes]:
    """Run a command that gets by; return what it took, and its output."""
    with tempfile.NamedTemporaryFile("r") as figures:
        done = subprocess.run(
            [sys.executable, "-SEc", LAUNCH, figures.name, *command],
            input=given,
            stdout=subprocess.PIPE,
            cwd=folder,
            check=True,
        )
        cpu_s, wall_s, memory_kb = map(float, figures.read().split())
    return Cost(cpu_s, wall_s, memory_kb / 1024), done.stdout


def median(costs: Sequence[Cost]) -> dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(vars(cost)[name] for cost in costs) for name in vars(costs[0])}


class Visitor:
    """A device without any state, and what it asks."""

    def __init__(self, folder: Path, url: str, root: bytes) -> None:
        folder.mkdir()
        (folder / "root.json").write_bytes(root)
        (folder / "shipped").mkdir()
        self._request = UpdateRequest(
            mirrors=(url,),
            device_id="bench",
            hardware=frozenset({platform.machine()}),
            version="0.1.0",
            fetch=True,
            root=folder / "root.json",
            sets=folder / "sets",
            lists=folder / "tuf",
            shipped=folder / "shipped",
        )

    def visit(self, ended: str) -> Cost:
        """Run the updater; it has to end as is expected."""
        command = [sys.executable, "-m", "soundit_edge.update", "PARENT"]
        cost, said = cost_of(command, self._request.model_dump_json().encode())
        result = UPDATE_MESSAGE.validate_json(said.splitlines()[-1])
        assert isinstance(result, UpdateResult)
        assert result.ended == ended, result.why
        return cost

    def keep(self) -> None:
        """Put what was fetched in use."""
        assert self._request.sets is not None
        assert self._request.shipped is not None
        store = SetStore(self._request.sets, self._request.shipped)
        trial = store.trial()
        assert trial is not None
        store.commit(trial.set)


def bench(rounds: int) -> dict[str, Any]:
    """Measure everything."""
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        made = Made(folder / "publisher")
        small = small_set(folder / "set")
        (small / f"{MODEL}.md").write_bytes(os.urandom(SET_BYTES))
        found = checked(small, {})
        made.publisher().add(found, 100)
        with served(made.folder) as url:
            fetched, again = [], []
            for number in range(rounds):
                visitor = Visitor(folder / f"device{number}", url, made.root)
                fetched.append(visitor.visit("fetched"))
                visitor.keep()
                again.append(visitor.visit("nothing"))
            tools = [tool for tool in FETCHES if shutil.which(tool)]
            plain = {tool: _plain(folder, tool, url, list(found.files), rounds) for tool in tools}
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "load": os.getloadavg()[0],
        "set_bytes": found.size,
        "fetched": median(fetched),
        "nothing_new": median(again),
        "plain": plain,
        "imports": {what: _import(code, rounds) for what, code in IMPORTS.items()},
    }


def _plain(folder: Path, tool: str, url: str, sums: list[str], rounds: int) -> dict[str, float]:
    """What it takes to fetch the same files by a common tool and to compare their checksums."""
    names = [f"{sha256}.{sha256}" for sha256 in sums]
    (folder / "sums").write_text("".join(f"{sha256}  {name}\n" for sha256, name in zip(sums, names, strict=True)))
    fetches = " && ".join(f"{FETCHES[tool]} {url}/targets/files/{name}" for name in names)
    costs = []
    for number in range(rounds):
        place = folder / f"{tool}{number}"
        place.mkdir()
        costs.append(cost_of(["sh", "-c", f"{fetches} && sha256sum --quiet -c ../sums && sync ."], folder=place)[0])
    return median(costs)


def _import(code: str, rounds: int) -> dict[str, Any]:
    """What it takes to start Python and to import, and which of the heavy libraries came along."""
    tell = f"{code}\nimport sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    runs = [cost_of([sys.executable, "-c", tell]) for _ in range(rounds)]
    return {**median([cost for cost, _ in runs]), "brings": runs[0][1].decode().split()}


def missed(result: dict[str, Any]) -> list[str]:
    """Return in words which gates were missed."""
    checks = {
        f"an update takes {GATE_S:.0f} s of the processor or more": result["fetched"]["cpu_s"] < GATE_S,
        "the daemon imports the updater": not result["imports"]["what the daemon imports of it"]["brings"],
    }
    return [what for what, holds in checks.items() if not holds]


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    whole = result["fetched"]
    rows = [("**the updater fetches, checks, loads and puts away the set**", whole)]
    rows += [("the updater looks, and nothing is new", result["nothing_new"])]
    rows += [(f"{tool} of the same files, and sha256sum", cost) for tool, cost in result["plain"].items()]
    imports = []
    for what, cost in result["imports"].items():
        brings = f" (brings {', '.join(cost['brings'])})" if cost["brings"] else ""
        imports.append((f"start and import: {what}{brings}", cost))
    lines = [
        "# Bench: updates of the models",
        "",
        f"`make bench-updates` on {result['machine']}, {result['date']}:",
        f"a set of {result['set_bytes'] / 1e6:.1f} MB over loopback; medians.",
        f"The gate: less than {GATE_S:.0f} s of the processor. Load of the machine: {result['load']:.1f}.",
        "",
        "| | processor, s | by the clock, s | memory at its highest, MB | processor, in whole updates |",
        "|---|---|---|---|---|",
        *(
            f"| {what} | {cost['cpu_s']:.2f} | {cost['wall_s']:.2f} | {cost['memory_mb']:.0f} "
            f"| {cost['cpu_s'] / whole['cpu_s']:.2f} |"
            for what, cost in [*rows, *imports]
        ),
        "",
        "curl and wget trust whoever sends: nothing is signed, nothing is too old, and no model is loaded once.",
        "",
        "Missed: " + ("; ".join(missed(result)) or "nothing"),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    result = bench(parser.parse_args().rounds)
    finish(Path(__file__), table(result), result, missed(result))


if __name__ == "__main__":
    main()
