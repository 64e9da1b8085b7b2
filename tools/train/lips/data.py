"""Clips of mouths with their words' times, and how they are distorted while learning."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from soundit_edge.senses.lips.crops import HEIGHT, WIDTH
from soundit_edge.senses.lips.recogniser import FRAMES, prepare
from tools.data.mouth_clips import HalfFaces, find_clips, frame_labels, read_align, read_grey, to_length, words_of

MARGIN: Final = 6
SPLIT: Final = Path(__file__).with_name("split.csv")


@dataclass(frozen=True)
class Clip:
    """One sentence.

    Attributes:
        name: of its file.
        crops: uint8 [75, 32 + 2 MARGIN, 56 + 2 MARGIN].
        labels: int64 [75], each frame's word.
        words: what was said.
    """

    name: str
    crops: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    words: tuple[str, ...]


def load(folder: Path, cache: Path, names: Sequence[str]) -> list[Clip]:
    """Return all clips of a folder; their crops are kept in `cache`, for finding the mouths takes minutes."""
    pairs = find_clips(folder)
    stems = [film.stem for film, _ in pairs]
    known = np.load(cache) if cache.is_file() else None
    if known is not None and list(known["names"]) == stems:
        crops = known["crops"]
    else:
        faces = HalfFaces()
        progress = track(pairs, description="finding mouths", console=Console(stderr=True), transient=True)
        crops = np.stack([to_length(faces.crops(read_grey(film), margin=MARGIN), FRAMES) for film, _ in progress])
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, crops=crops, names=stems)
    times = [read_align(align) for _, align in pairs]
    return [
        Clip(stem, c, frame_labels(t, names, FRAMES), words_of(t))
        for stem, c, t in zip(stems, crops, times, strict=True)
    ]


def held_out(split: Path = SPLIT) -> set[str]:
    """Return the names of the clips that nothing is learnt from."""
    with split.open(newline="") as file:
        return {row["clip"] for row in csv.DictReader(file) if row["part"] == "test"}


def inner(crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the crops as the device cuts them, without the margin."""
    return crops[:, MARGIN:-MARGIN, MARGIN:-MARGIN]


def calibration(clips: Sequence[Clip], rng: np.random.Generator) -> list[npt.NDArray[np.float32]]:
    """Return inputs of the shipped network from up to 100 clips, half of them distorted."""
    chosen = [clips[i] for i in rng.choice(len(clips), min(100, len(clips)), replace=False)]
    plain, other = chosen[::2], chosen[1::2]
    return [prepare(inner(clip.crops)) for clip in plain] + [prepare(distorted(clip, rng)[0]) for clip in other]


def word_starts(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the first frames of the words in frame-wise labels, silence left out."""
    first = np.flatnonzero(np.diff(labels, prepend=0))
    return first[labels[first] > 0]


def spliced(one: Clip, other: Clip, rng: np.random.Generator) -> Clip:
    """Return the beginning of a sentence and the end of another, so that no sentence can be learnt by heart.

    Both are cut before a word at the same place of the sentence; where they have not as many words, `one` stays.
    """
    starts, others = word_starts(one.labels), word_starts(other.labels)
    if not len(one.words) == len(other.words) == len(starts) == len(others) >= 2:
        return one
    place = int(rng.integers(1, len(starts)))
    begin, end = starts[place], others[place]
    levels = [float(clip.crops.mean()) for clip in (one, other)]
    continued = np.clip(other.crops[end:].astype(np.float32) + (levels[0] - levels[1]), 0, 255).astype(np.uint8)
    crops = np.concatenate([one.crops[:begin], continued])
    labels = np.concatenate([one.labels[:begin], other.labels[end:]])
    # What is too long loses silence at its beginning, what is too short gets some.
    missing = FRAMES - len(crops)
    if missing > 0:
        crops = np.concatenate([np.repeat(crops[:1], missing, 0), crops])
        labels = np.concatenate([np.repeat(labels[:1], missing), labels])
    words = one.words[:place] + other.words[place:]
    return Clip(one.name, crops[-FRAMES:], labels[-FRAMES:], words)


def _times(frames: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return from which moment (in frames) each frame of the distorted clip comes: faster, slower, earlier, later."""
    knots = rng.uniform(0.8, 1.25, 6) if rng.random() < 0.8 else np.ones(6)
    speed = np.interp(np.linspace(0, 5, frames), np.arange(6), knots)
    moments = np.cumsum(speed)
    moments += (frames - 1) / 2 - moments[frames // 2] + rng.uniform(-6, 6)
    return np.clip(moments, 0, frames - 1)


def distorted(clip: Clip, rng: np.random.Generator) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return a clip as by another camera, head and hurry: float32 [75, 32, 56], not normalised, and int64 [75]."""
    frames = len(clip.crops)
    moments = _times(frames, rng)
    if rng.random() < 0.15:
        # As a slower camera samples, 10 to 20 frames a second, and the device interpolates.
        step = 25 / rng.uniform(10, 20)
        seen = np.arange(rng.uniform(0, step), frames - 1, step)
        position = np.clip((moments - seen[0]) / step, 0, len(seen) - 1.001)
        place = position.astype(np.int64)
        lower = np.rint(seen[place]).astype(np.int64)
        upper = np.rint(seen[np.minimum(place + 1, len(seen) - 1)]).astype(np.int64)
        share = (position - place).astype(np.float32)
    else:
        lower = moments.astype(np.int64)
        upper = np.minimum(lower + 1, frames - 1)
        share = (moments - lower).astype(np.float32)
    warped = _warped(clip.crops, rng)
    x = warped[lower] * (1 - share)[:, None, None] + warped[upper] * share[:, None, None]
    if rng.random() < 0.5:
        x = x[:, :, ::-1]
    x = 255 * (np.clip(x, 0, 255) / 255) ** np.float32(np.exp(rng.uniform(-0.35, 0.35)))
    if rng.random() < 0.3:
        x = x + rng.normal(0, rng.uniform(1, 5), x.shape).astype(np.float32)
    return x, clip.labels[np.rint(moments).astype(np.int64)]


def _warped(crops: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return turned, scaled and shifted crops without their margin, float32 [n, 32, 56]; a slow drift on top."""
    angle, scale = rng.normal(0, 0.05), np.exp(rng.uniform(-0.12, 0.12))
    stretch = np.exp(rng.uniform(-0.06, 0.06))
    shift = rng.uniform(-3, 3, 2)
    drift = rng.normal(0, 0.6, (4, 2))
    along = np.linspace(0, 3, len(crops))
    moved = shift + np.column_stack([np.interp(along, np.arange(4), drift[:, i]) for i in (0, 1)])
    turn = scale * np.array([[np.cos(angle), np.sin(angle) * stretch], [-np.sin(angle), np.cos(angle) * stretch]])
    middle = np.array([WIDTH / 2 + MARGIN, HEIGHT / 2 + MARGIN]) - 0.5
    out = np.empty((len(crops), HEIGHT, WIDTH), np.float32)
    for i, picture in enumerate(crops):
        matrix = np.column_stack([turn, np.array([WIDTH / 2, HEIGHT / 2]) - 0.5 + moved[i] - turn @ middle])
        out[i] = cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return out
