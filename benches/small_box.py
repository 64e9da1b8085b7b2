"""The whole device on a small box: one core, of which it gets all, a half and a quarter.

    python benches/small_box.py [--shares 1 0.5 0.25] [--clips FILE …] [--seconds 15]      (or: make bench-small-box)

A Raspberry Pi 5, 4 and 3B+ by their published single-core speeds (`small_box_table.PUBLISHED`), as far as one core
goes: the boards have four. Emulated by the kernel's CPU bandwidth control, so it needs root: the device as `soundit
run` starts it, its music's process included, shares that much of one processor. It plays through real PortAudio into a
null sink; the sound server runs outside, as the sound hardware would. The music has real-time priority, as on a board
whose user may ask for one, and what it takes is taken off the share of all else. Then, in another process and without
such a priority, the way from a changed face to the music.

Writes benches/small_box.json and small_box.md; ends with 1 where a gate is missed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from benches.small_box_cage import Cage, CageError, cage  # noqa: E402
from benches.small_box_table import table  # noqa: E402
from soundit_edge.bench.reaction import reactions  # noqa: E402
from soundit_edge.music.player.player import Player  # noqa: E402
from soundit_edge.signals import Ended, raise_when_asked_to_end  # noqa: E402
from tests.device import RunningDevice  # noqa: E402
from tests.sound_server import running_sound_server  # noqa: E402

CLIPS: Final = ROOT / "../shared/data/clips"
WARM_UP_S: Final = 10.0
"""Rates need some seconds to settle: costs are measured, and the first calls are slow."""
LOOK_S: Final = 0.5
WINDOW_S: Final = 5.0
"""The status gives readings a second over so long."""
SPIN: Final = """
import time
begin, used = time.monotonic(), time.process_time()
while (now := time.monotonic()) - begin < 2:
    pass
print((time.process_time() - used) / (now - begin))
"""


TUNE: Final = """
import datetime, time
from soundit_edge.inference.tuning.measure import measure, unmeasured
measure(unmeasured(), 1, time.perf_counter, datetime.date.today())
"""


def tune(cache: Path, processor: int) -> None:
    """Measure what a device measures beside its first run, so that this is none: it takes seconds of a whole core."""
    command = ["taskset", "-c", str(processor), sys.executable, "-c", TUNE]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "SOUNDIT_CACHE": str(cache)})


def obtained_share(caged: Sequence[str]) -> float:
    """Return which share of a core a busy loop gets in a cage."""
    done = subprocess.run([*caged, sys.executable, "-c", SPIN], capture_output=True, text=True, check=True)
    return float(done.stdout)


def run_device(clip: Path, seconds: float, share: float, caged: Cage, cache: Path) -> dict[str, Any]:
    """Run the device on a clip, and return what it did and took once it had settled; of the music, from the start."""
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        (folder / "pulse").mkdir()
        # The sound server comes before all else, as if it were hardware; what is started after it does not.
        os.setpriority(os.PRIO_PROCESS, 0, -20)
        with running_sound_server(folder / "pulse") as server:
            os.setpriority(os.PRIO_PROCESS, 0, 0)
            options = ["--speaker", "spk", "--clip", str(clip)]
            began = time.monotonic()
            extra = {**server.environment, "SOUNDIT_CACHE": str(cache)}
            with RunningDevice(folder, *options, extra=extra, before=caged.command) as device:
                device.wait_for_page()
                page_s = time.monotonic() - began
                _wait(device, WARM_UP_S, share, caged)
                used, begin = _cpu_seconds(device.process.pid), time.monotonic()
                states = list(_watch(device, seconds, share, caged))
                used = {k: v - used[k] for k, v in _cpu_seconds(device.process.pid).items()}
                passed = time.monotonic() - begin
                device.stop(signal.SIGTERM)
        log = (folder / "soundit.log").read_text().splitlines()
    last = next(line for line in reversed(log) if " statistics {" in line)
    music = json.loads(last[last.index("{") :])["music"]
    return {
        "page_s": page_s,
        "cpu_share": {k: v / passed for k, v in used.items()},
        "senses": {name: _figures([state[name] for state in states]) for name in states[-1]},
        **{name: music[name] for name in ("blocks", "late", "underruns", "quality")},
    }


def _wait(device: RunningDevice, seconds: float, share: float, caged: Cage) -> None:
    """Wait, and meanwhile leave all but the music what the music does not take."""
    end = time.monotonic() + seconds
    while (begin := time.monotonic()) < end:
        used = _cpu_seconds(device.process.pid)["music"]
        time.sleep(min(LOOK_S, end - begin))
        used = _cpu_seconds(device.process.pid)["music"] - used
        caged.limit(share - used / (time.monotonic() - begin))


def _watch(device: RunningDevice, seconds: float, share: float, caged: Cage) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the status of the senses by their names at the end of each window."""
    for _ in range(max(1, round(seconds / WINDOW_S))):
        _wait(device, WINDOW_S, share, caged)
        yield {sense["name"]: sense for sense in device.status()["senses"]}


def _figures(states: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the figures of one sense; in a window whose readings no longer count at its end, it has none."""
    return {
        "readings_per_s": statistics.mean(state["readings_per_second"] for state in states),
        "age_p95_ms": max(state["age_milliseconds"] for state in states),
        "call_p95_ms": max(state["milliseconds_p95"] for state in states),
    }


def _cpu_seconds(pid: int) -> dict[str, float]:
    """Return the processor time so far of the device and of its music's process."""
    process = psutil.Process(pid)
    music = sum(sum(child.cpu_times()[:2]) for child in process.children(recursive=True))
    return {"senses_and_page": sum(process.cpu_times()[:2]), "music": music}


def react_here(repeats: int) -> list[float]:
    """Return the seconds of some reactions in this process."""
    player = Player("off")
    player.start()
    try:
        player.ready()
        return [reaction.sound_s for reaction in reactions(player, repeats)]
    finally:
        player.stop()


def react_in(caged: Sequence[str], repeats: int) -> list[float]:
    """Return the seconds of some reactions in a cage."""
    command = [*caged, sys.executable, __file__, "--react", str(repeats)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return [float(seconds) for seconds in json.loads(done.stdout.splitlines()[-1])]


def measure(share: float, processor: int, clips: Sequence[Path], seconds: float, repeats: int) -> dict[str, Any]:
    """Return the figures of one share of a core."""
    with tempfile.TemporaryDirectory(prefix="si") as cache, cage(share, processor, realtime=True) as caged:
        tune(Path(cache), processor)
        result: dict[str, Any] = {"share": share, "obtained": obtained_share(caged.command), "clips": {}}
        for clip in clips:
            print(f"{share:.0%} of a core: {clip.stem} …", file=sys.stderr, flush=True)
            caged.limit(share)
            result["clips"][clip.stem] = run_device(clip.resolve(), seconds, share, caged, Path(cache))
    with cage(share, processor) as caged:
        print(f"{share:.0%} of a core: from a face to the music …", file=sys.stderr, flush=True)
        result["reactions_s"] = react_in(caged.command, repeats)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shares", type=float, nargs="+", default=[1.0, 0.5, 0.25], help="of one core")
    default = [CLIPS / "bbaf3s.mpg", CLIPS / "dinner.mp4"]
    parser.add_argument("--clips", type=Path, nargs="+", default=default, help="a talking face, and several faces")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each run, once it has settled")
    parser.add_argument("--repeats", type=int, default=3, help="of the way from a face to the music")
    parser.add_argument("--react", type=int, help="only that, here, so often, as JSON (used by this program)")
    options = parser.parse_args()
    if options.react is not None:
        print(json.dumps(react_here(options.react)))
        return
    if missing := [str(clip) for clip in options.clips if not clip.is_file()]:
        parser.error(f"{missing[0]}: no such clip; name one with --clips")
    raise_when_asked_to_end()  # the cage goes, whatever ends us
    processors = sorted(os.sched_getaffinity(0))
    boxes = []
    load = os.getloadavg()[0]
    # The sound server and this program keep away from the core that is measured, where there is another one.
    os.sched_setaffinity(0, processors[:-1] or processors)
    for share in options.shares:
        try:
            boxes.append(measure(share, processors[-1], options.clips, options.seconds, options.repeats))
        except CageError as error:
            parser.error(str(error))
        except Ended as ended:
            sys.exit(ended.exit_code)
    result = {"date": datetime.date.today().isoformat(), "machine": machine(), "load": load, "boxes": boxes}
    text, missed = table(result)
    write(Path(__file__), text, result)
    print(text)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
