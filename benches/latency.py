"""How long it takes from a face that changes in the frames to the music's parameters changing.

The parts of the device in one process as the daemon puts them together: real senses on the real scheduler's threads,
the mood pooled and directed ten times a second, and the real audio process. The drawn face is neutral until the mood
has settled; then one frame smiles. Timed is from that frame until the audio process reports a parameter
that has left its old value.
"""

from __future__ import annotations

import threading
import time

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.clock import WallClock
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.player.player import Player
from soundit_edge.perception.live import LivePerception
from soundit_edge.senses.registry import assemble
from soundit_edge.settings import SensesSettings

FPS = 25
SETTLE_S = 8.0
LEFT = 0.002
"""A tempo that moved by this ratio has left its old value: a tenth of what a listener could notice."""


def reaction_times(repeats: int = 5) -> list[float]:
    """Seconds from the first changed frame to the changed music, once for each repeat."""
    player = Player("off")
    player.start()
    try:
        player.ready()
        return [_one(player) for _ in range(repeats)]
    finally:
        player.stop()


def _one(player: Player) -> float:
    now = WallClock().now
    scheduler = Scheduler(now, {"cpu": 2})
    room = LivePerception(assemble(SensesSettings(voice=False), ModelSet(default_folder())), scheduler, now)
    workers = [threading.Thread(target=scheduler.work, daemon=True) for _ in range(2)]
    for worker in workers:
        worker.start()
    director = Director()

    def show(emotion: Emotion, left: MusicTarget | None = None) -> None:
        """Show a face for `SETTLE_S`, or until the music has left a target."""
        begin = now()
        for number in range(int(SETTLE_S * FPS)):
            time.sleep(max(0.0, begin + number / FPS - now()))
            room.perceive(Frame(now(), draw(POSES[emotion], 1.0)))
            if number % 2 == 0:
                player.set(director.step(room.mood()).target)
            if left is not None and abs(player.statistics().in_force.tempo - left.tempo) > LEFT:
                return

    try:
        show(Emotion.NEUTRAL)
        settled, changed = player.statistics().in_force, now()
        show(Emotion.HAPPY, settled)
        return now() - changed
    finally:
        scheduler.stop()
        for worker in workers:
            worker.join()
