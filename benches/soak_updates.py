"""Fifty updates under random faults at random moments: each ends on a whole set, and the music is never silent.

    python benches/soak_updates.py [--updates 50] [--seed 16]     (or: make soak-updates)

`soundit run` plays through real PortAudio into a null sink, which is recorded. Sets are published by `tools.publish`,
served by HTTP by a server with the faults of soak_updates_faults.py, and fetched by the updater's own process, which is
killed, or whose disk is full, at random moments; files are torn between. The device tries what was fetched and keeps
it; its check is killed, and now and then the device itself: the gaps of those restarts are counted apart. Writes the
figures beside itself; fails where something happened that must not. On a computer with other work it takes precedence,
where it may (root): nobody's music plays without a processor.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import finish, machine  # noqa: E402
from benches.soak_updates_device import Publishing, Updating  # noqa: E402
from benches.soak_updates_faults import Disk, FaultyMirror  # noqa: E402
from benches.soak_updates_music import RATE, gaps  # noqa: E402
from benches.soak_updates_player import Player  # noqa: E402
from soundit_edge.update.sets.set_id import is_set_id  # noqa: E402
from tests.sound_server import SoundServer, running_sound_server  # noqa: E402
from tests.update.mirrors.web_server import WebServer, web_server  # noqa: E402

FAULTY_REQUESTS: Final = 0.12
PRECEDENCE: Final = "-12"
AROUND_S: Final = 0.5
"""Of the sound server's buffers: so much earlier may a gap begin than the kill that it comes of."""
TABLES: Final = ("ends", "faults", "network")


def take_precedence() -> None:
    """Let this session come before others of this computer, where this user may; nice values count inside it only."""
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(PRECEDENCE)


def soak(updates: int, seed: int) -> dict[str, Any]:
    """Run the device, update it again and again, and gather what happened."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        (folder / "pulse").mkdir()
        disk = Disk(folder / "state")
        try:
            with running_sound_server(folder / "pulse") as sound, web_server({}) as server:
                result = _update_while_playing(folder, disk, sound, server, updates, chance)
        finally:
            disk.close()
    return {"machine": machine(), "date": datetime.date.today().isoformat(), "seed": seed, "updates": updates, **result}


def _update_while_playing(
    folder: Path, disk: Disk, sound: SoundServer, server: WebServer, updates: int, chance: random.Random
) -> dict[str, Any]:
    publishing, mirror = Publishing(folder / "publisher", chance), FaultyMirror(chance, FAULTY_REQUESTS)
    server.answer = mirror.answer
    loads: list[float] = []
    began, player = time.monotonic(), Player(folder, sound)
    try:
        updating = Updating(folder / "state", publishing.root, disk, player, chance)
        for number in range(updates):
            player.note("publishing")
            updating.reach(publishing.publish(server), server.url)
            loads.append(psutil.getloadavg()[0])
            print(f"{number + 1} of {updates}: {updating.store.current()} at visit {updating.attempts}", flush=True)
        heard, music, code = player.stop()
    finally:
        player.close()
    own = [gap for gap in gaps(heard) if any(a - AROUND_S <= gap[0] <= b for a, b in player.restarts)]
    others = [gap for gap in gaps(heard) if gap not in own]
    return {
        "minutes": (time.monotonic() - began) / 60,
        "load": statistics.mean(loads),
        "attempts": updating.attempts,
        "ends": dict(updating.ends),
        "faults": dict(updating.happened),
        "network": dict(mirror.happened),
        "requests": len(server.asked),
        "disk": "filled" if disk.is_own else "files that do not grow",
        "heard_s": len(heard) / RATE,
        "gaps": [(at, length, [what for begun, what in player.doings if begun <= at][-1:]) for at, length in others],
        "restarts": len(player.restarts),
        "restart_gaps": [length for _, length in own],
        "underruns": music["underruns"],
        "late_blocks": music["late_blocks"],
        "sets_kept": len([path for path in updating.store.folder.iterdir() if is_set_id(path.name)]),
        "wrong": updating.wrong,
        "exit_code": code,
    }


def missed(result: dict[str, Any]) -> list[str]:
    """Return in words what should not have happened."""
    checks = {
        "music was silent": not result["gaps"],
        "the recording is not whole": result["heard_s"] > 60 * result["minutes"] - 60,
        "more sets were kept than the last two": result["sets_kept"] <= 2,
        "the device ended by itself": result["exit_code"] == 0,
    }
    return [*result["wrong"], *(what for what, holds in checks.items() if not holds)]


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    listed = {key: ", ".join(f"{name} {n}" for name, n in sorted(result[key].items())) for key in TABLES}
    silent = ", ".join(f"{1000 * length:.0f} ms in a {'/'.join(doing)}" for _, length, doing in result["gaps"])
    pauses = ", ".join(f"{length:.1f} s" for length in result["restart_gaps"])
    rows = [
        ("updates that ended on the set that was published", f"{result['updates']}"),
        ("visits that it took, by their ends", f"{result['attempts']}: {listed['ends']}"),
        ("faults of the device", listed["faults"]),
        ("a full disk", result["disk"]),
        ("answers of the server, and its faults", f"{result['requests']}; {listed['network']}"),
        ("music that was heard", f"{result['heard_s'] / 60:.1f} minutes of {result['minutes']:.1f}"),
        ("gaps of 50 ms and more in it", f"{len(result['gaps'])}{': ' if silent else ''}{silent}"),
        ("restarts of a killed device, and their gaps", f"{result['restarts']}: {pauses or '-'}"),
        ("underruns, late blocks since the latest start", f"{result['underruns']}, {result['late_blocks']}"),
        ("sets on the disk at the end", str(result["sets_kept"])),
    ]
    lines = [
        "# Soak: updates under faults",
        "",
        f"`make soak-updates` on {result['machine']}, {result['date']}, seed {result['seed']}:",
        "sets by `tools.publish`, served over HTTP with faults, fetched by the updater's process, which is killed at",
        "random moments, tried and kept by `soundit run`, whose sound is recorded and which is killed now and then.",
        "Load of the machine: {:.1f} in the mean.".format(result["load"]),
        "",
        "| | |",
        "|---|---|",
        *(f"| {what} | {reached} |" for what, reached in rows),
        "",
        "Missed: " + ("; ".join(missed(result)) or "nothing"),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=50)
    parser.add_argument("--seed", type=int, default=16)
    options = parser.parse_args()
    take_precedence()
    result = soak(options.updates, options.seed)
    finish(Path(__file__), table(result), result, missed(result))


if __name__ == "__main__":
    main()
