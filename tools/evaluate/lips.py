"""The lip readers: on a folder of GRID's clips with the times of their words, or on an .npz of MIRACL's takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.lips.active_speaker import speech_in
from soundit_edge.senses.lips.decoder import Spoken, edits
from soundit_edge.senses.lips.grid import SLOTS, WORDS
from soundit_edge.senses.lips.recogniser import FRAMES, MODEL, LipReader
from tools.data.mouth_clips import HalfFaces, find_clips, frame_labels, read_align, read_grey, to_length, words_of
from tools.evaluate.isolated_words import PHRASES_MODEL, WORDS_MODEL, IsolatedWordReader
from tools.evaluate.scoring import Answers

Progress = Callable[[Iterable[int]], Iterable[int]]


def evaluate(
    path: Path, model_set: ModelSet, *, model: str | None, progress: Progress, only: set[str] | None = None
) -> tuple[Answers, dict[str, Any]]:
    """Return the answers, and the figures that a table of classes does not have.

    Args:
        path: a folder that holds `*_mouth/NAME.mp4` and `*_align/NAME.align`, or a MIRACL .npz.
        model_set: the models.
        model: another of them than the shipped one.
        progress: shows how far it is.
        only: the names of the clips of a folder that count; all without.

    Raises:
        SounditError: the data cannot be used, or the model cannot be loaded.
    """
    if path.is_dir():
        return sentences(path, model_set, model or MODEL, progress, only)
    return takes(path, model_set, model, progress)


def sentences(
    folder: Path, model_set: ModelSet, model: str, progress: Progress, only: set[str] | None
) -> tuple[Answers, dict[str, Any]]:
    """Return answers to GRID's clips, one for each of a sentence's six words by the grammar, and error rates.

    "wer" and "cer" are the words' and the letters' error rates by the grammar, "wer_free" with words in any order,
    "speech" the share of frames that are rightly called speech or silence. Sentences that are not of GRID's six slots
    are left out.
    """
    reader = LipReader(model_set, model)
    if reader.labels != WORDS:
        raise SounditError(f"{model}: knows other words than GRID's; its training tells how well it reads them")
    pairs = [pair for pair in find_clips(folder) if only is None or pair[0].stem in only]
    times = [read_align(align) for _, align in pairs]
    kept = [i for i, t in enumerate(times) if is_sentence(words_of(t))]
    faces = HalfFaces()
    truth, shares, right_frames = [], [], []
    wrong = wrong_free = wrong_letters = letters = 0
    for place in progress(range(len(kept))):
        film, _ = pairs[kept[place]]
        words = words_of(times[kept[place]])
        crops = faces.crops(read_grey(film))
        said = reader.probabilities(to_length(crops, FRAMES))
        spoken = reader.spoken(said)
        truth += [WORDS.index(word) - 1 for word in words]
        shares += [slot_shares(said, word, slot) for slot, word in enumerate(spoken)]
        sentence = [WORDS[word.word] for word in spoken]
        wrong += edits(sentence, words)
        wrong_free += edits([WORDS[word.word] for word in reader.spoken(said, grammar=False)], words)
        wrong_letters += edits(" ".join(sentence), " ".join(words))
        letters += len(" ".join(words))
        labels = frame_labels(times[kept[place]], WORDS, FRAMES)
        right_frames.append(((speech_in(said) > 0.5) == (labels > 0)).mean())
    count = len(truth)
    report = {
        "model": model,
        "clips": len(kept),
        "left_out": len(pairs) - len(kept),
        "wer": wrong / max(1, count),
        "wer_free": wrong_free / max(1, count),
        "cer": wrong_letters / max(1, letters),
        "speech": float(np.mean(right_frames)) if right_frames else None,
    }
    return Answers(WORDS[1:], np.array(truth, np.int64), np.array(shares, np.float32).reshape(count, -1)), report


def is_sentence(words: tuple[str, ...]) -> bool:
    """Return whether these are GRID's six words."""
    return len(words) == len(SLOTS) and all(word in slot for word, slot in zip(words, SLOTS, strict=True))


def slot_shares(said: npt.NDArray[np.float32], spoken: Spoken, slot: int) -> npt.NDArray[np.float32]:
    """Return probabilities of all words but silence for one word's frames, from its slot's by their geometric mean."""
    logarithms = np.log(np.maximum(said[spoken.first : spoken.last + 1], 1e-4)).mean(0)
    chosen = [WORDS.index(word) for word in SLOTS[slot]]
    shares = np.zeros(len(WORDS), np.float32)
    shares[chosen] = np.exp(logarithms[chosen] - logarithms[chosen].max())
    return np.asarray(shares[1:] / shares.sum(), np.float32)


def takes(path: Path, model_set: ModelSet, model: str | None, progress: Progress) -> tuple[Answers, dict[str, Any]]:
    """Return answers to MIRACL's takes, by the network of words or of phrases that knows their labels."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            data = {key: file[key] for key in ("frames", "start", "length", "label", "label_names")}
        names = [str(name) for name in data["label_names"]]
        starts, lengths = data["start"].astype(np.int64), data["length"].astype(np.int64)
    except (OSError, EOFError, BadZipFile, ValueError, KeyError) as error:
        raise SounditError(f"{path}: neither a folder of clips nor a set of takes ({error})") from error
    candidates = [model] if model is not None else [WORDS_MODEL, PHRASES_MODEL]
    chosen = next((name for name in candidates if set(model_set.entry(name).labels) & set(names)), None)
    if chosen is None:
        raise SounditError(f"{path}: its labels ({', '.join(names)}) are not those of {' or '.join(candidates)}")
    reader = IsolatedWordReader(model_set, chosen)
    position = np.array([reader.labels.index(name) if name in reader.labels else -1 for name in names])
    truth = position[data["label"].astype(np.int64)]
    rows = np.flatnonzero(truth >= 0)
    probabilities = np.empty((len(rows), len(reader.labels)), np.float32)
    for place in progress(range(len(rows))):
        start, length = starts[rows[place]], lengths[rows[place]]
        probabilities[place] = reader.classify(data["frames"][start : start + length])
    return Answers(reader.labels, truth[rows], probabilities), {"model": chosen, "left_out": len(truth) - len(rows)}
