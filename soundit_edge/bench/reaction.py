"""How long it takes from a face that changes in the frames to the music that changes.

The parts of the device are put together as the daemon does it: real senses on the scheduler's threads, the mood pooled
and directed as often as the daemon does, and the real audio process. The drawn face is neutral until the mood has
settled; then one frame smiles. Timed is from that frame until the audio process has rendered a block with a parameter
that has left its old value.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from soundit_edge.bench.room import DrawnRoom, drawn_room
from soundit_edge.emotion import Emotion
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.player.player import Player

SETTLE_S: Final = 4.0
PATIENCE_S: Final = 8.0
"""A reaction that takes longer is taken to be this long."""
LEFT: Final = 0.002
"""A tempo that moved by this ratio has left its old value: a tenth of what a listener could notice."""


def reaction_times(player: Player, repeats: int) -> Iterator[float]:
    """Yield the seconds from the first changed frame to the changed music, once for each repeat.

    Args:
        player: plays already.
        repeats: how often.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    for _ in range(repeats):
        with drawn_room(Emotion.NEUTRAL, Emotion.HAPPY) as room:
            yield _one(room, player)


def _one(room: DrawnRoom, player: Player) -> float:
    director = Director()

    def direct(emotion: Emotion, seconds: float, left: MusicTarget | None = None) -> None:
        """Show a face and direct the music meanwhile, until it has left a target."""
        for number in room.show(emotion, seconds):
            if number % 2 == 0:
                player.set(director.step(room.perception.mood()).target)
            if left is not None and abs(player.statistics().in_force.tempo - left.tempo) > LEFT:
                return

    direct(Emotion.NEUTRAL, SETTLE_S)
    settled, changed = player.statistics().in_force, time.monotonic()
    direct(Emotion.HAPPY, PATIENCE_S, settled)
    return time.monotonic() - changed
