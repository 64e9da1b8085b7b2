"""One source kept running: paced, lost, found again, and told when it cannot be opened at all."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame, Sound
from soundit_edge.daemon.status import source_status
from soundit_edge.daemon.ways import source as source_module
from soundit_edge.daemon.ways.source import LARGEST_LAG, CaptureWorker
from tests.fakes.camera import FakeCamera
from tests.fakes.capture import ScriptedCapture, Step
from tests.fakes.clock import ManualClock
from tests.waiting import HANG_S, wait_until


def frame(t: float) -> Frame:
    return Frame(t, np.zeros((2, 2, 3), np.uint8))


class PacingClock(ManualClock):
    """A clock that a source's waiting turns on: who waits for a second is a second later, at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(100.0)
        self.waits: list[float] = []
        clock = self

        class Event(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                if timeout:
                    clock.waits.append(timeout)
                    clock.advance(timeout)
                return self.is_set()

        monkeypatch.setattr("soundit_edge.daemon.ways.source.threading.Event", Event)


@pytest.fixture
def quick_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "RETRY_S", 0.005)


def run_in_background(source: CaptureWorker) -> threading.Thread:
    thread = threading.Thread(target=source.run, daemon=True)
    thread.start()
    return thread


def ended(thread: threading.Thread) -> None:
    thread.join(HANG_S)
    assert not thread.is_alive()


def test_a_recording_is_paced_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, moments = PacingClock(monkeypatch), []
    capture = ScriptedCapture([frame(0.0), Sound(0.5, np.zeros(8, np.float32)), frame(2.0)], live=False)
    CaptureWorker("clip", capture, lambda item: moments.append((item.t, clock.now())), clock.now).run()
    assert moments == [(100.0, 100.0), (100.5, 100.5), (102.0, 102.0)], "stamped with the daemon's time, at that time"
    assert clock.waits == pytest.approx([0.5, 1.5])
    assert capture.closed == 1


def test_a_recording_that_fell_far_behind_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, moments = PacingClock(monkeypatch), []
    stall: Callable[[], None] = lambda: clock.advance(LARGEST_LAG + 4.0)  # noqa: E731
    capture = ScriptedCapture([frame(0.0), stall, frame(0.1), frame(0.2)], live=False)
    CaptureWorker("clip", capture, lambda item: moments.append((item.t, clock.now())), clock.now).run()
    assert moments[1] == pytest.approx((105.0, 105.0))
    assert moments[2] == pytest.approx((105.1, 105.1)), "and does not hurry"


def test_a_little_lateness_is_caught_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, moments = PacingClock(monkeypatch), []
    stall: Callable[[], None] = lambda: clock.advance(0.5)  # noqa: E731
    capture = ScriptedCapture([frame(0.0), stall, frame(0.1), frame(0.6)], live=False)
    CaptureWorker("clip", capture, lambda item: moments.append((item.t, clock.now())), clock.now).run()
    assert np.array(moments) == pytest.approx(np.array([(100.0, 100.0), (100.1, 100.5), (100.6, 100.6)]))


def test_live_items_are_delivered_as_they_come() -> None:
    clock = ManualClock(5.0)
    seen: list[Frame | Sound] = []
    capture = ScriptedCapture([frame(1.0), frame(2.0), CaptureLost("gone")], CaptureError("still gone"))
    source = CaptureWorker("camera", capture, seen.append, clock.now)

    def lost(item: Frame | Sound) -> None:
        seen.append(item)
        if len(seen) == 2:
            source.stop()

    source._deliver = lost
    source.run()
    assert [item.t for item in seen] == [1.0, 2.0]


def test_what_cannot_be_opened_at_first_is_told_and_not_tried_again() -> None:
    capture = ScriptedCapture(CaptureError("camera 7 is not there"))
    source = CaptureWorker("camera", capture, lambda _: None, lambda: 0.0)
    source.run()
    with pytest.raises(CaptureError, match="camera 7"):
        source.opened.result(0)
    assert capture.opened == 0


def test_an_unexpected_failure_of_the_first_opening_is_told_too() -> None:
    source = CaptureWorker("camera", ScriptedCapture(RuntimeError("a bug")), lambda _: None, lambda: 0.0)
    source.run()
    with pytest.raises(RuntimeError, match="a bug"):
        source.opened.result(0)


@pytest.mark.usefixtures("quick_retry")
def test_a_lost_source_is_looked_for_until_it_is_back() -> None:
    states: list[tuple[str, str]] = []
    back = threading.Event()
    source: CaptureWorker

    def note() -> None:
        states.append((source.state, source.note))

    capture = ScriptedCapture(
        [note, frame(0.0), CaptureLost("camera 0 is gone")],
        CaptureError("camera 0 is not there"),
        CaptureError("camera 0 is not there"),
        [note, frame(3.0), back.set, lambda: None],
    )
    seen: list[float] = []
    source = CaptureWorker("camera", capture, lambda item: seen.append(item.t), lambda: 0.0, note="as you wished")
    thread = run_in_background(source)
    assert back.wait(HANG_S)
    source.stop()
    ended(thread)
    assert seen == [0.0, 3.0]
    assert states == [("on", "as you wished"), ("on", "as you wished")]
    assert source.opened.result(0) is None


def test_a_lost_source_says_so_meanwhile() -> None:
    capture = ScriptedCapture([CaptureLost("camera 0 is gone; it is looked for every second")], name="camera 0")
    source = CaptureWorker("camera", capture, lambda _: None, lambda: 0.0)
    thread = run_in_background(source)
    source.opened.result(HANG_S)
    wait_until(lambda: source.state == "lost")
    assert "is gone" in source.note
    source.stop()
    ended(thread)


def test_a_source_elsewhere_is_looked_for_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """And as often as at first, once it has given something again."""
    clock = PacingClock(monkeypatch)
    gone = CaptureError("camera at porch does not answer")
    scripts = [[frame(0.0), CaptureLost("gone")], *[gone] * 7, [frame(0.0), CaptureLost("gone")]]
    capture = ScriptedCapture(*scripts)  # type: ignore[arg-type]
    worker: CaptureWorker

    def deliver(item: Frame | Sound) -> None:
        if len(clock.waits) > 1:
            worker.stop()

    worker = CaptureWorker("camera", capture, deliver, clock.now, backs_off=True)
    worker.run()
    assert clock.waits == [1, 2, 4, 8, 16, 30, 30, 30, 1]


@pytest.mark.usefixtures("quick_retry")
def test_a_real_camera_object_comes_back_after_it_was_unplugged() -> None:
    fake, frames = FakeCamera(), threading.Semaphore(0)
    source = CaptureWorker(
        "camera", Camera(0, lambda: 0.0, open_device=fake.open), lambda _: frames.release(), lambda: 0.0
    )
    thread = run_in_background(source)
    assert frames.acquire(timeout=HANG_S)
    fake.plugged = False
    wait_until(lambda: source.state == "lost")
    while frames.acquire(blocking=False):
        pass
    fake.plugged = True
    assert frames.acquire(timeout=HANG_S)
    assert source_status(source).state == "on"
    source.stop()
    ended(thread)
    assert fake.opened == 2
    assert all(device.released for device in fake.devices)


def test_a_damaged_film_ends_the_source_with_its_reason() -> None:
    capture = ScriptedCapture([frame(0.0), CaptureError("film.mp4: too damaged to be read")], live=False)
    with pytest.raises(CaptureError, match="too damaged"):
        CaptureWorker("clip", capture, lambda _: None, lambda: 0.0).run()
    assert capture.closed == 1


def test_a_defect_in_the_receiver_is_not_hidden() -> None:
    def deliver(item: Frame | Sound) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        CaptureWorker("camera", ScriptedCapture([frame(0.0)]), deliver, lambda: 0.0).run()


def test_stopping_interrupts_waiting_for_a_far_moment() -> None:
    seen: list[float] = []
    capture = ScriptedCapture([frame(0.0), frame(1e6)], live=False)
    source = CaptureWorker("clip", capture, lambda item: seen.append(item.t), lambda: 0.0)
    thread = run_in_background(source)
    source.opened.result(HANG_S)
    source.stop()
    ended(thread)
    assert seen in ([], [0.0])


def test_the_demo_is_a_stand_in() -> None:
    source = CaptureWorker("demo", ScriptedCapture(name="drawn demo"), lambda _: None, lambda: 0.0, note="no camera")
    assert (source.name, source.state, source.note) == ("drawn demo", "stand-in", "no camera")


def test_a_source_that_is_given_up_is_off() -> None:
    source = CaptureWorker("microphone", ScriptedCapture(), lambda _: None, lambda: 0.0)
    source.give_up("no microphone found")
    assert (source.state, source.note) == ("off", "no microphone found")


def test_a_frozen_camera_is_told_and_no_longer_believed_until_its_picture_moves() -> None:
    """A camera that hung kept the room happy for ever, and surer and surer."""
    still, moved = np.zeros((8, 8, 3), np.uint8), np.ones((8, 8, 3), np.uint8)
    notes: list[tuple[str, str]] = []
    source: CaptureWorker

    def look() -> None:
        notes.append((source.state, source.note))

    script: list[Step] = [Frame(float(t), still) for t in range(40)]
    script += [look, Frame(40.0, moved), look, Frame(41.0, moved), CaptureError("the end")]
    seen: list[float] = []
    source = CaptureWorker("camera", ScriptedCapture(script), lambda i: seen.append(i.t), lambda: 0.0)
    thread = run_in_background(source)
    while len(seen) < 32:
        assert thread.is_alive()
    source.stop()
    ended(thread)
    assert seen == [*map(float, range(30)), 40.0, 41.0]
    assert notes == [
        ("on", "the picture has not changed for 30 s: nothing is read from it until it does"),
        ("on", ""),
    ]


def test_a_covered_lens_is_told_logged_once_and_not_read(caplog: pytest.LogCaptureFixture) -> None:
    covered, room = np.full((64, 64, 3), 90, np.uint8), np.zeros((64, 64, 3), np.uint8)
    room[::2], room[:, ::8] = 200, 120
    rng, notes = np.random.default_rng(0), list[str]()
    source: CaptureWorker

    def at(t: float, picture: npt.NDArray[np.uint8]) -> Frame:
        return Frame(t, picture + rng.integers(0, 3, picture.shape, np.uint8))

    def look() -> None:
        notes.append(source.note)

    script: list[Step] = []
    for begin in (0.0, 20.0):
        script += [at(begin + t, room) for t in range(5)] + [at(begin + 5 + t, covered) for t in range(10)] + [look]
    script += [at(40.0, room), at(42.0, room), look, lambda: source.stop(), at(43.0, room)]
    seen: list[float] = []
    source = CaptureWorker("camera", ScriptedCapture(script), lambda i: seen.append(i.t), lambda: 0.0)
    source.run()
    said = "hardly anything is to be seen in the picture: is the lens covered?"
    assert notes == [said, said, ""]
    assert caplog.messages == [f"scripted: {said}"]
    assert [t for t in seen if t < 20] == [0, 1, 2, 3, 4, 5, 6, 7], "until it is sure"


def test_a_still_clip_is_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that the user gave is one that they mean."""
    clock, seen = PacingClock(monkeypatch), list[float]()
    script = [Frame(float(t), np.zeros((8, 8, 3), np.uint8)) for t in range(60)]
    source = CaptureWorker("clip", ScriptedCapture(script, live=False), lambda item: seen.append(item.t), clock.now)
    source.run()
    assert len(seen) == 60
    assert source.note == ""
