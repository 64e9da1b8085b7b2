"""How a lip reader learns: distorted clips, the losses of words and sounds, the loop, and its figures."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.senses.lips.decoder import Decoder, edits
from soundit_edge.senses.lips.grid import SLOTS, WORDS
from soundit_edge.senses.lips.recogniser import INSERTION, normalised
from tools.train import common
from tools.train.lips import data as lips_data
from tools.train.lips.data import Clip
from tools.train.lips.net import LipsNet
from tools.train.lips.sounds import alphabet, spelling

BATCH = 16
RATE = 2e-3
TAIL_RATE = 4e-5
SMOOTHING = 0.1
CTC_WEIGHT = 0.15
LETTER_WEIGHT = 1.5
SILENCE_WEIGHT = 0.3
KEEP_EVERY = 2
SPLICED = 0.5
MIX_UP = 0.4


def blanked(x: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Set some spans of frames, and sometimes a part of all pictures, to the mean; in place."""
    for _ in range(rng.integers(0, 4)):
        first = rng.integers(0, len(x))
        x[first : first + rng.integers(1, 4)] = 0
    if rng.random() < 0.3:
        top, left = rng.integers(0, 28), rng.integers(0, 48)
        x[:, top : top + rng.integers(4, 12), left : left + rng.integers(4, 16)] = 0
    return x


def frame_weights(labels: npt.NDArray[np.int64], letters: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return how much each frame counts, float32 [frames]: a word's frames together as much as five frames."""
    edges = np.flatnonzero(np.diff(labels)) + 1
    weights = np.empty(len(labels), np.float32)
    for part in np.split(np.arange(len(labels)), edges):
        label = labels[part[0]]
        weights[part] = SILENCE_WEIGHT if label == 0 else 5 / len(part) * (LETTER_WEIGHT if letters[label] else 1)
    return weights


@dataclass(frozen=True)
class Batch:
    """Distorted clips [16, 75, 32, 56], each mixed with its opposite in the batch; labels and weights as without."""

    x: torch.Tensor
    labels: torch.Tensor
    weights: torch.Tensor
    clips: Sequence[Clip]
    share: float


def batches(
    clips: Sequence[Clip], letters: npt.NDArray[np.bool_], rng: np.random.Generator, mixed: bool = True
) -> Iterator[Batch]:
    """Give one epoch; if `mixed`, half of the clips spliced with another, half of the batches mixed with themselves in
    reverse."""
    order = rng.permutation(max(BATCH, len(clips))) % len(clips)
    for rows in order[: len(order) // BATCH * BATCH].reshape(-1, BATCH):
        chosen = [clips[i] for i in rows]
        others = [clips[i] for i in rng.integers(0, len(clips), BATCH)]
        chosen = [
            lips_data.spliced(clip, other, rng) if mixed and rng.random() < SPLICED else clip
            for clip, other in zip(chosen, others, strict=True)
        ]
        pairs = [lips_data.distorted(clip, rng) for clip in chosen]
        x = np.stack([blanked(normalised(picture), rng) for picture, _ in pairs])
        labels = np.stack([labels for _, labels in pairs])
        weights = np.stack([frame_weights(label, letters) for label in labels])
        share = float(rng.beta(MIX_UP, MIX_UP)) if mixed and rng.random() < 0.5 else 1.0
        x = np.float32(share) * x + np.float32(1 - share) * x[::-1]
        yield Batch(torch.from_numpy(x), torch.from_numpy(labels), torch.from_numpy(weights), chosen, share)


def loss_of(by_word: torch.Tensor, by_sound: torch.Tensor, batch: Batch, sounds: Sounds) -> torch.Tensor:
    """Return cross-entropy of the frames' words and CTC of the sentence's sounds, by the share of each mixed clip."""
    total = torch.zeros(())
    for share, turned in ((batch.share, False), (1 - batch.share, True)):
        if share == 0:
            continue
        labels, weights = (t.flip(0) if turned else t for t in (batch.labels, batch.weights))
        frame_wise = functional.cross_entropy(
            by_word.flatten(0, 1), labels.flatten(), reduction="none", label_smoothing=SMOOTHING
        )
        said = list(batch.clips)[::-1] if turned else batch.clips
        one = (frame_wise * weights.flatten()).sum() / weights.sum() + CTC_WEIGHT * sounds.loss(by_sound, said)
        total = total + share * one
    return total


class Sounds:
    """The targets of CTC."""

    def __init__(self, words: Sequence[str]) -> None:
        self.names = alphabet(words)

    def loss(self, logits: torch.Tensor, clips: Sequence[Clip]) -> torch.Tensor:
        """Return CTC's loss a sound; logits [n, frames, 1 + sounds]."""
        spelt = [[1 + self.names.index(s) for word in clip.words for s in spelling(word)] for clip in clips]
        lengths = torch.tensor([len(s) for s in spelt])
        targets = torch.tensor([sound for s in spelt for sound in s])
        frames = torch.full((len(clips),), logits.shape[1])
        return functional.ctc_loss(
            torch.log_softmax(logits, -1).permute(1, 0, 2), targets, frames, lengths, zero_infinity=True
        )


@torch.no_grad()
def answers(net: LipsNet, clips: Sequence[Clip], *, mirrored: bool = True) -> npt.NDArray[np.float32]:
    """Return frame-wise probabilities [n, frames, words]; with `mirrored` the mean of the clip and its mirror image."""
    net.eval()
    said = []
    for clip in clips:
        x = torch.from_numpy(normalised(lips_data.inner(clip.crops).astype(np.float32)))[None]
        views = torch.cat([x, x.flip(-1)]) if mirrored else x
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(views).float()
        said.append(torch.softmax(logits, -1).mean(0).numpy())
    return np.stack(said)


def word_errors(
    probabilities: npt.NDArray[np.float32], clips: Sequence[Clip], decoder: Decoder, names: Sequence[str]
) -> float:
    """Return the word error rate; insertions count, so it may be above 1."""
    said = [[names[s.word] for s in decoder.decode(p)] for p in probabilities]
    wrong = sum(edits(s, clip.words) for s, clip in zip(said, clips, strict=True))
    return wrong / max(1, sum(len(clip.words) for clip in clips))


def slot_errors(
    probabilities: npt.NDArray[np.float32], clips: Sequence[Clip], decoder: Decoder, names: Sequence[str]
) -> list[float]:
    """Return the share of wrong words at each place of the sentence, for a grammar of sentences of one length."""
    said = [[names[s.word] for s in decoder.decode(p)] for p in probabilities]
    wrong = [[a != b for a, b in zip(s, clip.words, strict=True)] for s, clip in zip(said, clips, strict=True)]
    return [round(float(share), 3) for share in np.mean(wrong, 0)]


def free_decoder(names: Sequence[str]) -> Decoder:
    """Read words in any order."""
    return Decoder([range(1, len(names))], loop=True, insertion=INSERTION)


def grammar_decoder(names: Sequence[str]) -> Decoder:
    """Read GRID's six slots."""
    return Decoder([[names.index(word) for word in slot] for slot in SLOTS])


def train(
    net: LipsNet,
    names: Sequence[str],
    learn: Sequence[Clip],
    watch: Sequence[Clip],
    checkpoint: Path,
    epochs: int,
    rng: np.random.Generator,
    tail: int = 0,
) -> LipsNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network.

    Args:
        net: for `names` and the sounds of `Sounds(names[1:])`.
        names: the words, silence first.
        learn: clips to learn from.
        watch: clips that are only scored, after every few epochs.
        checkpoint: kept after every few epochs.
        epochs: in all, but for the tail.
        rng: for the order and the distortions.
        tail: epochs after those, at a low rate, of whole sentences as they are said.
    """
    letters = np.array([names == WORDS and name in SLOTS[3] for name in names])
    sounds = Sounds(names[1:])
    net = common.channels_last(net)
    mean = common.Averaged(net, 0.997)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = max(1, len(learn) // BATCH)
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    whole = epochs + tail
    for epoch in tqdm(range(first, whole), initial=first, total=whole, desc=checkpoint.stem, mininterval=10):
        net.train()
        losses: list[float] = []
        for step, batch in enumerate(batches(learn, letters, rng, mixed=epoch < epochs), epoch * per_epoch):
            rate = common.cosine_rate(step, epochs * per_epoch, RATE, 2 * per_epoch)
            for group in optimiser.param_groups:
                group["lr"] = rate if epoch < epochs else TAIL_RATE
            with torch.autocast("cpu", torch.bfloat16):
                by_word, by_sound = net.both(batch.x.bfloat16())
            loss = loss_of(by_word.float(), by_sound.float(), batch, sounds)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            mean.update(net)
            losses.append(loss.item())
        if (epoch + 1) % KEEP_EVERY == 0 or epoch + 1 == whole:
            common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
            line = {"epoch": epoch + 1, "loss": round(float(np.mean(losses)), 3)}
            logging.info(json.dumps({**line, **figures(mean.net, watch, names)}))
    return mean.net


def figures(net: LipsNet, clips: Sequence[Clip], names: Sequence[str]) -> dict[str, Any]:
    """Return error rates of a network on clips that it did not learn from; none where there are none."""
    if not clips:
        return {}
    seen = answers(net, clips)
    found: dict[str, Any] = {"wer_free": round(word_errors(seen, clips, free_decoder(names), names), 4)}
    if tuple(names) == WORDS:
        grammar = grammar_decoder(names)
        found["wer"] = round(word_errors(seen, clips, grammar, names), 4)
        found["slots"] = slot_errors(seen, clips, grammar, names)
    return found


def without_sounds(net: LipsNet, words: int) -> LipsNet:
    """Return a trained network as it ships."""
    shipped = LipsNet(words)
    shipped.load_state_dict({k: v for k, v in net.state_dict().items() if not k.startswith("sounds.")})
    return shipped.eval()
