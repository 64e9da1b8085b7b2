"""The virtual half of soak.py: senses with a bad accelerator, fusion and director, under a simulated clock."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from soundit_edge.emotion import EMOTIONS, Reading, one_hot
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import STEP_S
from soundit_edge.perception.fusion import Fusion
from soundit_edge.perception.mood_settings import MoodSettings
from tests.inference.accelerator import Accelerator, Fault
from tests.inference.simulator import Simulator
from tests.inference.test_faults import ACCELERATED, accelerated
from tests.inference.test_schedule import COSTS


def random_faults(seconds: float, seed: int) -> list[Fault]:
    """A fault of up to 20 s every half a minute or so."""
    random = np.random.default_rng(seed)
    faults, t = [], 0.0
    while (t := t + random.uniform(5.0, 60.0)) < seconds:
        faults.append(Fault(random.choice(["hang", "slow", "wrong shape", "lost"]), t, t + random.uniform(0.1, 20.0)))
    return faults


def run_virtual(seconds: float, seed: int) -> dict[str, Any]:
    """Simulate the device for so many seconds; returns what became of its calls and readings."""
    faults = random_faults(seconds, seed)
    accelerator = Accelerator(ACCELERATED, faults)
    overload = np.random.default_rng(seed).uniform(0, seconds, 20)

    def cost(name: str, now: float) -> float:
        if name in ACCELERATED:
            return accelerator(name, now)
        return COSTS[name] * (20 if np.any((now >= overload) & (now < overload + 10)) else 1)

    simulator = Simulator(accelerated(), cost, accelerators=1)
    simulator.run(seconds)
    calls = sorted((call for call in simulator.calls if not call.failed), key=lambda call: call.ended)
    fusion, director = Fusion(), Director(2.0, Policy.FOLLOW, PRESETS["musical"], {}, {})
    oldest, turn = 0.0, iter(calls)
    call = next(turn, None)
    for step in range(round(seconds / STEP_S)):
        now = step * STEP_S
        while call is not None and call.ended <= now:
            emotion = EMOTIONS[int(call.value / 20) % len(EMOTIONS)]
            fusion.add(Reading(call.job, call.value, one_hot(emotion, 0.8), 0.8))
            call = next(turn, None)
        mood = fusion.at(now)
        director.step(mood)
        oldest = max([oldest, *(now - reading.t for reading in mood.senses.values())])
    usual = MoodSettings()
    boxes = [job.mailbox.statistics() for job in simulator.jobs.values()]
    return {
        "seconds": seconds,
        "faults": len(faults),
        "calls": len(simulator.calls),
        "failed": sum(call.failed for call in simulator.calls),
        "conserved": all(b.offered == b.taken + b.dropped + b.waiting for b in boxes),
        "oldest_s": oldest,
        "allowed_s": usual.memory + usual.fading * math.log(2) + STEP_S,
    }
