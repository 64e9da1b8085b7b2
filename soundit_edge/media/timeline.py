"""A steady clock for the packets of a container, whose own time stamps may reset, jump, wrap or be missing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

MAX_GAP_S: Final = 10.0
"""Largest gap in seconds: a clock that goes further ahead of all streams has jumped (FFmpeg's -dts_delta_threshold)."""
MAX_LAG_S: Final = 10.0
"""Seconds that one stream may be behind another in the order of the file."""
MAX_STEP_BACK_S: Final = 0.1
"""Seconds that a decoding time may go back because of a careless multiplexer; further back, the clock was reset."""
MAX_SPACING_S: Final = 1.0
"""Longest distance of two frames, in seconds, that counts as the length of a frame whose length is not stated."""
MAX_RETURN_S: Final = 1.0
"""A stream that comes this near, in seconds, to the present of an earlier clock has returned to that clock."""
MAX_CLOCKS: Final = 8
"""How many of the latest clocks are remembered."""
WRAP_S: Final = 2**33 / 90_000
"""Seconds after which the clocks of MPEG begin with 0 again, 26.5 hours (ISO/IEC 13818-1, 33 bits of 90 kHz)."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """A packet's place on the steady clock, in ticks of its time base.

    Attributes:
        dts: decoding time; it rises from packet to packet of a stream. None where only the presentation time is
            known: decoders and multiplexers work it out.
        pts: presentation time; None where the container does not state it.
    """

    dts: int | None
    pts: int | None


@dataclass(slots=True)
class _Track:
    """The state of one stream: its own clock, and its newest moment and the end of that packet on the steady clock."""

    clock: int
    newest_s: float | None = None
    exact: bool = True  # whether the newest moment is a decoding time
    lead_s: float = 0.0  # the longest time from the decoding of a frame to its presentation
    end_s: float | None = None
    spacing_s: float = 0.0
    last_dts: int | None = None
    left_s: dict[int, float] = field(default_factory=dict)  # `end_s` when the stream left each earlier clock


class Timeline:
    """Maps packets, in the order in which they are demultiplexed, to a clock that neither resets nor jumps.

    Where the decoding time of a stream goes back, or far ahead of all streams, another clock begins: its time stamps
    are shifted so that they follow those before. All streams share the shift, so picture and sound stay together; each
    stream takes it when its own time stamps change, because the streams of a file cross a joint one after the other. A
    gap in one stream alone stays a gap.
    """

    def __init__(self, start_s: float = 0.0, max_gap_s: float = MAX_GAP_S) -> None:
        """Begin a steady clock.

        Args:
            start_s: the container's own first moment, in seconds, which becomes 0.
            max_gap_s: seconds that all streams together may go ahead.
        """
        self._shifts_s = [-start_s]
        self._max_gap_s = max_gap_s
        self._tracks: dict[int, _Track] = {}
        self._end_s = 0.0

    @property
    def clocks(self) -> int:
        """Return how many clocks were found so far: 1 where the container's own clock is steady."""
        return len(self._shifts_s)

    def place(
        self,
        stream: int,
        time_base: Fraction,
        dts: int | None,
        pts: int | None,
        duration: int = 0,
        *,
        leads: bool = True,
    ) -> Stamps:
        """Return the place of a packet on the steady clock.

        Args:
            stream: the number of its stream.
            time_base: seconds per tick.
            dts: its decoding time in ticks, if it has one.
            pts: its presentation time in ticks, if it has one.
            duration: its length in ticks; 0 where that is unknown.
            leads: False for a stream with long pauses (subtitles), which follows the clock of the others.
        """
        track = self._tracks.get(stream)
        if track is None:
            track = self._tracks[stream] = _Track(min((t.clock for t in self._tracks.values()), default=0))
        ticks = float(time_base)
        given = dts if dts is not None else pts
        if given is None:  # the packet follows the one before
            now_s = track.end_s or 0.0
            stamps = Stamps(_rising(track, round(now_s / ticks)), None)
        else:
            exact = dts is not None
            self._choose_clock(track, given * ticks, exact=exact, leads=leads)
            shift = round(self._shifts_s[track.clock] / ticks)
            now_s = (given + shift) * ticks
            shown = None if pts is None else shift + _unwrapped(pts, given, ticks)
            if exact and shown is not None:
                shown += round(self._straddled(track, (shown - shift) * ticks, now_s) / ticks)
            stamps = Stamps(_rising(track, given + shift) if exact else None, shown)
        self._advance(track, now_s, duration * ticks, exact=stamps.dts is not None, leads=leads)
        return stamps

    def _choose_clock(self, track: _Track, given_s: float, *, exact: bool, leads: bool) -> None:
        clock = self._clock_of(track, given_s, exact=exact, leads=leads)
        if clock != track.clock and track.end_s is not None:
            track.left_s[track.clock] = track.end_s
            track.newest_s = None
        track.clock = clock

    def _clock_of(self, track: _Track, given_s: float, *, exact: bool, leads: bool) -> int:
        """Return the number of the clock to which a stream's time stamp belongs, perhaps a new one."""
        # A stream that has paused is compared with the place of the others.
        lagging_s = self._end_s - MAX_LAG_S
        due_s = self._end_s if track.end_s is None or not leads else max(track.end_s, lagging_s)

        def away(clock: int) -> float:
            return given_s + self._shifts_s[clock] - due_s

        newest = len(self._shifts_s) - 1
        later = range(max(track.clock + 1, newest - MAX_CLOCKS + 1), newest + 1)
        clock: int = min((track.clock, *later), key=lambda number: abs(away(number)))
        if not leads or self._fits(track, clock, due_s + away(clock), due_s, exact=exact):
            return clock
        for earlier in range(track.clock - 1, max(-1, newest - MAX_CLOCKS), -1):
            # Not before the stream had left that clock: a third part that begins with 0 does not belong to the first.
            left_s = track.left_s.get(earlier, math.inf)
            if abs(away(earlier)) <= MAX_RETURN_S and due_s + away(earlier) >= left_s - MAX_STEP_BACK_S:
                return earlier
        self._shifts_s.append(self._end_s - given_s)
        return newest + 1

    def _straddled(self, track: _Track, pts_s: float, now_s: float) -> float:
        """Return by how many seconds more a presentation time is to be shifted than the decoding time of its packet.

        Where decoding times are worked out from presentation times (Matroska), reordered frames are decoded before a
        jump and shown after it.
        """
        own_s = self._shifts_s[track.clock]
        lead_s = pts_s + own_s - now_s
        if lead_s <= self._max_gap_s:
            track.lead_s = max(track.lead_s, lead_s)
            return 0.0
        due_s = now_s + track.lead_s
        newest = len(self._shifts_s) - 1
        for clock in range(newest, max(track.clock, newest - MAX_CLOCKS), -1):
            if abs(pts_s + self._shifts_s[clock] - due_s) <= MAX_RETURN_S:
                return self._shifts_s[clock] - own_s
        self._shifts_s.append(due_s - pts_s)
        return self._shifts_s[-1] - own_s

    def _fits(self, track: _Track, clock: int, moment_s: float, due_s: float, *, exact: bool) -> bool:
        """Return whether a stream can reach this moment without a reset or a jump."""
        if track.newest_s is None:
            earliest_s = -MAX_LAG_S
        elif clock == track.clock:
            # Presentation times go back where frames are reordered, without a reset.
            earliest_s = track.newest_s - (MAX_STEP_BACK_S if exact and track.exact else self._max_gap_s)
        else:
            earliest_s = due_s - MAX_LAG_S
        return earliest_s <= moment_s <= max(due_s, self._end_s) + self._max_gap_s

    def _advance(self, track: _Track, now_s: float, duration_s: float, *, exact: bool, leads: bool) -> None:
        newest_s = track.newest_s
        if newest_s is not None and 0 < now_s - newest_s <= MAX_SPACING_S:
            track.spacing_s = now_s - newest_s
        track.newest_s = now_s if newest_s is None or exact > track.exact else max(now_s, newest_s)
        track.exact = exact
        track.end_s = now_s + min(duration_s or track.spacing_s, self._max_gap_s)
        if leads:
            self._end_s = max(self._end_s, track.end_s)


def _rising(track: _Track, dts: int) -> int:
    """Return the decoding time, raised where needed to come after the one before."""
    track.last_dts = dts if track.last_dts is None else max(dts, track.last_dts + 1)
    return track.last_dts


def _unwrapped(pts: int, dts: int, ticks: float) -> int:
    """Return a presentation time on the same side of a wrapped clock as the decoding time."""
    wrap = round(WRAP_S / ticks)
    turns = round((pts - dts) / wrap) if abs(pts - dts) * ticks > WRAP_S / 2 else 0
    return pts - turns * wrap
