"""`soundit learn gestures`, as a program, on four gestures of a drawn person: five takes of each are enough."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.capture.media import film
from tests.fakes.person import person
from tests.waiting import HANG_S

Drawn = npt.NDArray[np.uint8]
Gesture = Callable[[float, int], Drawn]
"""Draws a moment by how far the arm is on its way, -1 to 1, and where the person stands."""

GESTURES: dict[str, Gesture] = {
    "cheer": lambda way, x: person(left_arm=2.6 + 0.2 * way, right_arm=2.6 + 0.2 * way, x=x),
    "point": lambda way, x: person(right_arm=1.55 + 0.06 * way, bend=0.0, x=x),
    "swing": lambda way, x: person(left_arm=0.4 + 0.4 * way, right_arm=0.4 - 0.25 * way, x=x),
    "wave": lambda way, x: person(left_arm=2.0 + 0.75 * way, x=x),
}
MEANS = ("cheer=surprised", "point=angry", "swing=neutral", "wave=happy")
TAKES = 5


def record(path: Path, gesture: Gesture, rng: random.Random) -> None:
    """A take: each has its own speed, its own extent and its own place."""
    hertz, extent = rng.uniform(0.6, 1.4), rng.uniform(0.6, 1.2)
    begins, x = rng.uniform(0, 2 * math.pi), rng.randint(200, 280)

    def picture(t: float) -> Drawn:
        return gesture(extent * math.sin(2 * math.pi * hertz * t + begins), x)

    film(path, seconds=4.0, fps=Fraction(10), size=(480, 640), picture=picture)


@pytest.mark.thorough
def test_four_gestures_by_five_takes_each(tmp_path: Path) -> None:
    rng = random.Random(1)
    for label, gesture in GESTURES.items():
        (tmp_path / "takes" / label).mkdir(parents=True)
        for number in range(TAKES):
            record(tmp_path / "takes" / label / f"{number}.mp4", gesture, rng)
    command = [sys.executable, "-m", "soundit_edge", "learn", "gestures", str(tmp_path / "takes"), "--json"]
    means = [word for one in MEANS for word in ("--means", one)]
    done = subprocess.run([*command, *means], capture_output=True, text=True, timeout=HANG_S, check=False)
    assert done.returncode == 0, done
    said = json.loads(done.stdout)
    assert said["confidence"] >= 0.9
    assert said["takes"] == TAKES * len(GESTURES)
    assert said["kept"]
