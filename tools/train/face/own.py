"""A user's own expressions: a folder of pictures, a subfolder per label, becomes the local model face_own.

Labels are the subfolders' names: NAME or NAME=EMOTION (`happy`, `smirk=disgusted`, `wince`; see soundit_edge/inference/
local.py). Pictures under 96 pixels are taken for tight face crops; in larger ones the device's detector finds the face.
The network begins as the shipped one and is trained on at a low learning rate, its batch norms fixed; every label is
drawn equally often. The last fifth of each label's pictures, in order of their names, is held out: neighbours of one
recording would tell each other's answer. It gives the figure that is logged and the temperature. A run that was stopped
goes on where it was, as long as the pictures are the same.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.errors import SounditError
from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.local import install, meaning
from soundit_edge.inference.manifest import ModelEntry
from soundit_edge.senses.face.expression import MODEL, OWN, both_ways, prepare, resized
from tools.evaluate.face import FaceFinder, tight_crop
from tools.models.register import best_temperature
from tools.train import common
from tools.train.face.data import Pictures
from tools.train.face.distort import distorted
from tools.train.face.net import WIDTH, FaceNet
from tools.train.face.start import start_from
from tools.train.ship import FOLDER, convert

BATCH: Final = 32
MIN_PICTURES: Final = 5
"""Faces of one label: four to learn from and one held out."""
MIN_BATCHES: Final = 20
"""Of an epoch, however few the pictures are."""
SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".pgm", ".tif", ".tiff")
MIX_UP: Final = 0.4


@dataclass(frozen=True)
class OwnFaces:
    """Faces with their labels.

    Attributes:
        labels: the names of the subfolders, in order.
        pictures: uint8 [n, 48, 48].
        label: int64 [n], positions in `labels`.
        held_out: bool [n].
    """

    labels: tuple[str, ...]
    pictures: Pictures
    label: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.bool_]


def load(folder: Path, finder: FaceFinder) -> OwnFaces:
    """Return the faces of a folder's pictures.

    Raises:
        SounditError: there are fewer than two labels, one that cannot be used or has too few faces, or a broken file.
    """
    subfolders = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    if len(subfolders) < 2:
        raise SounditError(f"{folder}: needs a subfolder of pictures for each of at least two labels")
    pictures: list[Pictures] = []
    label: list[int] = []
    held_out: list[bool] = []
    for i, subfolder in enumerate(subfolders):
        meaning(subfolder.name)
        files = sorted(p for p in subfolder.iterdir() if p.suffix.lower() in SUFFIXES)
        crops = [_crop(path, finder) for path in tqdm(files, desc=subfolder.name, mininterval=5)]
        faces = [resized(crop) for crop in crops if crop is not None]
        if len(faces) < len(files):
            logging.warning("%s: no face in %d of %d pictures", subfolder, len(files) - len(faces), len(files))
        if len(faces) < MIN_PICTURES:
            raise SounditError(f"{subfolder}: {len(faces)} pictures with a face; put in at least {MIN_PICTURES}")
        learnt = len(faces) - max(1, len(faces) // 5)
        pictures += faces
        label += [i] * len(faces)
        held_out += [place >= learnt for place in range(len(faces))]
    return OwnFaces(tuple(p.name for p in subfolders), np.stack(pictures), np.array(label), np.array(held_out))


def _crop(path: Path, finder: FaceFinder) -> Pictures | None:
    return tight_crop(np.frombuffer(path.read_bytes(), np.uint8), str(path), finder)


class OwnNet(nn.Module):
    """The shipped features under a linear layer for the labels of a user."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.features = FaceNet().features
        self.head = nn.Linear(WIDTH, labels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.features(x).mean((2, 3)))
        return logits


def batches(faces: OwnFaces, rng: np.random.Generator) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Give one epoch of distorted pictures [32, 1, 48, 48] and label shares [32, labels], every label equally often."""
    rows = np.flatnonzero(~faces.held_out)
    chances = 1 / np.bincount(faces.label[rows])[faces.label[rows]]
    one_hot = np.eye(len(faces.labels), dtype=np.float32)
    for _ in range(_batches_of(faces)):
        drawn = rng.choice(rows, BATCH, p=chances / chances.sum())
        x = np.stack([distorted(faces.pictures[i], rng) for i in drawn])[:, None]
        shares = one_hot[faces.label[drawn]]
        if rng.random() < 0.5:
            share = np.float32(rng.beta(MIX_UP, MIX_UP))
            x, shares = share * x + (1 - share) * x[::-1], share * shares + (1 - share) * shares[::-1]
        yield torch.from_numpy(x), torch.from_numpy(shares)


def _batches_of(faces: OwnFaces) -> int:
    return max(MIN_BATCHES, int((~faces.held_out).sum()) // BATCH)


def train(faces: OwnFaces, checkpoint: Path, epochs: int, seed: int, threads: int) -> OwnNet:
    """Train on from the shipped network or the checkpoint, and return the averaged network."""
    rng = common.prepare_process(seed, threads)
    net = OwnNet(len(faces.labels))
    if start_from(net.features, FOLDER / f"{MODEL}.tflite"):
        raise SounditError(f"{FOLDER / MODEL}.tflite: another network than this program trains; update the project")
    net = common.channels_last(net)
    mean = common.Averaged(net, 0.99)
    optimiser = common.optimiser(net, 0.05)
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    per_epoch = _batches_of(faces)
    # In `eval` the batch norms keep the statistics of a hundred thousand faces: a few dozen would spoil them.
    net.eval()
    for epoch in tqdm(range(first, epochs), initial=first, total=epochs, desc="training", mininterval=5):
        for step, (x, shares) in enumerate(batches(faces, rng), epoch * per_epoch):
            for group in optimiser.param_groups:
                group["lr"] = common.cosine_rate(step, epochs * per_epoch, 5e-4, per_epoch)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(x.to(memory_format=torch.channels_last))
            loss = functional.cross_entropy(logits.float(), shares, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            mean.update(net)
        common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
    return mean.net


def train_own(folder: Path, epochs: int, seed: int, threads: int) -> ModelEntry:
    """Train on a folder of pictures and install the result as a local model.

    Raises:
        SounditError: the folder cannot be used; see `load`.
    """
    faces = load(folder, FaceFinder())
    content = hashlib.sha256(
        faces.pictures.tobytes() + repr((faces.labels, faces.label.tolist(), epochs, seed)).encode()
    )
    checkpoint = common.CACHE / f"face_own_{content.hexdigest()[:12]}.pt"
    net = train(faces, checkpoint, epochs, seed, threads)
    calibration = [prepare(p)[..., None] for p in faces.pictures[~faces.held_out]][:256]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "own.tflite"
        convert(net, calibration, path)
        model = Model(path)
        said = np.stack([both_ways(model, prepare(p)) for p in faces.pictures[faces.held_out]])
        true = faces.label[faces.held_out]
        temperature = best_temperature(said, np.eye(len(faces.labels), dtype=np.float32)[true])
        entry = install(path, OWN, faces.labels, temperature=temperature)
    right = 100 * float((said.argmax(1) == true).mean())
    logging.info("%s: %.0f %% right of %d pictures that were held out", OWN, right, len(true))
    checkpoint.unlink()
    return entry
