"""The way of the drawn demo through the emotions: which is shown at which moment, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from soundit_edge.emotion import Emotion

HOLD_S: Final = 6.0
CHANGE_S: Final = 2.0
STATIONS: Final = (
    Emotion.NEUTRAL,
    Emotion.HAPPY,
    Emotion.SURPRISED,
    Emotion.CALM,
    Emotion.SAD,
    Emotion.FEARFUL,
    Emotion.ANGRY,
    Emotion.DISGUSTED,
)


@dataclass(frozen=True, slots=True)
class DrawnPose:
    """What face, scene and voice are drawn from; the units are free, 0 is a resting face.

    Attributes:
        smile: corners of the mouth, -1 down to 1 up.
        jaw: mouth, 0 shut to 1 wide open.
        spread: mouth, -1 pursed to 1 drawn wide.
        brow: brows, -1 lowered to 1 raised.
        brow_tilt: inner ends of the brows, -1 down (anger) to 1 up (grief).
        eyes: lids, -1 nearly shut to 1 wide open.
        cheeks: cheeks and lower lids, 0 to 1 raised.
        nose: nose wrinkled and upper lip raised, 0 to 1.
        hue, saturation, light: the scene's colour: degrees, 0 to 1, 0 to 1.
        pitch: of the voice in Hz.
        pace: syllables a second.
        force: 0 soft to 1 pressed.
    """

    smile: float = 0.0
    jaw: float = 0.0
    spread: float = 0.0
    brow: float = 0.0
    brow_tilt: float = 0.0
    eyes: float = 0.0
    cheeks: float = 0.0
    nose: float = 0.0
    hue: float = 210.0
    saturation: float = 0.05
    light: float = 0.6
    pitch: float = 125.0
    pace: float = 3.5
    force: float = 0.4


# Action units after Ekman & Friesen (1978), colours after the hue sense's table, voices after Scherer (2003).
POSES: Final = {
    Emotion.NEUTRAL: DrawnPose(),
    Emotion.CALM: DrawnPose(
        smile=0.25, eyes=-0.35, hue=150, saturation=0.25, light=0.65, pitch=110, pace=2.5, force=0.2
    ),
    Emotion.HAPPY: DrawnPose(
        smile=1.0, jaw=0.3, spread=0.7, brow=0.15, cheeks=1.0, hue=52, saturation=0.75, light=0.85,
        pitch=190, pace=5.0, force=0.6,
    ),
    Emotion.SAD: DrawnPose(
        smile=-1.0, spread=-0.1, brow_tilt=0.8, eyes=-0.6, cheeks=0.4, nose=0.3, hue=225, saturation=0.6, light=0.35,
        pitch=105, pace=2.2, force=0.15,
    ),
    Emotion.ANGRY: DrawnPose(
        smile=-1.0, spread=-0.7, brow=-1.0, brow_tilt=-1.0, eyes=0.45, cheeks=0.25, nose=0.4, hue=3, saturation=0.8,
        light=0.5, pitch=185, pace=5.0, force=1.0,
    ),
    Emotion.FEARFUL: DrawnPose(
        smile=-0.7, jaw=0.25, spread=0.9, brow=0.4, brow_tilt=0.8, eyes=1.0, nose=0.3, hue=260, saturation=0.3,
        light=0.2, pitch=230, pace=6.0, force=0.5,
    ),
    Emotion.DISGUSTED: DrawnPose(
        smile=-0.6, spread=-0.1, brow=-0.6, brow_tilt=-0.4, eyes=-0.5, cheeks=0.6, nose=1.0, hue=85, saturation=0.35,
        light=0.35, pitch=120, pace=3.0, force=0.6,
    ),
    Emotion.SURPRISED: DrawnPose(
        jaw=1.0, spread=-0.6, brow=1.0, eyes=1.0, hue=300, saturation=0.5, light=0.85, pitch=240, pace=4.0, force=0.5
    ),
}  # fmt: skip


def station(t: float) -> tuple[Emotion, Emotion, float]:
    """The emotion that is left, the one that comes, and how far the change has gone (0 to 1), at `t` seconds."""
    length = HOLD_S + CHANGE_S
    number, within = divmod(max(t, 0.0), length)
    here = STATIONS[int(number) % len(STATIONS)]
    following = STATIONS[(int(number) + 1) % len(STATIONS)]
    share = max(0.0, (within - HOLD_S) / CHANGE_S)
    return here, following, share * share * (3 - 2 * share)


def pose_at(t: float) -> DrawnPose:
    """The pose at `t` seconds: held, then changed smoothly into the next station's, round and round."""
    here, following, share = station(t)
    return blend(POSES[here], POSES[following], share)


def blend(a: DrawnPose, b: DrawnPose, share: float) -> DrawnPose:
    """`a` where `share` is 0, `b` where it is 1."""
    return DrawnPose(
        **{f.name: (1 - share) * getattr(a, f.name) + share * getattr(b, f.name) for f in fields(DrawnPose)}
    )
