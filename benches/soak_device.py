"""`soundit` with a clip for a camera, whose cable comes out, and with senses that fail, hang and drag; takes notes.

It is run by soak.py, which also lets the disk be full and the clock be wrong, by files that it puts into a folder.
Everything else is the device as it is shipped.
"""

from __future__ import annotations

import asyncio
import datetime
import errno
import itertools
import json
import os
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest import mock

import av
import numpy as np

SEED: Final = 4
FPS: Final = 25
FRAMES: Final = 100
"""Of the clip, which all are in memory."""
MAX_S: Final = 0.02
KINDS: Final = ("fails", "hangs", "drags")
BETWEEN_S: Final = (10.0, 60.0)
"""From one fault of a sense to the next, from and to."""
LASTS_S: Final = {"fails": (0.1, 20.0), "hangs": (1.0, 25.0), "drags": (2.0, 20.0)}


class Notes:
    """What is gathered while the device runs."""

    def __init__(self) -> None:
        self.faults: Counter[str] = Counter()
        self.unplugged = 0
        self.loop = {"computed_ms": 0.0, "longest_ms": 0.0, "above": 0, "calls": 0}
        self.conserved = True

    def write(self) -> None:
        """Write all to the file that the soak reads."""
        Path(os.environ["SOAK_NOTES"]).write_text(json.dumps(vars(self)))


NOTES: Final = Notes()


class Cable:
    """A camera that gives a clip's frames, again and again, and is unplugged now and then for some seconds."""

    def __init__(self, number: int) -> None:
        self._plugged = PLUG.is_in()

    def isOpened(self) -> bool:  # noqa: N802
        return self._plugged

    def read(self) -> tuple[bool, Any]:
        """Wait for the next frame."""
        time.sleep(1 / FPS)
        return (True, next(PLUG.frames)) if PLUG.is_in() else (False, None)

    def get(self, prop: int) -> float:
        return 0.0

    def set(self, prop: int, value: float) -> bool:
        return True

    def release(self) -> None:
        pass


class Plug:
    """When the camera is plugged in: out for 2 to 12 s, every half a minute to a minute and a half."""

    def __init__(self, clip: str) -> None:
        with av.open(clip) as container:
            frames = itertools.islice(container.decode(video=0), FRAMES)
            pictures = [frame.to_ndarray(format="bgr24") for frame in frames]
        self.frames = itertools.cycle(pictures)
        self._random = np.random.default_rng(SEED)
        self._lock = threading.Lock()
        self._in, self._until = True, time.monotonic() + 30.0

    def is_in(self) -> bool:
        """Return whether it is plugged in now."""
        with self._lock:
            if time.monotonic() > self._until:
                self._in = not self._in
                NOTES.unplugged += not self._in
                self._until = time.monotonic() + self._random.uniform(*((30.0, 90.0) if self._in else (2.0, 12.0)))
            return self._in


PLUG = Plug(os.environ["SOAK_CLIP"])
FLAGS: Final = Path(os.environ["SOAK_FLAGS"])
"""While a file "disk" lies there, no file can be written whole; the clock on the wall is wrong by what "clock" says."""


def wrong_by() -> float:
    """Return by how many seconds the clock on the wall is wrong."""
    try:
        return float((FLAGS / "clock").read_text())
    except (OSError, ValueError):
        return 0.0


def spoil_disk_and_clock() -> None:
    """Let the disk be full and the clock be wrong while it is wanted."""
    from soundit_edge import files
    from soundit_edge.daemon import daemon
    from soundit_edge.daemon.schedule.wall import local_time
    from soundit_edge.daemon.watch import mood_recorder
    from soundit_edge.perception.mood_history import ClockReading

    durable, present = files.make_durable, mood_recorder.present_moment

    def make_durable(path: Path) -> None:
        if (FLAGS / "disk").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        durable(path)

    def wrong_moment() -> ClockReading:
        now = present()
        return ClockReading(now.steady_s, now.wall_s + wrong_by())

    def wrong_time(zone: str) -> datetime.datetime:
        return local_time(zone) + datetime.timedelta(seconds=wrong_by())

    mock.patch.object(files, "make_durable", make_durable).start()
    mock.patch.object(daemon, "local_time", wrong_time).start()
    mock.patch.object(daemon, "MoodRecorder", partial(mood_recorder.MoodRecorder, now=wrong_moment)).start()


class Faulty:
    """A sense that goes wrong now and then, always in the same order."""

    def __init__(self, sense: Any, seed: int) -> None:
        self.name, self.period = sense.name, sense.period
        self._sense = sense
        self._random = np.random.default_rng(seed)
        self._kind = ""
        self._until = time.monotonic() + self._random.uniform(*BETWEEN_S)

    def read(self, perceived: Any) -> Any:
        """Read, or do what is wrong now."""
        if (now := time.monotonic()) > self._until:
            self._kind = "" if self._kind else str(self._random.choice(KINDS))
            lasts = LASTS_S[self._kind] if self._kind else BETWEEN_S
            self._until = now + self._random.uniform(*lasts)
            NOTES.faults.update([self._kind] if self._kind else [])
        if self._kind == "fails":
            raise ValueError("the soak wants it so")
        if self._kind == "hangs":
            time.sleep(self._until - now)
        if self._kind == "drags":
            time.sleep(0.2)
        return self._sense.read(perceived)


def install() -> None:
    """Put the faults, and the notes, into the device."""
    from soundit_edge.capture import open_camera
    from soundit_edge.capture.camera import Camera
    from soundit_edge.daemon import sensing
    from soundit_edge.inference.scheduler import Scheduler
    from soundit_edge.senses.registry import AuditorySense, SenseBuilder, SenseSet

    build = SenseBuilder.build

    def build_faulty(builder: SenseBuilder, *arguments: Any, **options: Any) -> SenseSet:
        whole = build(builder, *arguments, **options)
        seeing = tuple(Faulty(sense, i) for i, sense in enumerate(whole.visual))
        hearing = tuple(AuditorySense(Faulty(h.sense, 9), h.window) for h in whole.auditory)
        return replace(whole, visual=seeing, auditory=hearing)

    class NotingScheduler(Scheduler):
        def stop(self) -> None:
            for job in self.statistics().values():
                box = job.mailbox
                NOTES.conserved &= box.offered == box.taken + box.dropped + box.waiting
            NOTES.write()
            super().stop()

    mock.patch.object(SenseBuilder, "build", build_faulty).start()
    mock.patch.object(sensing, "Scheduler", NotingScheduler).start()
    mock.patch.object(open_camera, "Camera", lambda number, now, locked: Camera(number, now, open_device=Cable)).start()
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began, computed = time.perf_counter(), time.thread_time()
        run(handle)
        seconds, computed, loop = time.perf_counter() - began, time.thread_time() - computed, NOTES.loop
        if time.monotonic() - STARTED > 20.0:  # what is loaded at the start blocks nobody yet
            loop["calls"] += 1
            loop["above"] += seconds > MAX_S
            loop["longest_ms"] = max(loop["longest_ms"], 1000 * seconds)
            loop["computed_ms"] = max(loop["computed_ms"], 1000 * computed)

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]


STARTED: Final = time.monotonic()

if __name__ == "__main__":
    from soundit_edge.__main__ import main as soundit

    install()
    spoil_disk_and_clock()
    sys.argv = ["soundit", *sys.argv[1:]]
    soundit()
