"""The body model on a file of labelled motion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.body.classifier import BodyReader
from soundit_edge.senses.body.net import MODEL, BodyNet
from tools.data.bodies import motions, read
from tools.evaluate.scoring import Answers


def evaluate(
    path: Path,
    model_set: ModelSet,
    *,
    model: str | None,
    progress: Callable[[Iterable[int]], Iterable[int]],
) -> tuple[Answers, dict[str, Any]]:
    """Return the answers to the clips of an .npz, and what was left out.

    A clip is seen as from the front at the body sense's rate, in windows of two seconds each half second, and answered
    by their mean. By default the device's readings answer, which go by movement qualities; a model that is named
    answers alone. Clips without a label, or with one that the network does not know, are left out and counted.

    Args:
        path: in the form of body_emotion_unified.npz or bandai1.npz.
        model_set: the shipped models.
        model: one of the set, or of the local models, to answer alone.
        progress: puts a bar on a loop.

    Raises:
        SounditError: the file cannot be read, or there is no such model.
    """
    clips = read(path)
    net = BodyNet(_set_of(model, model_set), model or MODEL)
    reader = BodyReader(model_set) if model is None else None
    known = [clip for clip in clips if clip.emotion in net.labels]
    if not known:
        raise SounditError(f"{path}: no clip is labelled {', '.join(net.labels)}")
    truth = np.array([net.labels.index(clip.emotion) for clip in known], dtype=np.int64)
    probabilities = np.empty((len(known), len(net.labels)), dtype=np.float32)
    for i in progress(range(len(known))):
        windows = motions(known[i])
        said = [
            net.classify(motion)[0] if reader is None else among(reader.read(motion, 0.0).probabilities, net.labels)
            for motion in windows
        ]
        probabilities[i] = np.mean(said, axis=0)
    report = {
        "model": model or MODEL,
        "qualities": reader is not None,
        "left_out": len(clips) - len(known),
        "unlabelled": sum(not clip.emotion for clip in clips),
    }
    return Answers(list(net.labels), truth, probabilities), report


def among(probabilities: Sequence[float], labels: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return probabilities in the order of `EMOTIONS` of some of them only, scaled to one: [labels]."""
    chosen = np.array([probabilities[EMOTIONS.index(Emotion(label))] for label in labels], np.float32)
    return np.asarray(chosen / chosen.sum(), dtype=np.float32)


def _set_of(model: str | None, model_set: ModelSet) -> ModelSet:
    local = local_set()
    if model is not None and local is not None and model in local.manifest.models:
        return local
    return model_set
