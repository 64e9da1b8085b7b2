"""A speaker that is unplugged and comes back, with a fake one and a clock that stands still."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, Stereo
from soundit_edge.audio.reconnecting import LOOK_S, ReconnectingSpeaker
from soundit_edge.audio.speaker import SpeakerError
from tests.fakes.clock import ManualClock
from tests.fakes.speaker import FakeSpeaker


def block(number: int) -> Stereo:
    return np.full((BLOCK, 2), number / 100, dtype=np.float32)


class Bench:
    """A device in a socket, and the speaker that plays to it."""

    def __init__(self) -> None:
        self.clock = ManualClock(100.0)
        self.there = True
        self.looks = 0
        self.devices: list[FakeSpeaker] = []
        self.speaker = ReconnectingSpeaker(self._open, self.clock.now)

    def _open(self) -> FakeSpeaker:
        self.looks += 1
        if not self.there:
            raise SpeakerError("there is no speaker called 'fake'")
        self.devices.append(FakeSpeaker(is_clock_source=True))
        return self.devices[-1]

    def unplug(self) -> None:
        self.there = False
        self.devices[-1].unplugged = True


def test_while_it_is_there_all_goes_to_the_device() -> None:
    bench = Bench()
    bench.speaker.write(block(1))
    assert (bench.speaker.name, bench.speaker.lost, bench.speaker.is_clock_source) == ("fake", False, True)
    np.testing.assert_array_equal(bench.devices[0].played, block(1))
    bench.devices[0].underruns = 2
    assert bench.speaker.underruns == 2
    bench.devices[0].fill = 0.5
    assert bench.speaker.fill == 0.5
    bench.speaker.close()
    assert bench.devices[0].closed


def test_a_device_that_is_not_there_at_first_is_refused() -> None:
    def nothing() -> FakeSpeaker:
        raise SpeakerError("there is no speaker called 'attic'")

    with pytest.raises(SpeakerError, match="attic"):
        ReconnectingSpeaker(nothing, ManualClock().now)


def test_a_device_that_is_awaited_is_found_when_it_comes(caplog: pytest.LogCaptureFixture) -> None:
    clock, devices = ManualClock(100.0), list[FakeSpeaker]()

    def once_there() -> FakeSpeaker:
        if not devices:
            raise SpeakerError("there is no speaker")
        return devices[-1]

    speaker = ReconnectingSpeaker(once_there, clock.now, await_as="the system's speaker")
    assert (speaker.name, speaker.lost, speaker.is_clock_source) == ("the system's speaker", True, False)
    speaker.write(block(1))
    devices.append(FakeSpeaker(is_clock_source=True))
    clock.advance(LOOK_S)
    speaker.write(block(2))
    assert (speaker.name, speaker.lost) == ("fake", False)
    np.testing.assert_array_equal(devices[0].played, block(2))
    assert "there is no speaker: it is waited for" in caplog.text


def test_a_lost_device_is_let_go_and_the_music_goes_on_in_silence() -> None:
    bench = Bench()
    bench.unplug()
    bench.speaker.write(block(1))
    assert bench.devices[0].closed
    assert bench.speaker.lost
    assert not bench.speaker.is_clock_source, "it is for the player to keep step"
    assert bench.speaker.fill == 1.0, "there is nothing to run dry"
    bench.speaker.write(block(2))
    bench.speaker.close()


def test_it_is_looked_for_once_a_second() -> None:
    bench = Bench()
    bench.unplug()
    for _ in range(350):
        bench.speaker.write(block(1))
        bench.clock.advance(0.01)
    assert bench.looks == 1 + int(3.5 / LOOK_S)


def test_it_plays_on_when_it_is_back_and_keeps_the_count_of_underruns() -> None:
    bench = Bench()
    bench.devices[0].underruns = 3
    bench.unplug()
    bench.speaker.write(block(1))
    bench.there = True
    bench.speaker.write(block(2))  # too early to look
    bench.clock.advance(LOOK_S)
    bench.speaker.write(block(3))
    assert not bench.speaker.lost
    assert bench.speaker.is_clock_source
    np.testing.assert_array_equal(bench.devices[1].played, block(3))
    assert bench.speaker.underruns == 3
    bench.devices[1].underruns = 1
    assert bench.speaker.underruns == 4


def test_it_can_be_lost_again_and_again() -> None:
    bench = Bench()
    for number in range(5):
        bench.unplug()
        bench.speaker.write(block(number))
        assert bench.speaker.lost
        bench.there = True
        bench.clock.advance(LOOK_S)
        bench.speaker.write(block(number))
        assert not bench.speaker.lost
    assert len(bench.devices) == 6
