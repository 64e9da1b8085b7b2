"""A user's own words: clips of faces with the times of the words become the local model lips_own."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from tqdm import tqdm

from soundit_edge.errors import SounditError
from soundit_edge.inference.local import install, meaning
from soundit_edge.paths import local_models_folder
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import FaceTracker, TrackedFace
from soundit_edge.senses.lips.crops import Mouth, crop, mouth_of, smoothed
from soundit_edge.senses.lips.grid import SILENCE
from soundit_edge.senses.lips.recogniser import FRAMES, MODEL, OWN, RATE, normalised, resampled
from tools.data.mouth_clips import find_clips, frame_labels, read_align, to_length, words_of
from tools.train import common
from tools.train.face.start import settle_norms, start_from
from tools.train.lips import data as lips_data
from tools.train.lips.data import MARGIN, Clip
from tools.train.lips.fit import BATCH, Sounds, figures, train, without_sounds
from tools.train.lips.net import LipsNet, ShippedLips, stacked
from tools.train.ship import FOLDER, convert

MIN_TIMES: Final = 5
"""How often each word must be said: four times to learn from, about once to be tested on."""
MIN_STEPS: Final = 1500
"""Of the optimiser, however few the clips are."""
STEP: Final = 50
"""Frames between the beginnings of the stretches that a long clip is cut into."""


def whole_faces(path: Path, tracker: FaceTracker) -> npt.NDArray[np.uint8]:
    """Return each frame's mouth, of its largest face: uint8 [n, 32 + 2 MARGIN, 56 + 2 MARGIN], 25 a second.

    Raises:
        SounditError: the clip cannot be read, or it shows no face.
    """
    capture = cv2.VideoCapture(str(path))
    rate = capture.get(cv2.CAP_PROP_FPS) or float(RATE)
    crops: list[npt.NDArray[np.uint8]] = []
    times: list[float] = []
    place: Mouth | None = None
    number = 0
    while True:
        more, frame = capture.read()
        if not more:
            break
        rgb = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8)
        t = number / rate
        number += 1
        if faces := tracker.follow(rgb, t):
            found = mouth_of(max(faces, key=_size).found)
            place = smoothed(place, found, t - times[-1] if times else 0.0)
            times.append(t)
            crops.append(crop(rgb, place, margin=MARGIN))
    capture.release()
    if number == 0:
        raise SounditError(f"{path}: not a clip that can be read")
    if not crops:
        raise SounditError(f"{path}: no face is to be seen in it")
    return resampled(crops, times, (number - 1) / rate, max(1, round(number / rate * RATE)))


def stretches(
    name: str, crops: npt.NDArray[np.uint8], times: Sequence[tuple[int, int, str]], names: Sequence[str]
) -> list[Clip]:
    """Return a clip of any length as clips of 75 frames; a word that is cut counts in its frames, not as said."""
    last = max(0, len(crops) - FRAMES)
    clips = []
    labels = frame_labels(times, names, max(FRAMES, len(crops)))
    for first in sorted({*range(0, last, STEP), last}):
        within = [row for row in times if row[0] >= first and row[1] <= first + FRAMES]
        part = to_length(crops[first:], FRAMES)
        clips.append(Clip(name, part, labels[first : first + FRAMES], words_of(within)))
    return clips


def load_own(folder: Path) -> tuple[list[Clip], list[Clip], tuple[str, ...]]:
    """Return clips to learn from, every fifth clip's held out, and the words with silence first.

    Raises:
        SounditError: there is no clip with times, one of them cannot be used, or a word is said too rarely.
    """
    pairs = find_clips(folder)
    times = [read_align(align) for _, align in pairs]
    counts = Counter(word for rows in times for word in words_of(rows))
    for word, count in counts.items():
        meaning(word)
        if count < MIN_TIMES:
            raise SounditError(f"{folder}: {word!r} is said {count} times; say it {MIN_TIMES} times or more")
    if len(counts) < 2:
        raise SounditError(f"{folder}: {len(counts)} words in its .align files; two or more are needed")
    names = (SILENCE, *sorted(counts))
    learn: list[Clip] = []
    aside: list[Clip] = []
    tracker = FaceTracker(FaceDetector(), FaceMesh())
    for i, (film, _) in enumerate(tqdm(pairs, desc="finding mouths", mininterval=10)):
        part = aside if i % 5 == 4 else learn
        part += stretches(film.stem, whole_faces(film, tracker), times[i], names)
    return learn, aside, names


def start(names: Sequence[str], clips: Sequence[Clip]) -> LipsNet:
    """Return a network whose eyes are the shipped one's, for a few clips are too little to learn to see from."""
    net = LipsNet(len(names), 1 + len(Sounds(names[1:]).names))
    path = FOLDER / f"{MODEL}.tflite"
    if path.is_file():
        eyes = nn.Sequential(net.encoder, net.squeeze)
        start_from(eyes, path)
        pictures = np.stack([normalised(lips_data.inner(clip.crops).astype(np.float32)) for clip in clips[:8]])
        settle_norms(eyes, stacked(torch.from_numpy(pictures)))
    return net


def train_own(folder: Path, rng: np.random.Generator, epochs: int | None = None) -> None:
    """Train on a folder and install the local model. A run that was stopped goes on, as long as the words are the same.

    Raises:
        SounditError: the data cannot be used, or the model cannot be installed.
    """
    learn, aside, names = load_own(folder)
    key = hashlib.sha256(repr((str(folder.resolve()), names, len(learn))).encode()).hexdigest()[:12]
    epochs = epochs or -(-MIN_STEPS // max(1, len(learn) // BATCH))
    checkpoint = common.CACHE / f"lips_own_{key}.pt"
    net = train(start(names, learn), names, learn, aside, checkpoint, epochs, rng)
    logging.info("clips held out: %s", figures(net, aside, names))
    with tempfile.TemporaryDirectory() as cache:
        path = Path(cache) / f"{OWN}.tflite"
        convert(without_sounds(net, len(names)), lips_data.calibration(learn, rng), path, None, ShippedLips)
        entry = install(path, OWN, names)
    logging.info("%s in %s: %d words, %d bytes", OWN, local_models_folder(), len(names) - 1, entry.bytes)


def _size(face: TrackedFace) -> float:
    return float((face.box[2] - face.box[0]) * (face.box[3] - face.box[1]))
