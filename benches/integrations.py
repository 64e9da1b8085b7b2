"""What the integrations cost: each by itself while nothing happens, and all of them together beside the music.

    python benches/integrations.py [--seconds 20] [--rounds 3]

The device is the installed `soundit`, which plays through real PortAudio into a null sink; each integration is switched
on and off over the page, and what it is connected with is its peer of `tests/contracts/peers.py`, in this process. One
whose peer cannot be there (no pins, no server installed) is measured as it is then. Writes its figures
beside itself.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches import figures  # noqa: E402
from soundit_edge.integrations.registry import REGISTRY  # noqa: E402
from tests.contracts.peer import Peer  # noqa: E402
from tests.contracts.peers import PEERS, section_for  # noqa: E402
from tests.device import NOTHING_SENSED, RunningDevice  # noqa: E402
from tests.sound_server import running_sound_server  # noqa: E402

SETTLED_S = 5.0
MAX_SETTLE_S = 120.0
STEADY_MB = 0.5
LOOKS = 5
CONNECT_S = 20.0
"""One that is not connected by then is measured as it is."""


class Peers:
    """The other sides of all integrations, in an event loop of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._peers: dict[str, Peer] = {}

    def appear(self) -> dict[str, dict[str, Any]]:
        """Be there; returns the section of the settings of each integration."""
        for kind in REGISTRY:
            peer = self._peers[kind.name] = PEERS[kind.name]()
            self._run(peer.appear())
        return {kind.name: section_for(kind, self._peers[kind.name]) for kind in REGISTRY}

    def vanish(self) -> None:
        """Be away, and end the loop."""
        for peer in self._peers.values():
            self._run(peer.vanish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, act: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result()


def change(device: RunningDevice, sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Change the sections of integrations."""
    body = json.dumps({"changes": {"integrations": sections}}, default=str)
    device.page.patch("api/settings", content=body, headers={"content-type": "application/json"}).raise_for_status()


def states(device: RunningDevice) -> dict[str, str]:
    """How each integration is."""
    return {one["name"]: one["state"] for one in device.status()["integrations"]}


def switched_on(device: RunningDevice, sections: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Switch integrations on; returns how they are once they are connected, or time is up."""
    change(device, sections)
    limit = time.monotonic() + CONNECT_S
    while any(states(device)[name] != "on" for name in sections) and time.monotonic() < limit:
        time.sleep(0.1)
    time.sleep(SETTLED_S)
    return {name: states(device)[name] for name in sections}


def switched_off(device: RunningDevice, names: Iterable[str]) -> None:
    """Switch integrations off, and wait until they are."""
    names = list(names)
    change(device, {name: {"enabled": False} for name in names})
    while any(states(device)[name] != "off" for name in names):
        time.sleep(0.1)


def cpu_share(process: psutil.Process, seconds: float) -> float:
    """The share of a core that the device's main process takes; the music is a process of its own."""
    before, began = process.cpu_times(), time.monotonic()
    time.sleep(seconds)
    used = process.cpu_times()
    return float(used.user + used.system - before.user - before.system) / (time.monotonic() - began)


def memory_mb(process: psutil.Process) -> float:
    """Memory that is the main process's alone, in MB: the median of some looks, for it comes and goes."""
    looks = []
    for _ in range(LOOKS):
        looks.append(float(process.memory_full_info().uss) / 1e6)
        time.sleep(0.5)
    return statistics.median(looks)


def settle(process: psutil.Process) -> None:
    """Wait until the memory stays where it is: after its start the device measures its models, for one."""
    limit, looks = time.monotonic() + MAX_SETTLE_S, [0.0, memory_mb(process)]
    while max(looks[-3:]) - min(looks[-3:]) > STEADY_MB and time.monotonic() < limit:
        time.sleep(SETTLED_S)
        looks.append(memory_mb(process))


def cost_of(
    device: RunningDevice, name: str, section: Mapping[str, Any], seconds: float, rounds: int
) -> dict[str, Any]:
    """What one integration costs: it is switched off and on again, and the differences count."""
    process = psutil.Process(device.process.pid)
    memory, shares, state = memory_mb(process), [], ""
    grown = 0.0
    for number in range(rounds):
        alone = cpu_share(process, seconds)
        state = switched_on(device, {name: section})[name]
        shares.append(cpu_share(process, seconds) - alone)
        if number == 0:  # what it imports stays
            grown = memory_mb(process) - memory
        switched_off(device, [name])
    return {"state": state, "cpu": statistics.median(shares), "cpu_rounds": shares, "memory_mb": grown}


def music_of(device: RunningDevice) -> tuple[int, int]:
    """Late blocks and underruns so far."""
    music = device.status()["music"]
    return music["late_blocks"], music["underruns"]


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[RunningDevice]:
    """A device that plays into a null sink, once it has settled."""
    (folder / "pulse").mkdir(parents=True)
    with (
        running_sound_server(folder / "pulse") as server,
        RunningDevice(folder, "--speaker", "spk", *options, extra=server.environment) as device,
    ):
        device.wait_for_page()
        time.sleep(SETTLED_S)
        change(device, {})  # what the page keeps once it has shown settings is no cost of an integration
        settle(psutil.Process(device.process.pid))
        yield device


def measure(seconds: float, rounds: int) -> dict[str, Any]:
    """Everything: each by itself while nothing is sensed, and all together beside the drawn demo."""
    result: dict[str, Any] = {"seconds": seconds, "rounds": rounds}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="si")))
        peers = Peers()
        stack.callback(peers.vanish)
        sections = peers.appear()
        with running(folder / "idle", *NOTHING_SENSED) as device:
            result["each"] = {
                name: cost_of(device, name, section, seconds, rounds) for name, section in sections.items()
            }
        with running(folder / "demo") as device:
            process = psutil.Process(device.process.pid)
            alone, memory, before = cpu_share(process, seconds), memory_mb(process), music_of(device)
            states_together = switched_on(device, sections)
            together = {"states": states_together, "cpu": cpu_share(process, seconds) - alone}
            together["memory_mb"] = memory_mb(process) - memory
            switched_off(device, sections)
            late, underruns = music_of(device)
            result["together"] = together | {"late": late - before[0], "underruns": underruns - before[1]}
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for people, beside what was asked for."""
    titles = {kind.name: kind.title for kind in REGISTRY}
    each, together = result["each"], result["together"]
    cpu, memory = f"{100 * together['cpu']:.2f} % of a core", f"{together['memory_mb']:.1f} MB"
    sound = f"{together['late']} (underruns {together['underruns']})"
    rows = [(titles[name], one["state"], f"{100 * one['cpu']:.2f} %", one["memory_mb"]) for name, one in each.items()]
    lines = [
        "# What the integrations cost",
        "",
        f"`benches/integrations.py` on {result['machine']}, {result['date']}. Load at the start: {result['load']:.1f}.",
        f"Each was on for {result['seconds']:g} s, {result['rounds']} times, beside as long without it.",
        "Nothing was sensed. CPU: of one core, the median of the differences. Memory: with all that it imports.",
        "",
        "| integration | state | CPU while idle | memory |",
        "|---|---|---|---|",
        *(f"| {title} | {state} | {share} | {grown:.1f} MB |" for title, state, share, grown in rows),
        "| asked for | | < 0.5 % | < 5 MB |",
        "",
        f"All together beside the drawn demo: {cpu}, {memory}. Blocks of sound that were late while all were",
        f"switched on, ran and were switched off again: {sound}; asked for: 0.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measured run")
    parser.add_argument("--rounds", type=int, default=3, help="how often each integration is switched on")
    arguments = parser.parse_args()
    about = {
        "date": datetime.date.today().isoformat(),
        "machine": figures.machine(),
        "load": os.getloadavg()[0],
    }
    result = {**about, **measure(arguments.seconds, arguments.rounds)}
    figures.write(Path(__file__), table(result), result)
    print(table(result))


if __name__ == "__main__":
    main()
