"""What the music's process costs: memory, time to the first sound, to a new one after a death, to a new track, to stop.

    python benches/audio_process.py [--repeats 5]      (or: make bench-audio)

It plays through real PortAudio into a private null sink. Writes benches/audio_process.md and .json.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
import soundfile

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from soundit_edge.audio.decode import resampled  # noqa: E402
from soundit_edge.audio.format import RATE  # noqa: E402
from soundit_edge.daemon.output import Output  # noqa: E402
from soundit_edge.music.compose.theme.theme import theme  # noqa: E402
from soundit_edge.music.player.player import DEFAULT_SOURCE, Player  # noqa: E402
from soundit_edge.music.player.programme import programme_of  # noqa: E402
from soundit_edge.music.source import FileSource, MusicSource  # noqa: E402
from tests.sound_server import SPEAKER, SoundServer, running_sound_server  # noqa: E402

MINUTES: Final = 5
FILE_RATE: Final = 44_100
QUIET: Final = 1e-4  # below this the sink is silent


def five_minutes(path: Path) -> Path:
    """Music of five minutes as most of it is: FLAC, 44.1 kHz, 16 bits."""
    music = theme(2).sound
    once = resampled(music, RATE * RATE // FILE_RATE)  # as if it had been of another rate: the same samples at 44.1 kHz
    soundfile.write(path, np.resize(once, (MINUTES * 60 * FILE_RATE, 2)), FILE_RATE)
    return path


def sounding(player: Player) -> None:
    """Wait for the first block."""
    while not player.statistics().blocks:
        player.poll()
        time.sleep(0.005)


def memory(player: Player) -> dict[str, float]:
    """MB of the audio process, once a track has been heard to its end: what it shares counts in both figures."""
    process = psutil.Process(player.pid)
    info = process.memory_full_info()
    shared = [m for m in process.memory_maps(grouped=False) if "soundit-track" in m.path]
    whole = sum(m.size for m in shared)
    return {
        "rss": (info.rss - sum(m.rss for m in shared) + whole) / 1e6,
        "pss": (info.pss - sum(m.pss for m in shared) + whole) / 1e6,
        "rss_at_first": info.rss / 1e6,
        "pss_at_first": info.pss / 1e6,
        "track": whole / 1e6,
    }


def one_run(track: Path | None) -> dict[str, Any]:
    """From the start of a player to its stop."""
    player = Player(SPEAKER, source=DEFAULT_SOURCE if track is None else FileSource(track))
    player.start()
    highest = 0
    loader = next((p for p in psutil.Process().children() if p.pid != player.pid and "spawn" in str(p.cmdline())), None)
    while not player.statistics().blocks:
        player.poll()
        if player.failure is not None:
            raise player.failure
        with contextlib.suppress(psutil.Error):
            highest = max(highest, loader.memory_info().rss if loader else 0)
        time.sleep(0.005)
    first = player.first_sound_s
    time.sleep(2.0)
    cost = memory(player)
    began = time.monotonic()
    player.stop()
    return {"first_sound_s": first, "stop_s": time.monotonic() - began, "memory": cost, "loader_mb": highest / 1e6}


async def restarts(server: SoundServer, repeats: int) -> dict[str, list[float]]:
    """Kill the audio process, as the device runs it, again and again: seconds to the next one, and of silence."""
    output = Output(SPEAKER, None, programme_of(MusicSource.THEME))
    await output.start(1.0)
    watching = asyncio.create_task(output.watch())
    player = output.player
    played: list[float] = []
    silent: list[float] = []
    for _ in range(repeats):
        with server.recording() as recording:
            await asyncio.sleep(3.0)
            before = player.statistics().blocks
            assert player.pid is not None
            os.kill(player.pid, signal.SIGKILL)
            began = time.monotonic()
            while player.statistics().blocks <= before:  # noqa: ASYNC110 (a process cannot set an event)
                await asyncio.sleep(0.002)
            played.append(time.monotonic() - began)
            await asyncio.sleep(1.5)
        loud = np.flatnonzero(np.abs(recording.samples).max(axis=1) > QUIET)
        silent.append(float(np.diff(loud).max()) / RATE)
    watching.cancel()
    await output.stop()
    return {"played_s": played, "silent_s": silent}


def measure(repeats: int) -> dict[str, Any]:
    """All of it."""
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        song = five_minutes(folder / "song.flac")
        (folder / "pulse").mkdir()
        with running_sound_server(folder / "pulse") as server:
            os.environ.update(server.environment, SOUNDIT_CACHE=str(folder / "cache"))
            load = psutil.getloadavg()[0]
            runs = [one_run(None) for _ in range(repeats)]
            cold, warm = one_run(song), one_run(song)
            again = asyncio.run(restarts(server, repeats))
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "load": {"before": load, "after": psutil.getloadavg()[0]},
        "theme": runs,
        "track_without_cache": cold,
        "track_with_cache": warm,
        "restart": again,
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people, beside what was asked for."""
    runs, cold, warm, again = (result[k] for k in ("theme", "track_without_cache", "track_with_cache", "restart"))

    def times(values: list[float]) -> str:
        return f"{statistics.median(values):.2f} s (longest of {len(values)}: {max(values):.2f})"

    def megabytes(cost: dict[str, float]) -> str:
        return f"{cost['rss']:.0f} MB RSS, {cost['pss']:.0f} MB PSS ({cost['track']:.0f} MB of it the track)"

    stops = [run["stop_s"] for run in [*runs, cold, warm]]
    rows = [
        ("memory, theme", megabytes(runs[-1]["memory"]), ""),
        (f"memory, track of {MINUTES} minutes heard to its end", megabytes(cold["memory"]), "< 150 MB"),
        ("start to first sound, theme", times([run["first_sound_s"] for run in runs]), "< 3 s"),
        ("killed until the next process plays", times(again["played_s"]), "< 1 s"),
        ("the silence that is heard of it", times(again["silent_s"]), "< 1 s"),
        ("start to first sound, a minute of a track", f"{cold['first_sound_s'] / MINUTES:.2f} s", "< 1 s"),
        ("the same with the analysis in the cache", f"{warm['first_sound_s'] / MINUTES:.2f} s", ""),
        ("memory of the process that makes it ready, at its highest", f"{cold['loader_mb']:.0f} MB RSS", ""),
        ("stop", times(stops), "< 1 s"),
    ]
    load = result["load"]
    lines = [
        "# The music's process",
        "",
        f"`make bench-audio` on {result['machine']}, {result['date']}; played through PortAudio into a null sink.",
        f"Load of the machine before: {load['before']:.1f}, after: {load['after']:.1f}; this alone makes less than 1.",
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        *(f"| {what} | {reached} | {asked} |" for what, reached, asked in rows),
        "",
        "The track lies in shared memory; the process that made it ready has ended, so RSS and PSS both count all of",
        f"it that was touched. At first the process of the long track has {cold['memory']['rss_at_first']:.0f} MB RSS.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="of what is timed")
    result = measure(parser.parse_args().repeats)
    text = table(result)
    write(Path(__file__), text, result)
    print(text)


if __name__ == "__main__":
    main()
