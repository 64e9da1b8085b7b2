"""Turns of several cameras at one sense."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.capture.capture import Frame
from soundit_edge.mailbox import Mailbox
from soundit_edge.perception.turns import CameraTurns

PICTURE = np.zeros((1, 1, 3), np.uint8)


class Reader:
    """A sense that reads when it is told to."""

    def __init__(self) -> None:
        self.mailbox = Mailbox[Frame]()
        self.turns = CameraTurns(self.mailbox)

    def read(self) -> tuple[int, float] | None:
        if (frame := self.mailbox.take()) is None:
            return None
        self.turns.took(frame)
        return frame.camera, frame.t

    def offer(self, camera: int, t: float) -> None:
        self.turns.offer(Frame(t, PICTURE, camera))


def test_a_camera_whose_frames_come_first_has_its_turn() -> None:
    """Without turns the second camera's frame always takes the first one's place."""
    reader, read = Reader(), []
    for t in range(20):
        reader.offer(0, t)
        reader.offer(1, t + 0.01)
        read.append(reader.read())
    assert [one[0] for one in read if one] == [0, 1] * 10


def test_of_one_camera_the_newest_frame_counts() -> None:
    reader = Reader()
    reader.offer(0, 1.0)
    reader.offer(1, 1.1)
    reader.offer(0, 2.0)
    assert reader.read() == (0, 2.0)


def test_a_camera_that_went_away_holds_nobody_up() -> None:
    reader = Reader()
    reader.offer(0, 1.0)
    reader.offer(1, 1.1)
    assert [reader.read(), reader.read()] == [(0, 1.0), None]
    reader.offer(1, 2.0)
    reader.mailbox.discard()  # as the scheduler does with what has become stale
    reader.offer(0, 3.0)
    assert reader.read() == (0, 3.0)


@given(st.lists(st.integers(0, 3), max_size=60))
def test_no_camera_that_gives_frames_is_left_out(order: list[int]) -> None:
    """In any order of three cameras and of reading (3), who has been offered is read within three readings."""
    reader, waiting = Reader(), dict.fromkeys(range(3), 0)
    for step, camera in enumerate(order):
        for other in range(3):
            reader.offer((other + camera) % 3, float(step))
        read = reader.read()
        assert read is not None
        waiting = {k: 0 if k == read[0] else count + 1 for k, count in waiting.items()}
        assert max(waiting.values()) <= 2
