"""What the whole chain takes: all senses at their rates, while music plays in its own process."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from typing import Final

from soundit_edge.bench.room import drawn_room
from soundit_edge.emotion import Emotion
from soundit_edge.music.player.player import Player

WARM_UP_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class ChainCost:
    """What the chain took and did.

    Attributes:
        cpu_cores: processor time of the senses in a second, 1 is one core.
        readings_per_s: readings a second of each sense.
        rss_mb: memory of this process, the most so far, in MB.
        blocks: of sound that were played meanwhile.
        late: how many of them took longer to render than they last.
        underruns: how often the speaker's buffer ran dry.
    """

    cpu_cores: float
    readings_per_s: dict[str, float]
    rss_mb: float
    blocks: int
    late: int
    underruns: int


def measure_chain(player: Player, seconds: float) -> ChainCost:
    """Let all senses watch and listen for some seconds.

    Args:
        player: plays already.
        seconds: for how long, after `WARM_UP_S`.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    with drawn_room(Emotion.HAPPY) as room:
        for _ in room.show(Emotion.HAPPY, WARM_UP_S):
            pass
        before = {name: s.readings for name, s in room.perception.statistics().items()}
        played, cpu, begin = player.statistics(), time.process_time(), time.monotonic()
        for _ in room.show(Emotion.HAPPY, seconds):
            pass
        passed = time.monotonic() - begin
        used, now = time.process_time() - cpu, player.statistics()
        after = {name: s.readings for name, s in room.perception.statistics().items()}
    return ChainCost(
        cpu_cores=used / passed,
        readings_per_s={name: (after[name] - before[name]) / passed for name in after},
        rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        blocks=now.blocks - played.blocks,
        late=now.late - played.late,
        underruns=now.underruns - played.underruns,
    )
