"""Ten minutes of random targets while every sense runs: does the music ever stutter?

    python benches/soak_morph.py [--minutes 10] [--clips FOLDER]      (or: make soak-morph MINUTES=10)

The whole device as `soundit run` starts it, on a clip of five faces with voices, playing through real PortAudio into a
null sink. Only what the director would ask of the player is replaced: by targets drawn anew every few seconds from all
that the engine can do, always the same ones. Writes benches/soak_morph.md and .json; fails where a gate is missed.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from unittest import mock

import av
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import finish, machine, soak_arguments  # noqa: E402
from soundit_edge.audio.decode import decode  # noqa: E402
from soundit_edge.music.director.brief import NEUTRAL, CompositionBrief  # noqa: E402
from soundit_edge.music.director.target import RANGES, MusicTarget  # noqa: E402
from soundit_edge.music.player.player import Player  # noqa: E402
from tests.capture.media import film  # noqa: E402
from tests.sound_server import SPEAKER, running_sound_server  # noqa: E402

LATE_SHARE: Final = 0.005
HOLD_S: Final = (0.3, 8.0)
"""A target stays for so long, from and to."""
SEED: Final = 4


class WanderingPlayer(Player):
    """A player that follows random targets, whatever it is told, and takes notes."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._random = np.random.default_rng(SEED)
        self._until = 0.0
        self._rungs: set[int] = set()
        self._targets = 0

    def set(self, target: MusicTarget, brief: CompositionBrief = NEUTRAL) -> None:
        """Ten times a second, from the daemon."""
        self._rungs.add(self.statistics().quality)
        if time.monotonic() < self._until:
            return
        self._until = time.monotonic() + self._random.uniform(*HOLD_S)
        self._targets += 1
        wanted = {name: float(self._random.uniform(*ends)) for name, ends in RANGES.items()}
        super().set(MusicTarget(**wanted), brief)

    def stop(self) -> None:
        notes = {"rungs": sorted(self._rungs), "targets": self._targets}
        Path(os.environ["SOAK_NOTES"]).write_text(json.dumps(notes))
        super().stop()


def run_device(arguments: list[str]) -> None:
    """`soundit` with these arguments and the other player: what the process that is measured does."""
    from soundit_edge.__main__ import main as soundit
    from soundit_edge.daemon import output

    mock.patch.object(output, "Player", WanderingPlayer).start()
    sys.argv = ["soundit", *arguments]
    soundit()


def clip_with_voices(clips: Path, path: Path) -> Path:
    """The frames of the clip of five faces, under the voices of all others."""
    with av.open(str(clips / "dinner.mp4")) as container:
        frames = [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]
    voices = np.concatenate([decode(other).mean(axis=1) for other in sorted(clips.glob("*.mpg"))])
    seconds = len(frames) / 25
    sound = np.resize(voices, round(seconds * 48_000)).astype(np.float32)
    height, width = frames[0].shape[:2]
    return film(
        path,
        seconds=seconds,
        fps=Fraction(25),
        size=(width, height),
        picture=lambda t: frames[min(len(frames) - 1, round(t * 25))],
        sound=sound,
    )


def prefer(process: int) -> None:
    """Let the sound server go before all else: it stands for a sound card, which waits for no processor."""
    with contextlib.suppress(PermissionError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setscheduler(int(thread.name), os.SCHED_FIFO, os.sched_param(20))


def soak(minutes: float, clips: Path) -> dict[str, Any]:
    """Run the device and gather what it counted."""
    with tempfile.TemporaryDirectory(prefix="si") as name:
        folder = Path(name)
        clip = clip_with_voices(clips, folder / "room.mp4")
        (folder / "pulse").mkdir()
        own = {f"SOUNDIT_{what.upper()}": str(folder / what) for what in ("settings", "log", "cache")}
        with running_sound_server(folder / "pulse") as server:
            prefer(server.process.pid)
            environment = os.environ | server.environment | own | {"SOAK_NOTES": str(folder / "notes")}
            arguments = ["run", "--port", "0", "--speaker", SPEAKER, "--clip", str(clip), "--for", str(60 * minutes)]
            loads = []
            with subprocess.Popen(
                [sys.executable, __file__, "--device", *arguments],
                env=environment,
                cwd=folder,
                stdout=subprocess.DEVNULL,
            ) as run:
                while run.poll() is None:
                    loads.append(psutil.getloadavg()[0])
                    time.sleep(1.0)
        if run.returncode:
            raise SystemExit(f"the device ended with {run.returncode}:\n{(folder / 'log').read_text()}")
        last = next(line for line in reversed((folder / "log").read_text().splitlines()) if " statistics {" in line)
        notes = json.loads((folder / "notes").read_text())
    whole = json.loads(last[last.index("{") :])
    music = whole["music"]
    return {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "minutes": music["seconds"] / 60,
        "load": {"mean": float(np.mean(loads)), "highest": max(loads)},
        "late_share": music["late"] / music["blocks"],
        "late": music["late"],
        "blocks": music["blocks"],
        "underruns": music["underruns"],
        "least_ring": music["min_buffer_fill"],
        "busy": music["busy"],
        "rungs": notes["rungs"],
        "targets": notes["targets"],
        "readings_per_s": {n: s["readings"] / whole["seconds"] for n, s in whole["senses"].items()},
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people, beside what was asked for."""
    readings = ", ".join(f"{name} {value:.1f}" for name, value in result["readings_per_s"].items())
    rows = [
        ("late blocks", f"{100 * result['late_share']:.3f} % ({result['late']} of {result['blocks']})", "< 0.5 %"),
        ("underruns", str(result["underruns"]), "0"),
        ("least that was in the ring", f"{100 * result['least_ring']:.0f} %", ""),
        ("rungs of the ladder that were taken", ", ".join(map(str, result["rungs"])), ""),
        ("the music's share of a core", f"{100 * result['busy']:.1f} %", ""),
        ("random targets", str(result["targets"]), ""),
        ("readings a second", readings, ""),
    ]
    load = result["load"]
    lines = [
        "# Soak: random targets while every sense runs",
        "",
        f"`make soak-morph` on {result['machine']}, {result['date']}: {result['minutes']:.1f} minutes.",
        f"Load of the machine meanwhile: {load['mean']:.1f} in the mean, {load['highest']:.1f} at its highest;",
        "what is above 1 was other work that ran beside it.",
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        *(f"| {what} | {reached} | {asked} |" for what, reached, asked in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    result = soak(*soak_arguments(__doc__, minutes=10.0))
    missed = [f"{name} has read nothing" for name, rate in result["readings_per_s"].items() if not rate]
    if result["late_share"] >= LATE_SHARE:
        missed.append("late blocks")
    if result["underruns"]:
        missed.append("underruns")
    finish(Path(__file__), table(result), result, missed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--device"]:
        run_device(sys.argv[2:])
    else:
        main()
