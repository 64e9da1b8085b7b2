"""Movement qualities: what the literature on bodies and emotions ties to arousal and valence, each from 0 to 1.

- quantity: how much moves (quantity of motion, Camurri, Lagerlöf & Volpe 2003; movement activity, Wallbott 1998)
- extent: how far hands, feet and head sweep (spatial extent, Wallbott 1998; Gross, Crane & Fredrickson 2012)
- verticality: how upright the body is and how high the arms are (De Meijer 1989; Boone & Cunningham 1998)
- jerk: how abruptly it moves (jerk, Flash & Hogan 1985; with arousal, Pollick, Paterson, Bruderlin & Sanford 2001)
- openness: how far the arms are from the trunk (contraction index turned round, Camurri et al. 2003)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import AFFECT, EMOTIONS, Affect, distribution
from soundit_edge.senses.body.motion import ELBOWS, HEAD, RATE, SHOULDERS, WRISTS, Motion, velocity

ENDS: Final = (0, 3, 4, 5, 6, 9, 10, 11, 12)
"""Joints that sweep: head, elbows, wrists, knees, ankles."""
STANDING: Final = (9, 10, 11, 12)
"""Joints that are seen of whoever stands: knees and ankles."""


_SURE: Final = np.array([1, 1, 0.5], np.float32)
"""Depth counts half: a camera can only guess it."""
_SEEN: Final = 0.5
_STILL: Final = 0.4
"""Metres a second below which landmarks only tremble: jerk is not measured against less."""

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
KNOTS: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "quantity": (0.071, 0.158, 0.274, 0.507, 0.999),
        "extent": (0.085, 0.180, 0.304, 0.404, 0.528),
        "verticality": (0.696, 0.726, 0.749, 0.771, 0.853),
        "jerk": (0.978, 1.222, 1.406, 1.573, 1.841),
        "openness": (0.227, 0.246, 0.267, 0.294, 0.387),
    }
)
"""What is measured at these levels: percentiles over recorded clips (tools/evaluate/body_qualities.py, levels)."""
AROUSAL: Final = {"quantity": 0.4, "extent": 0.2, "jerk": 0.4}
VALENCE: Final = {"verticality": 0.6, "openness": 0.4}
VALENCE_REACH: Final = 0.6
"""Bodies tell how stirred somebody is better than how pleased: valence stays within this of 0."""
BLUR: Final = 0.5
"""How far in the plane of affect an emotion may lie from what the qualities say, a standard deviation."""


@dataclass(frozen=True, slots=True)
class Qualities:
    """The five, as measured (`measure`) or from 0 to 1 (`calibrated`)."""

    quantity: float
    extent: float
    verticality: float
    jerk: float
    openness: float

    def values(self) -> tuple[float, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))


def measure(motion: Motion) -> Qualities:
    """The qualities of two seconds of motion in their own units.

    quantity in m/s (mean over the joints), extent in m (mean diagonal of what each end sweeps), verticality in m
    (height of the head over the hips, and a quarter of the wrists'), jerk in decades of 1/s^2 (rms of the third
    derivative over that of speed), openness in m (distance of elbows and wrists from the trunk's upright). A joint
    counts by how visible it is.
    """
    joints = motion.joints
    # Where a joint that is hidden lies is guessed anew in every picture: it trembles.
    seen = np.where(motion.visibility >= _SEEN, motion.visibility, 0) + 1e-3
    whole = np.concatenate([motion.root, np.zeros((len(motion.root), 1), np.float32)], 1)
    speed = velocity((joints + whole[:, None]) * _SURE)
    pace = np.linalg.norm(speed, axis=2)
    weights = seen / seen.sum()
    jolt = np.linalg.norm(np.diff(speed, n=2, axis=0) * RATE**2, axis=2)
    rms_pace = float(np.sqrt(np.square(pace).mean(0) @ weights))
    rms_jolt = float(np.sqrt(np.square(jolt).mean(0) @ weights))
    ends = list(ENDS)
    sweep = np.linalg.norm(np.ptp(joints[:, ends], axis=0), axis=1)
    arms = [*ELBOWS, *WRISTS]
    shoulders = joints[:, SHOULDERS].mean(1, keepdims=True)
    # The trunk's upright: from the shoulders' middle straight down.
    away = np.linalg.norm((joints[:, arms] - shoulders)[..., [0, 2]], axis=2).mean(0)
    lift = joints[:, WRISTS, 1].mean(0)
    return Qualities(
        quantity=float(pace.mean(0) @ weights),
        extent=_weighted(sweep, seen[ends]),
        verticality=float(joints[:, HEAD, 1].mean()) + 0.25 * _weighted(lift, seen[list(WRISTS)]),
        jerk=float(np.log10((rms_jolt + 1e-3) / (rms_pace + _STILL))),
        openness=_weighted(away, seen[arms]),
    )


def calibrated(motion: Motion) -> Qualities:
    """The qualities from 0 to 1. Those that hang on joints that are not seen go to the middle, 0.5."""
    measured, seen = measure(motion), motion.visibility
    arms = float(seen[[*ELBOWS, *WRISTS]].mean())
    # Whoever sits at a table leans forward without being downcast: uprightness is told by a body that stands.
    stands = float(seen[list(STANDING)].mean())
    sure = {"quantity": 1.0, "extent": arms, "verticality": stands, "jerk": 1.0, "openness": arms}
    levels = {
        name: 0.5 + sure[name] * (float(np.interp(getattr(measured, name), knots, LEVELS)) - 0.5)
        for name, knots in KNOTS.items()
    }
    return Qualities(**levels)


def affect_of(qualities: Qualities) -> Affect:
    """Where qualities from 0 to 1 lie in the plane of valence and arousal."""
    arousal = sum(weight * getattr(qualities, name) for name, weight in AROUSAL.items())
    valence = sum(weight * getattr(qualities, name) for name, weight in VALENCE.items())
    return Affect(valence=VALENCE_REACH * (2 * valence - 1), arousal=2 * arousal - 1)


def to_emotions(affect: Affect) -> tuple[float, ...]:
    """Probabilities in the order of `EMOTIONS`: the nearer an emotion lies in the plane, the likelier."""
    squares = [(AFFECT[e].valence - affect.valence) ** 2 + (AFFECT[e].arousal - affect.arousal) ** 2 for e in EMOTIONS]
    return distribution([math.exp(-square / (2 * BLUR**2)) for square in squares])


def _weighted(values: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> float:
    return float(values @ weights / weights.sum())
