"""Wakes at each beat as it is heard, and at no other time but to look again where the beat is."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from soundit_edge.control.pulse import Pulse

LOOK_S: Final = 0.08
"""How often is looked whether the music goes on; see `heard.SOON`."""
LAST_LOOK_S: Final = 0.04
"""In so short a time no tempo changes by enough to move the beat by a millisecond."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat that is heard now.

    Attributes:
        bar: number of its bar, from 0; a pick-up is below 0.
        beat: its number in the bar, from 0.
        phase: share of it that is over, 0 to 1: 0 unless we are late.
        bpm: beats per minute.
        beats: beats in a bar.
    """

    bar: int
    beat: int
    phase: float
    bpm: float
    beats: int


async def beats(
    pulse: Callable[[], Pulse],
    now: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
    ahead_s: float = 0.0,
) -> AsyncIterator[Beat]:
    """Give each beat when it is heard; while the music stands still, none.

    Args:
        pulse: gives where the music is now.
        now: gives the seconds that the pulse counts in.
        sleep: waits for seconds.
        ahead_s: seconds by which beats are given before they are heard; below 0 after.
    """
    given, given_at = 0, -math.inf
    while True:
        place = pulse().as_of(now() + ahead_s)
        due = place.next_beat_at
        if due is None:
            await sleep(LOOK_S)
            continue
        left, beat_s = due - place.at, place.bar_s / place.beats
        if left > LAST_LOOK_S:
            await sleep(left / 2)  # it comes sooner where the tempo goes up meanwhile
            continue
        number = round(place.as_of(due).bars * place.beats)
        if number == given and now() - given_at < beat_s / 2:
            await sleep(LAST_LOOK_S)  # it was given: where it is may be corrected by a hair just after that
            continue
        await sleep(left)
        late = now() + ahead_s - due
        given, given_at = number, now()
        bar, beat = divmod(number, place.beats)
        yield Beat(bar, beat, min(1.0, max(0.0, late / beat_s)), 60.0 / beat_s, place.beats)
