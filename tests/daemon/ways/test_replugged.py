"""Camera, microphone and speaker, unplugged and plugged in again in any order: each comes back, the others go on."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK
from soundit_edge.audio.reconnecting import LOOK_S, ReconnectingSpeaker
from soundit_edge.audio.speaker import SpeakerError
from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame, Sound
from soundit_edge.capture.connected import connected_microphones
from soundit_edge.clock import WallClock
from soundit_edge.daemon.ways import plugged_in, source
from soundit_edge.daemon.ways.plugged_in import notice_plugged_in
from soundit_edge.daemon.ways.source import CaptureWorker
from tests.fakes.camera import FakeCamera
from tests.fakes.clock import ManualClock
from tests.fakes.speaker import FakeSpeaker
from tests.waiting import until, wait_until

SILENCE = np.zeros((BLOCK, 2), np.float32)


class PluggedMicrophone:
    """A microphone and its cable."""

    live = True
    name = "mic"

    def __init__(self) -> None:
        self.plugged = True

    def __enter__(self) -> PluggedMicrophone:
        if not self.plugged:
            raise CaptureError("no microphone found")
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def items(self) -> Iterator[Sound]:
        while self.plugged:
            time.sleep(0.002)
            yield Sound(0.0, np.zeros(1600, np.float32))
        raise CaptureLost("microphone 'mic' is gone")


class Rig:
    """The three devices, and what the daemon has of each."""

    def __init__(self, plugged: dict[str, bool]) -> None:
        self.camera, self.microphone = FakeCamera(), PluggedMicrophone()
        self.speaker_plugged = True
        self.clock = ManualClock(100.0)
        self.device: FakeSpeaker | None = None
        self.seen = self.heard = 0
        for name, state in plugged.items():
            self.plug(name, state)
        now = WallClock().now
        self.workers = {
            "camera": CaptureWorker(
                "camera", Camera(0, now, open_device=self.camera.open), self._take, now, patient=True
            ),
            "microphone": CaptureWorker("microphone", self.microphone, self._take, now, patient=True),
        }
        self.threads = [threading.Thread(target=worker.run) for worker in self.workers.values()]
        self.speaker = ReconnectingSpeaker(self._open, self.clock.now, await_as="speaker")

    def plug(self, name: str, state: bool) -> None:
        if name == "camera":
            self.camera.plugged = state
        elif name == "microphone":
            self.microphone.plugged = state
        else:
            self.speaker_plugged = state
            if self.device is not None:
                self.device.unplugged = True  # also where another one is plugged in: this one is gone for good

    def states(self) -> dict[str, bool]:
        """Which of them work now: what the page shows, and that something comes or goes."""
        self.clock.advance(LOOK_S)
        self.speaker.write(SILENCE)
        return {
            **{name: worker.state == "on" and worker.is_open for name, worker in self.workers.items()},
            "speaker": not self.speaker.lost,
        }

    def progress(self) -> dict[str, int]:
        return {name: worker.steps for name, worker in self.workers.items()}

    def _take(self, item: Frame | Sound) -> None:
        self.seen += isinstance(item, Frame)
        self.heard += isinstance(item, Sound)

    def _open(self) -> FakeSpeaker:
        if not self.speaker_plugged:
            raise SpeakerError("there is no speaker")
        self.device = FakeSpeaker(is_clock_source=True)
        return self.device

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            for worker in self.workers.values():
                worker.stop()
            for thread in self.threads:
                thread.join()


NAMES = ("camera", "microphone", "speaker")
PLUGGED = st.fixed_dictionaries({name: st.booleans() for name in NAMES})


@settings(max_examples=20)
@given(PLUGGED, st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=8))
def test_each_comes_back_in_any_order_and_none_disturbs_another(
    begin: dict[str, bool], events: list[tuple[str, bool]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "RETRY_S", 0.001)
        rig, plugged = Rig(begin), dict(begin)
        with rig.running():
            wait_until(lambda: rig.states() == plugged, "they are not as they are plugged in at the start")
            for name, state in events:
                rig.plug(name, state)
                plugged[name] = state
                wait_until(lambda: rig.states() == plugged, f"after {events}: {rig.states()}")
            for name in NAMES:
                rig.plug(name, True)
            wait_until(lambda: all(rig.states().values()))
            seen, heard, steps = rig.seen, rig.heard, rig.progress()
            wait_until(lambda: rig.seen > seen and rig.heard > heard)
            assert all(now > steps[name] for name, now in rig.progress().items())


def test_a_source_that_is_looked_for_makes_progress_and_one_that_hangs_makes_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(source, "RETRY_S", 0.001)
    rig = Rig({"camera": False, "microphone": False, "speaker": False})
    hangs = threading.Event()
    with rig.running():
        begin = rig.progress()
        wait_until(lambda: all(now > begin[name] + 2 for name, now in rig.progress().items()))
        monkeypatch.setattr(rig.microphone, "items", lambda: iter(lambda: hangs.wait(), True))
        rig.plug("microphone", True)
        wait_until(lambda: rig.workers["microphone"].is_open)
        stands, goes_on = rig.progress()["microphone"], rig.progress()["camera"]
        wait_until(lambda: rig.progress()["camera"] > goes_on + 20)
        assert rig.progress()["microphone"] == stands
        hangs.set()


class FakeInputs:
    """Ways in that lack something until they have looked again."""

    def __init__(self) -> None:
        self.lacking = True
        self.looks = 0

    async def look_again(self) -> None:
        self.looks += 1


def add_node(root: Path, place: str) -> None:
    (root / "sys/class" / place).mkdir(parents=True)


async def test_what_was_missing_at_the_start_is_looked_for_once_it_is_plugged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugged_in, "LOOK_S", 0.001)
    looked = 0

    def counted(root: Path) -> list[str]:
        nonlocal looked
        looked += 1
        return connected_microphones(root)

    monkeypatch.setattr(plugged_in, "connected_microphones", counted)
    inputs = FakeInputs()
    add_node(tmp_path, "video4linux/video7")
    watching = asyncio.create_task(notice_plugged_in(inputs, tmp_path))
    await until(lambda: looked >= 5)
    assert inputs.looks == 0, "what was there at the start and did not open is not tried again and again"
    add_node(tmp_path, "video4linux/video0")
    await until(lambda: inputs.looks == 1)
    add_node(tmp_path, "sound/pcmC1D0c")
    await until(lambda: inputs.looks == 2)
    inputs.lacking = False
    add_node(tmp_path, "video4linux/video2")
    seen = looked
    await until(lambda: looked >= seen + 3)
    assert inputs.looks == 2
    watching.cancel()
    await asyncio.wait({watching})
