"""A voice network of a user's own recordings, installed as a local model."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.inference.local import install, meaning
from soundit_edge.paths import local_models_folder
from soundit_edge.senses.voice.log_mel import log_mel
from soundit_edge.senses.voice.sense import OWN
from tools.evaluate.scoring import Answers, score
from tools.models.register import best_temperature
from tools.train.ship import convert
from tools.train.voice.batches import LiveBatches, batches_in
from tools.train.voice.data import Clip, held_out, load_own, windows
from tools.train.voice.fit import answers, train
from tools.train.voice.net import VoiceNet

MIN_STEPS: Final = 1200
"""Of the optimiser, however few the recordings are."""


def train_own(index: Path, cache: Path, epochs: int | None, seed: int, threads: int) -> None:
    """Train on four fifths and test on the rest, then train on all and install.

    Raises:
        SounditError: see `load_own`; or the local models cannot be written.
    """
    clips, labels = load_own(index)
    rows, strangers = held_out(clips)
    unheard = [clips[i] for i in rows]
    known = [clip for i, clip in enumerate(clips) if i not in set(rows)]
    epochs = epochs or max(60, -(-MIN_STEPS // batches_in(clips)))
    # Checkpoints of other recordings, labels or lengths are not gone on from.
    content = (
        b"".join(clip.speech.tobytes() for clip in clips) + repr((labels, [c.label for c in clips], epochs)).encode()
    )
    folder = cache / f"voice_own_{hashlib.sha256(content).hexdigest()[:12]}"

    def learn(from_clips: list[Clip], name: str) -> VoiceNet:
        def source(rng: np.random.Generator) -> LiveBatches:
            return LiveBatches(from_clips, len(labels), rng)

        return train(source, folder / name, epochs, seed, threads, len(labels))

    net = learn(known, "test.pt")
    said = answers(net, unheard)
    truth = np.array([clip.label for clip in unheard], dtype=np.int64)
    names = [meaning(label)[0] for label in labels]
    figures = score(Answers(names, truth, said))
    whom = "of speakers that it did not learn from" if strangers else "of speakers that it knows: others will do worse"
    logging.info("held-out recordings %s: %s", whom, json.dumps(figures))
    net = learn(clips, "all.pt")
    rng = np.random.default_rng(0)
    some = rng.choice(len(clips), min(len(clips), 256), replace=False)
    pictures = [log_mel(windows(clips[i].speech)[0])[..., None] for i in some]
    temperature = best_temperature(said, np.eye(len(labels), dtype=np.float32)[truth])
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "own.tflite"
        convert(net, pictures, path)
        entry = install(path, OWN, labels, temperature=temperature)
    logging.info(
        "installed in %s: %s, %d bytes, labels %s", local_models_folder(), OWN, entry.bytes, ", ".join(entry.labels)
    )
