"""How long it takes from a face that changes in the frames to the music that changes.

The parts of the device are put together as the daemon does it: real senses on the scheduler's threads, the mood pooled
and directed as often as the daemon does, by a thread of its own, and the real audio process. A drawn face keeps one
expression until the mood has settled; then a frame shows another one. Timed is from that frame until the director's
target has left its old value, and until the audio process has rendered a block with a parameter that has.

Expressions are those that the network reads surely in the drawn face. To neutral no change is timed: a face without
expression says little about a mood, and so the mood stays for a while on purpose. The changes come at random moments
of the periods of senses and director.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice, pairwise
from typing import Final

from soundit_edge.bench.room import DrawnRoom, drawn_room
from soundit_edge.emotion import Emotion
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.target import NEUTRAL, STEP_S, MusicTarget
from soundit_edge.music.director.wording import TEMPO_WORD
from soundit_edge.music.player.player import Player
from soundit_edge.parameters import PARAMETERS

COURSES: Final = (
    (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SAD, Emotion.SURPRISED, Emotion.SAD),
    (Emotion.NEUTRAL, Emotion.SAD, Emotion.HAPPY, Emotion.SAD, Emotion.SURPRISED),
    (Emotion.NEUTRAL, Emotion.SURPRISED, Emotion.SAD, Emotion.HAPPY, Emotion.SAD),
)
"""What is shown one after the other in one room. Happy and surprised are neighbours in music, and never follow."""
SETTLE_S: Final = 3.5
"""Until the mood has turned to a face and its voice, and..."""
ARRIVE_S: Final = 0.3
"""...until what is heard does what was asked for."""
PATIENCE_S: Final = 4.0
"""A reaction that takes longer is taken to be this long."""
LEFT: Final = 0.1
"""A parameter that moved by this share of the smallest change that a reason mentions has left its old value."""
_ARRIVAL_S: Final = 60.0
_POLL_S: Final = 0.005


@dataclass(frozen=True, slots=True)
class Reaction:
    """Seconds from the first changed frame to the director's changed target, and to the changed sound."""

    target_s: float
    sound_s: float


def reactions(player: Player, repeats: int) -> Iterator[Reaction]:
    """Yield what was measured, for one change after the other.

    Args:
        player: plays already.
        repeats: the number of changes.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    phase, left = random.Random(0), repeats
    for course in cycle(COURSES):
        with drawn_room(*dict.fromkeys(course)) as room, _Direction(room, player) as direction:
            for shown, following in islice(pairwise(course), left):
                _show(room, shown, SETTLE_S)
                direction.arrive()
                _show(room, shown, ARRIVE_S + phase.uniform(0.0, 0.5))
                direction.begin()
                for _ in room.show(following, PATIENCE_S):
                    if direction.reaction is not None:
                        break
                yield direction.reaction or Reaction(PATIENCE_S, PATIENCE_S)
                left -= 1
        if left == 0:
            return


def _show(room: DrawnRoom, emotion: Emotion, seconds: float) -> None:
    for _ in room.show(emotion, seconds):
        pass


def has_left(before: MusicTarget, now: MusicTarget) -> bool:
    """Return whether a parameter is further from where it was than `LEFT` allows."""
    if abs(now.tempo - before.tempo) >= LEFT * TEMPO_WORD:
        return True
    return any(
        abs(row.distance(getattr(before, name), getattr(now, name))) >= LEFT * row.notable_distance
        for name, row in PARAMETERS.items()
    )


class _Direction:
    """Directs the music of a room, and notes when target and sound have left their old values."""

    def __init__(self, room: DrawnRoom, player: Player) -> None:
        self._room = room
        self._player = player
        self._director = Director()
        self._lock = threading.Lock()
        self._ahead_s = 0.0
        self._target = NEUTRAL
        self._watch: _Watch | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="director")

    def __enter__(self) -> _Direction:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopping.set()
        self._thread.join()

    def arrive(self) -> None:
        """Let the music arrive where it is going, as if a minute had passed."""
        with self._lock:
            self._ahead_s += _ARRIVAL_S

    def begin(self) -> None:
        """Begin to wait for a change."""
        with self._lock:
            self._watch = _Watch(time.monotonic(), self._target, self._player.statistics().in_force)

    @property
    def reaction(self) -> Reaction | None:
        """Return what was measured since `begin`; None as long as something has not changed yet."""
        with self._lock:
            return None if self._watch is None else self._watch.reaction

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopping.wait(_POLL_S):
            with self._lock:
                if time.monotonic() >= due:
                    mood = self._room.perception.mood()
                    self._target = self._director.step(replace(mood, t=mood.t + self._ahead_s)).target
                    self._player.set(self._target)
                    due = time.monotonic() + STEP_S
                if self._watch is not None:
                    self._watch.look(time.monotonic(), self._target, self._player.statistics().in_force)


@dataclass(slots=True)
class _Watch:
    """Waits until target and sound have left their old values; moments are in seconds."""

    began: float
    target: MusicTarget
    sound: MusicTarget
    target_left: float | None = None
    sound_left: float | None = None

    def look(self, now: float, target: MusicTarget, sound: MusicTarget) -> None:
        """Note what has left its old value."""
        if self.target_left is None and has_left(self.target, target):
            self.target_left = now
        if self.sound_left is None and has_left(self.sound, sound):
            self.sound_left = now

    @property
    def reaction(self) -> Reaction | None:
        """Return what was measured; None as long as something has not left yet."""
        if self.target_left is None or self.sound_left is None:
            return None
        return Reaction(self.target_left - self.began, self.sound_left - self.began)
