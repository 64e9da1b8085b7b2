"""A track in shared memory, and its way to another process."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.audio.format import RATE, Samples
from soundit_edge.music.player import fd_channel, shared_track
from soundit_edge.music.track import Track
from tests.music.signals import sine

Places = npt.NDArray[np.int64]


@pytest.mark.parametrize("kind", [np.float32, np.int16])
@pytest.mark.parametrize("onsets", [None, np.array([3, 500, 40_000])])
@pytest.mark.parametrize("lines", [None, np.array([77, 20_000, 47_000])])
def test_a_track_is_kept_as_it_is(kind: type, onsets: Places | None, lines: Places | None) -> None:
    samples: Samples = (sine(440.0, 1.0) * (20_000 if kind is np.int16 else 1)).astype(kind)
    music = Track(samples, 111.0, 3, "x", onsets, first_bar=77, bar_lines=lines)
    descriptor = shared_track.export(music)
    kept = shared_track.attach(descriptor, "another title")
    os.close(descriptor)
    assert kept.samples.dtype == kind
    np.testing.assert_array_equal(kept.samples, samples)
    assert kept.onsets is not None
    np.testing.assert_array_equal(kept.onsets, [] if onsets is None else onsets)
    if lines is None:
        assert kept.bar_lines is None
    else:
        assert kept.bar_lines is not None
        np.testing.assert_array_equal(kept.bar_lines, lines)
    assert replace(kept, title="x") != kept
    assert (kept.bpm, kept.beats_per_bar, kept.first_bar, kept.title) == (111.0, 3, 77, "another title")


def test_it_is_shared_and_cannot_be_written_to() -> None:
    descriptor = shared_track.export(Track(sine(440.0, 1.0), 120.0))
    one, other = (shared_track.attach(descriptor, "x") for _ in range(2))
    os.close(descriptor)
    assert not one.samples.flags.writeable
    assert not one.samples.flags.owndata
    np.testing.assert_array_equal(one.samples, other.samples)


def test_where_there_is_no_memory_nothing_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError("no memory")

    before = os.listdir("/proc/self/fd")
    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="no memory"):
        shared_track.export(Track(sine(440.0, 0.1), 120.0))
    assert os.listdir("/proc/self/fd") == before


def test_a_message_arrives_with_its_file() -> None:
    here, there = fd_channel.pair()
    descriptor = shared_track.export(Track(sine(440.0, 1.0), 120.0))
    assert fd_channel.receive(there) is None
    fd_channel.send(here, (3, "Türkçe"), descriptor)
    fd_channel.send(here, "and a word")
    os.close(descriptor)
    taken = fd_channel.receive(there)
    assert taken is not None
    message, received = taken
    assert message == (3, "Türkçe")
    assert received is not None
    assert len(shared_track.attach(received, "").samples) == RATE
    os.close(received)
    assert fd_channel.receive(there) == ("and a word", None)
    assert fd_channel.receive(there) is None
    here.close()
    with pytest.raises(EOFError):
        fd_channel.receive(there)
    with pytest.raises(OSError, match=r"Broken pipe|not connected|reset"):
        fd_channel.send(there, "too late")
    there.close()
