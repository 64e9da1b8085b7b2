"""Labelled motion: files of recorded bodies as the device would see them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.senses.body.motion import HIPS, JOINTS, WINDOW, Motion, window

CAMERA_RATE: Final = 10.0
"""Pictures a second that the body sense looks at."""
STEP: Final = 0.5
"""Seconds between two windows of a clip."""

_BANDAI: Final = {
    "head": ("Head", "HeadTop_v"),
    "shoulder": ("UpperArm",),
    "elbow": ("LowerArm",),
    "wrist": ("Hand",),
    "hip": ("UpperLeg",),
    "knee": ("LowerLeg",),
    "ankle": ("Foot",),
    "toe": ("Toes",),
}
"""Joints of the Bandai-Namco skeleton whose middle each of ours is; those of a side end in _L or _R."""
_ALIASES: Final = {"anger": "angry", "happiness": "happy", "joy": "happy", "sadness": "sad", "normal": "neutral"}


@dataclass(frozen=True)
class BodyClip:
    """One recording.

    Attributes:
        joints: float32 [n, 15, 3] in metres, x to the person's left, y up, z forward, from a fixed point of the room.
        fps: frames a second.
        source, action, style, name: as the file names them.
        emotion: the label, '' where none is claimed.
        visibility: float32 [15], how well each joint was seen; recorded skeletons have all of them.
    """

    joints: npt.NDArray[np.float32]
    fps: float
    source: str
    action: str
    style: str
    name: str
    emotion: str
    visibility: npt.NDArray[np.float32] = field(default_factory=lambda: np.ones(len(JOINTS), np.float32))


def read(path: Path) -> list[BodyClip]:
    """Return the recordings of an .npz in the form of body_emotion_unified.npz (`pos`), or of bandai1.npz (`pos_mm`).

    Raises:
        SounditError: the file cannot be read, or lacks an array or a joint.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            data = {key: file[key] for key in file.files}
        return _clips(data)
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, IndexError) as error:
        raise SounditError(f"{path}: not a set of labelled motion ({error})") from error


def _clips(data: dict[str, Any]) -> list[BodyClip]:
    names = [str(name) for name in data["joints"]]
    if "pos" in data:
        order = [names.index(joint) for joint in JOINTS]
        positions = data["pos"][:, order].astype(np.float32)
    else:
        positions = _from_skeleton(data["pos_mm"].astype(np.float32) / 1000, names)
    if positions.ndim != 3 or positions.shape[2] != 3 or not np.isfinite(positions).all():
        raise ValueError("positions are not finite numbers [frames, joints, 3]")
    count = len(data["start"])
    blank = np.full(count, "")
    words = {key: data.get(key, blank).astype(str) for key in ("source", "style", "clip", "emotion")}
    actions = data.get("action", data.get("content", blank)).astype(str)
    fps = float(data.get("fps", 30.0))
    seen = data.get("visibility", np.ones((count, len(JOINTS)))).astype(np.float32)
    return [
        BodyClip(
            joints=positions[start : start + length],
            fps=fps,
            source=words["source"][i] or "bandai1",
            action=actions[i],
            style=words["style"][i],
            name=words["clip"][i],
            emotion=_ALIASES.get(words["emotion"][i].lower(), words["emotion"][i].lower()),
            visibility=seen[i],
        )
        for i, (start, length) in enumerate(zip(data["start"], data["length"], strict=True))
        if length >= 2
    ]


def _from_skeleton(metres: npt.NDArray[np.float32], names: list[str]) -> npt.NDArray[np.float32]:
    joints = []
    for joint in JOINTS:
        side, _, part = joint.rpartition("_")
        ending = f"_{side.upper()}" if side else ""
        joints.append(metres[:, [names.index(bone + ending) for bone in _BANDAI[part]]].mean(1))
    return np.stack(joints, 1)


def save(path: Path, clips: Sequence[BodyClip]) -> None:
    """Write recordings of one rate, at least one, in the form that `read` reads; whole or not at all."""
    lengths = np.array([len(clip.joints) for clip in clips], np.int32)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez_compressed(
            file,
            pos=np.concatenate([clip.joints for clip in clips]).astype(np.float32),
            start=(np.cumsum(lengths) - lengths).astype(np.int32),
            length=lengths,
            joints=np.array(JOINTS),
            fps=np.float32(clips[0].fps),
            visibility=np.stack([clip.visibility for clip in clips]),
            source=np.array([clip.source for clip in clips]),
            action=np.array([clip.action for clip in clips]),
            style=np.array([clip.style for clip in clips]),
            clip=np.array([clip.name for clip in clips]),
            emotion=np.array([clip.emotion for clip in clips]),
        )
    os.replace(partial, path)


def motions(clip: BodyClip) -> Iterator[Motion]:
    """Give what the device would see of a clip from the front: windows every half second, or one that is filled up."""
    times = np.arange(0, len(clip.joints) / clip.fps - 1e-9, 1 / CAMERA_RATE)
    if len(times) < 2:
        times = np.array([0.0, (len(clip.joints) - 1) / clip.fps])
    places = np.clip(np.rint(times * clip.fps).astype(np.int64), 0, len(clip.joints) - 1)
    joints = clip.joints[places]
    hips = joints[:, HIPS].mean(1)
    visibility = np.broadcast_to(clip.visibility, joints.shape[:2])
    ends = np.arange(min(WINDOW, times[-1]), times[-1] + 1e-9, STEP)
    for end in ends:
        # Where somebody stands and how far away does not matter; how they move across the picture does.
        until = times <= end + 1e-9
        yield window(times[until], (joints - hips[:, None])[until], hips[until, :2], visibility[until])
