"""A steady clock that begins with 0 for the time stamps of a container, which may reset, jump, wrap or be missing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

MAX_GAP_S: Final = 10.0
"""A clock that goes further ahead than this, of all streams, has jumped; as FFmpeg's -dts_delta_threshold has it."""
MAX_LAG_S: Final = 10.0
"""How far one stream of a file may be behind another in the order of the file."""
MAX_STEP_BACK_S: Final = 0.1
"""A stream whose decoding time goes further back has been reset; less is a careless multiplexer."""
MAX_SPACING_S: Final = 1.0
"""The longest frame that is taken to last as long as the one before, where nothing says how long it does."""
MAX_RETURN_S: Final = 1.0
"""A stream that comes this near to where an earlier clock would be by now has returned to that clock."""
MAX_CLOCKS: Final = 8
"""So many of the clocks met last are remembered."""
WRAP_S: Final = 2**33 / 90_000
"""The clocks of MPEG begin with 0 again after 26.5 hours (ISO/IEC 13818-1, 33 bits of 90 kHz)."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """A packet's place on the steady clock, in ticks of its time base.

    Attributes:
        dts: when it is decoded; of one stream's packets each is greater than the one before. None where only the
            other is known: decoders and multiplexers work it out.
        pts: when it is shown; None where the container does not say so.
    """

    dts: int | None
    pts: int | None


@dataclass(slots=True)
class _Track:
    """One stream: the clock that it is on, its newest moment and the end of that packet, on the steady clock."""

    clock: int
    newest_s: float | None = None
    exact: bool = True  # whether the newest moment is a decoding time
    lead_s: float = 0.0  # how long before it is shown a frame is decoded at most
    end_s: float | None = None
    spacing_s: float = 0.0
    last_dts: int | None = None
    left_s: dict[int, float] = field(default_factory=dict)  # its end when it left an earlier clock


class Timeline:
    """Maps packets, in the order in which they are demultiplexed, to a clock that neither resets nor jumps.

    Where the decoding time of a stream goes back, or far ahead of all streams, another clock begins: its stamps are
    moved so that they follow what has come so far. All streams share that shift, so picture and sound stay together;
    each takes it when its own stamps change, for the streams of a file cross a joint one after the other. A gap in one
    stream alone stays a gap.
    """

    def __init__(self, start_s: float = 0.0, max_gap_s: float = MAX_GAP_S) -> None:
        """Args:
        start_s: the container's own first moment, which becomes 0.
        max_gap_s: seconds that all streams together may go ahead.
        """
        self._shifts_s = [-start_s]
        self._max_gap_s = max_gap_s
        self._tracks: dict[int, _Track] = {}
        self._end_s = 0.0

    @property
    def clocks(self) -> int:
        """How many clocks were met so far: 1 where the container's own is steady."""
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
        """Return where a packet belongs.

        Args:
            stream: the number of its stream.
            time_base: seconds a tick.
            dts: its decoding time in ticks, if it has one.
            pts: its presentation time in ticks, if it has one.
            duration: ticks; 0 where unknown.
            leads: False for a stream with long pauses (subtitles), which follows the clock of the others.
        """
        track = self._tracks.get(stream)
        if track is None:
            track = self._tracks[stream] = _Track(min((t.clock for t in self._tracks.values()), default=0))
        ticks = float(time_base)
        given = dts if dts is not None else pts
        if given is None:  # it comes after the one before
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
        """Return the number of the clock on which a stream's moment was stamped, perhaps a new one."""
        # A stream that has paused is compared with where the others are.
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
            # Not before it had left that clock: a third part that begins with 0 is none of the first's.
            left_s = track.left_s.get(earlier, math.inf)
            if abs(away(earlier)) <= MAX_RETURN_S and due_s + away(earlier) >= left_s - MAX_STEP_BACK_S:
                return earlier
        self._shifts_s.append(self._end_s - given_s)
        return newest + 1

    def _straddled(self, track: _Track, pts_s: float, now_s: float) -> float:
        """Return by how much a presentation time is to be moved further than the decoding time of its packet.

        Where decoding times are worked out from presentation times (Matroska), reordered frames are already shown
        behind a jump while they are decoded before it.
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
        """Return whether a stream may come to this moment without a reset or a jump."""
        if track.newest_s is None:
            earliest_s = -MAX_LAG_S
        elif clock == track.clock:
            # Presentation times go back by themselves where frames are reordered.
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
    """Return a decoding time that comes after the one before."""
    track.last_dts = dts if track.last_dts is None else max(dts, track.last_dts + 1)
    return track.last_dts


def _unwrapped(pts: int, dts: int, ticks: float) -> int:
    """Return a presentation time on the same side of a wrapped clock as the decoding time."""
    wrap = round(WRAP_S / ticks)
    turns = round((pts - dts) / wrap) if abs(pts - dts) * ticks > WRAP_S / 2 else 0
    return pts - turns * wrap
