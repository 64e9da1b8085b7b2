"""Movement qualities that the literature on bodies and emotions relates to arousal and valence, each from 0 to 1.

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
"""Joints whose extent is measured: head, elbows, wrists, knees, ankles."""
STANDING: Final = (9, 10, 11, 12)
"""Joints that are visible of a person who stands: knees and ankles."""


_SURE: Final = np.array([1, 1, 0.5], np.float32)
"""Weights of x, y and depth: depth counts half, because it is only estimated."""
_SEEN: Final = 0.5
_STILL: Final = 0.4
"""Metres a second that are added to the speed that jerk is divided by: below it landmarks only jitter."""

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
"""The measured values at these levels: percentiles over recorded clips (tools/evaluate/body_qualities.py, levels)."""
AROUSAL: Final = {"quantity": 0.4, "extent": 0.2, "jerk": 0.4}
VALENCE: Final = {"verticality": 0.6, "openness": 0.4}
VALENCE_REACH: Final = 0.6
"""Bodies show arousal better than valence: valence stays within this distance of 0."""
BLUR: Final = 0.5
"""Standard deviation, in the plane of affect, of an emotion around the place that the qualities give."""


@dataclass(frozen=True, slots=True)
class Qualities:
    """The five movement qualities, in units of their own (`measure`) or from 0 to 1 (`calibrated`)."""

    quantity: float
    extent: float
    verticality: float
    jerk: float
    openness: float

    def values(self) -> tuple[float, ...]:
        """Return the five values in the order of the attributes."""
        return tuple(getattr(self, field.name) for field in fields(self))


def measure(motion: Motion) -> Qualities:
    """Return the qualities of two seconds of motion in their own units.

    Quantity is in m/s (mean over the joints), extent in m (mean diagonal of the space that each end covers),
    verticality in m (height of the head over the hips, and a quarter of the wrists'), jerk in decades of 1/s^2 (rms of
    the third derivative over that of speed), openness in m (distance of elbows and wrists from the trunk's vertical
    axis). Joints are weighted by their visibility.
    """
    joints = motion.joints
    # The place of a hidden joint is estimated in every picture independently, so it jitters.
    visibility = np.where(motion.visibility >= _SEEN, motion.visibility, 0) + 1e-3
    whole = np.concatenate([motion.root, np.zeros((len(motion.root), 1), np.float32)], 1)
    speed = velocity((joints + whole[:, None]) * _SURE)
    pace = np.linalg.norm(speed, axis=2)
    weights = visibility / visibility.sum()
    jolt = np.linalg.norm(np.diff(speed, n=2, axis=0) * RATE**2, axis=2)
    rms_pace = float(np.sqrt(np.square(pace).mean(0) @ weights))
    rms_jolt = float(np.sqrt(np.square(jolt).mean(0) @ weights))
    ends = list(ENDS)
    sweep = np.linalg.norm(np.ptp(joints[:, ends], axis=0), axis=1)
    arms = [*ELBOWS, *WRISTS]
    shoulders = joints[:, SHOULDERS].mean(1, keepdims=True)
    # The trunk's vertical axis goes straight down from the middle of the shoulders.
    away = np.linalg.norm((joints[:, arms] - shoulders)[..., [0, 2]], axis=2).mean(0)
    lift = joints[:, WRISTS, 1].mean(0)
    return Qualities(
        quantity=float(pace.mean(0) @ weights),
        extent=_weighted(sweep, visibility[ends]),
        verticality=float(joints[:, HEAD, 1].mean()) + 0.25 * _weighted(lift, visibility[list(WRISTS)]),
        jerk=float(np.log10((rms_jolt + 1e-3) / (rms_pace + _STILL))),
        openness=_weighted(away, visibility[arms]),
    )


def calibrated(motion: Motion) -> Qualities:
    """Return the qualities from 0 to 1. Those that depend on hidden joints move towards the middle, 0.5."""
    measured, visibility = measure(motion), motion.visibility
    arms = float(visibility[[*ELBOWS, *WRISTS]].mean())
    # Whoever sits at a table leans forward without being sad: verticality counts for bodies that stand.
    stands = float(visibility[list(STANDING)].mean())
    sure = {"quantity": 1.0, "extent": arms, "verticality": stands, "jerk": 1.0, "openness": arms}
    levels = {
        name: 0.5 + sure[name] * (float(np.interp(getattr(measured, name), knots, LEVELS)) - 0.5)
        for name, knots in KNOTS.items()
    }
    return Qualities(**levels)


def affect_of(qualities: Qualities) -> Affect:
    """Return the place of qualities from 0 to 1 in the plane of valence and arousal."""
    arousal = sum(weight * getattr(qualities, name) for name, weight in AROUSAL.items())
    valence = sum(weight * getattr(qualities, name) for name, weight in VALENCE.items())
    return Affect(valence=VALENCE_REACH * (2 * valence - 1), arousal=2 * arousal - 1)


def to_emotions(affect: Affect) -> tuple[float, ...]:
    """Return probabilities in the order of `EMOTIONS`: the nearer an emotion lies in the plane, the likelier it is."""
    squares = [(AFFECT[e].valence - affect.valence) ** 2 + (AFFECT[e].arousal - affect.arousal) ** 2 for e in EMOTIONS]
    return distribution([math.exp(-square / (2 * BLUR**2)) for square in squares])


def _weighted(values: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> float:
    return float(values @ weights / weights.sum())
