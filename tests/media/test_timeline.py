"""A steady clock from stamps of every kind: each fault of real recordings, and properties that hold for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.media.timeline import MAX_GAP_S, WRAP_S, Stamps, Timeline

MPEG = Fraction(1, 90_000)
PICTURE, SOUND, WORDS = 0, 1, 2
FRAME, BLOCK = 3_600, 1_920  # ticks: 25 frames a second, sound in blocks of 21.3 ms
REORDERED = (2, 5, 2, 1)  # how many frames each packet is shown after it is decoded, as with two B-frames


@dataclass(frozen=True)
class Packet:
    stream: int
    dts: int | None
    pts: int | None
    duration: int = 0
    part: int = 0


def part(seconds: float, first_s: float, *, number: int = 0, sound_late_s: float = 0.06) -> list[Packet]:
    """A recording of its own: pictures that are reordered, and sound, in order of decoding."""
    first = round(first_s / MPEG)
    pictures = [
        Packet(PICTURE, first + i * FRAME, first + (i + REORDERED[i % 4]) * FRAME, FRAME, number)
        for i in range(round(seconds / MPEG / FRAME))
    ]
    late = first + round(sound_late_s / MPEG)
    count = round((seconds - sound_late_s) / MPEG / BLOCK)
    sounds = [Packet(SOUND, late + i * BLOCK, late + i * BLOCK, BLOCK, number) for i in range(count)]
    return sorted(pictures + sounds, key=lambda packet: packet.dts or 0)


def placed(packets: list[Packet], start_s: float = 0.0) -> tuple[Timeline, list[tuple[Packet, Stamps]]]:
    timeline = Timeline(start_s)
    return timeline, [(p, timeline.place(p.stream, MPEG, p.dts, p.pts, p.duration)) for p in packets]


def moments(rows: list[tuple[Packet, Stamps]], stream: int) -> list[float]:
    return [float(s.dts * MPEG) for packet, s in rows if packet.stream == stream and s.dts is not None]


def steps(values: list[float]) -> Iterator[float]:
    return (after - before for before, after in pairwise(values))


def together(rows: list[tuple[Packet, Stamps]], number: int) -> set[int]:
    """By how much each packet of a part was moved: one value where picture and sound stayed together."""
    moved = set()
    for packet, stamps in rows:
        if packet.part == number and packet.dts is not None and stamps.dts is not None:
            moved.add(stamps.dts - packet.dts)
    return moved


def test_a_clock_that_is_steady_is_only_moved_to_0() -> None:
    timeline, rows = placed(part(20, 7200), 7200)
    assert timeline.clocks == 1
    for packet, stamps in rows:
        assert packet.dts is not None
        assert packet.pts is not None
        shift = round(7200 / MPEG)
        assert (stamps.dts, stamps.pts) == (packet.dts - shift, packet.pts - shift)


def test_a_clock_that_begins_below_0() -> None:
    _, rows = placed(part(5, -3), -3)
    assert rows[0][1] == Stamps(0, 2 * FRAME)


def test_a_clock_that_is_reset_goes_on() -> None:
    timeline, rows = placed(part(5, 0) + part(5, 0, number=1))
    assert timeline.clocks == 2
    pictures, sounds = moments(rows, PICTURE), moments(rows, SOUND)
    assert min(steps(pictures)) == pytest.approx(0.04)
    assert max(steps(pictures)) < 0.2
    assert max(steps(sounds)) < 0.2
    assert pictures[-1] == pytest.approx(9.96, abs=0.1)
    assert len(together(rows, 1)) == 1


def test_a_jump_by_an_hour_is_none() -> None:
    timeline, rows = placed(part(5, 0) + part(5, 3600, number=1))
    assert timeline.clocks == 2
    assert max(steps(moments(rows, PICTURE))) < 0.2
    assert moments(rows, PICTURE)[-1] == pytest.approx(9.96, abs=0.1)
    assert len(together(rows, 1)) == 1


@pytest.mark.parametrize("first_s", [0.0, 4000.0])
def test_sound_that_comes_late_across_a_joint_stays_on_its_own_clock(first_s: float) -> None:
    """Multiplexers write sound some tenths of a second after its picture: the joint comes one stream after another."""
    one, two = part(5, 0), part(5, first_s, number=1)
    late = [p for p in one if p.stream == SOUND][-30:]
    early = [p for p in two if p.stream == PICTURE][:16]
    crossed = [p for p in one if p not in late]
    for picture, sound in zip(early, late[:16], strict=True):
        crossed += [picture, sound]
    crossed += late[16:] + [p for p in two if p not in early]
    timeline, rows = placed(crossed)
    assert timeline.clocks == 2
    assert together(rows, 0) == {0}
    assert len(together([row for row in rows if row[0].stream == PICTURE], 1)) == 1
    assert moments(rows, SOUND)[-1] == pytest.approx(moments(rows, PICTURE)[-1], abs=0.1)


def test_a_gap_in_one_stream_alone_stays_a_gap() -> None:
    packets = [p for p in part(100, 0) if p.stream == PICTURE or not 10 < (p.dts or 0) * MPEG < 90]
    timeline, rows = placed(packets)
    assert timeline.clocks == 1
    assert max(steps(moments(rows, SOUND))) == pytest.approx(80, abs=0.1)


def test_a_short_gap_of_all_streams_stays_a_gap() -> None:
    timeline, rows = placed(part(5, 0) + part(5, 12, number=1))
    assert timeline.clocks == 1
    assert max(steps(moments(rows, PICTURE))) == pytest.approx(7, abs=0.1)


def test_a_container_that_counts_from_its_beginning_may_be_given_longer_gaps() -> None:
    timeline = Timeline(max_gap_s=600.0)
    stamps = [timeline.place(PICTURE, MPEG, dts, dts) for dts in (0, 300 * 90_000)]
    assert (timeline.clocks, stamps[-1].dts) == (1, 300 * 90_000)


def test_sound_that_begins_an_hour_late() -> None:
    late = round(3600 / MPEG)
    packets = [Packet(PICTURE, i * 90_000, i * 90_000, 90_000) for i in range(3650)]
    packets += [Packet(SOUND, late + i * BLOCK, late + i * BLOCK, BLOCK) for i in range(100)]
    timeline, rows = placed(sorted(packets, key=lambda packet: packet.dts or 0))
    assert timeline.clocks == 1
    assert moments(rows, SOUND)[0] == 3600


def test_sound_that_is_stored_behind_all_pictures() -> None:
    packets = part(60, 0)
    timeline, rows = placed(sorted(packets, key=lambda packet: packet.stream))
    assert timeline.clocks == 1
    assert together(rows, 0) == {0}


def test_a_single_wrong_stamp_moves_nothing_after_it() -> None:
    packets = part(10, 0)
    wrong = packets[100]
    assert wrong.dts is not None
    packets[100] = Packet(wrong.stream, wrong.dts + 10**9, wrong.dts + 10**9, wrong.duration, 1)
    _, rows = placed(packets)
    assert together(rows[101:], 0) == {0}
    assert max(steps(moments(rows, PICTURE))) < 0.2


def test_the_clocks_of_mpeg_wrap() -> None:
    wrap = round(WRAP_S / MPEG)
    packets = [Packet(p.stream, (p.dts or 0) % wrap, (p.pts or 0) % wrap, p.duration) for p in part(10, WRAP_S - 5.02)]
    timeline, rows = placed(packets, WRAP_S - 5.02)
    assert timeline.clocks == 2
    assert max(steps(moments(rows, PICTURE))) < 0.2
    assert min(steps(moments(rows, PICTURE))) > 0.03
    leads = [float(((s.pts or 0) - (s.dts or 0)) * MPEG) for p, s in rows if p.stream == PICTURE]
    assert min(leads) == pytest.approx(0.04)
    assert max(leads) == pytest.approx(0.2)


def test_stamps_that_are_missing() -> None:
    """Of MPEG-PS only some packets are stamped, of AVI none says when it is shown."""
    timeline = Timeline(1.0)
    stamps = [timeline.place(PICTURE, Fraction(1, 25), dts, None, 1) for dts in (25, None, None, 28)]
    assert stamps == [Stamps(0, None), Stamps(1, None), Stamps(2, None), Stamps(3, None)]


def test_packets_that_say_only_when_they_are_shown() -> None:
    packets = [Packet(PICTURE, None, p.pts, FRAME) for p in part(10, 0) if p.stream == PICTURE]
    timeline, rows = placed(packets)
    assert timeline.clocks == 1
    assert [stamps for _, stamps in rows] == [Stamps(None, p.pts) for p in packets]


def test_decoding_times_that_begin_only_after_some_packets() -> None:
    """So FFmpeg reads B-frames in Matroska, which stores presentation times alone."""
    timeline = Timeline()
    given = [(None, 0), (None, 160), (0, 80), (40, 40), (80, 120), (120, 320)]
    stamps = [timeline.place(PICTURE, Fraction(1, 1000), dts, pts, 40) for dts, pts in given]
    assert stamps == [Stamps(dts, pts) for dts, pts in given]
    assert timeline.clocks == 1


def test_frames_that_are_reordered_across_a_jump() -> None:
    """As FFmpeg works out decoding times in Matroska: some pictures from behind the jump are decoded before it."""
    timeline, hour = Timeline(max_gap_s=600.0), 3_600_000
    given = [(0, 40), (40, 240), (80, 160), (120, 120), (160, hour + 320), (200, hour + 240), (hour + 240, hour + 280)]
    stamps = [timeline.place(PICTURE, Fraction(1, 1000), dts, pts, 40) for dts, pts in given]
    assert [s.pts for s in stamps] == [40, 240, 160, 120, 360, 280, 320]
    assert [s.dts for s in stamps] == [0, 40, 80, 120, 160, 200, 280]


def test_two_packets_with_one_stamp_go_after_each_other() -> None:
    timeline = Timeline()
    assert [timeline.place(0, MPEG, dts, dts).dts for dts in (0, 0, 1, 900)] == [0, 1, 2, 900]


def test_subtitles_follow_the_clock_of_the_film() -> None:
    timeline = Timeline()
    seen = []
    for number in (0, 1):
        for packet in part(20, 0, number=number):
            timeline.place(packet.stream, MPEG, packet.dts, packet.pts, packet.duration)
            if packet.stream == PICTURE and packet.dts == 15 * 90_000:
                seen.append(timeline.place(WORDS, MPEG, packet.dts, packet.dts, 90_000, leads=False))
    assert [float((stamps.dts or 0) * MPEG) for stamps in seen] == pytest.approx([15, 35], abs=0.1)
    assert timeline.clocks == 2


def test_a_first_moment_that_the_container_states_wrongly() -> None:
    _, rows = placed(part(5, 3600), 0.0)
    assert moments(rows, PICTURE)[0] == 0


parts = st.lists(
    st.tuples(st.floats(2, 8), st.sampled_from([0.0, 0.5, 90.0, 3600.0, 90_000.0]), st.floats(0, 0.4)),
    min_size=1,
    max_size=5,
)


@given(parts)
@settings(max_examples=60, deadline=None)
def test_joined_parts_follow_each_other(described: list[tuple[float, float, float]]) -> None:
    packets: list[Packet] = []
    for number, (seconds, first_s, late_s) in enumerate(described):
        packets += part(seconds, first_s, number=number, sound_late_s=late_s)
    _, rows = placed(packets, described[0][1])
    total = sum(seconds for seconds, _, _ in described)
    for stream in (PICTURE, SOUND):
        values = moments(rows, stream)
        assert min(steps(values)) > 0
        assert max(steps(values)) < 1.0
        assert values[-1] == pytest.approx(total, abs=0.5 * len(described))
    for number in range(len(described)):
        moved = together(rows, number)
        assert max(moved) - min(moved) <= 0.5 / MPEG, "picture and sound stay together"


ticks = st.one_of(st.none(), st.integers(-(2**40), 2**40))


@given(st.lists(st.tuples(st.integers(0, 2), ticks, ticks, st.integers(0, 2**33)), max_size=60))
@settings(max_examples=200, deadline=None)
def test_whatever_the_stamps_are_decoding_times_rise_and_no_gap_is_long(
    packets: list[tuple[int, int | None, int | None, int]],
) -> None:
    timeline = Timeline()
    last: dict[int, int] = {}
    latest = 0.0
    for stream, dts, pts, duration in packets:
        stamps = timeline.place(stream, MPEG, dts, pts, duration)
        assert (stamps.pts is None) == (pts is None)
        moment = stamps.dts if stamps.dts is not None else stamps.pts
        assert moment is not None
        assert moment * MPEG <= latest + 2 * MAX_GAP_S + 1
        latest = max(latest, float(moment * MPEG))
        if stamps.dts is None:
            assert dts is None
        else:
            assert stamps.dts > last.get(stream, stamps.dts - 1)
            last[stream] = stamps.dts
