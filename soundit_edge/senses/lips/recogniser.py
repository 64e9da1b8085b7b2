"""Mouth crops to words: the network over three seconds, its mirror image beside it, and the path through a grammar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.lips.crops import HEIGHT, WIDTH
from soundit_edge.senses.lips.decoder import Decoder, Spoken
from soundit_edge.senses.lips.grid import SLOTS, WORDS

MODEL: Final = "lips_grid"
OWN: Final = "lips_own"
"""The local model that `python -m tools.train.lips --data FOLDER` installs: other words, and no grammar."""
RATE: Final = 25
"""Frames a second that the network knows."""
FRAMES: Final = 75
NEIGHBOURS: Final = 2
"""Frames before and after each one that the network sees with it."""
INSERTION: Final = -2.0
"""What a word costs where words may come in any order: a few frames of doubt shall not make another one."""

_MIN_DEVIATION: Final = 4.0
_CLIP: Final = 3.0


def prepare(crops: npt.NDArray[np.uint8] | npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The network's view of a clip: zero mean and unit deviation over all of it, each frame with its neighbours.

    Args:
        crops: [75, 32, 56] grey, 0 to 255, 25 a second.

    Returns:
        float32 [75 x 32, 56, 5], within -3 to 3, the frames below each other. The first and the last frame stand for
        those before and after.
    """
    return stacked(normalised(np.asarray(crops, np.float32)))


def normalised(crops: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A clip [frames, 32, 56] at zero mean and unit deviation, cut at -3 and 3. Noise of a flat one is not blown up."""
    x = (crops - crops.mean()) / max(float(crops.std()), _MIN_DEVIATION)
    return np.asarray(np.clip(x, -_CLIP, _CLIP), dtype=np.float32)


def stacked(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Frames [n, 32, 56], each with its neighbours as channels, below each other: [n x 32, 56, 5]."""
    padded = np.pad(x, ((NEIGHBOURS, NEIGHBOURS), (0, 0), (0, 0)), mode="edge")
    views = sliding_window_view(padded, 2 * NEIGHBOURS + 1, 0)
    return np.ascontiguousarray(views).reshape(-1, WIDTH, 2 * NEIGHBOURS + 1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was read from a mouth.

    Attributes:
        words: one after the other.
        certainty: 0 to 1, the geometric mean of theirs; 0 where there is no word.
    """

    words: tuple[str, ...]
    certainty: float


class LipReader:
    """A lip-reading network with its decoder. One caller at a time.

    Attributes:
        labels: its words; the first is silence.
    """

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network, or another of the set that answers to the same input.

        Raises:
            ModelSetError: the set has no such model, or it is damaged or made for another input.
            InferenceError: no runtime can load it.
        """
        entry = model_set.entry(model)
        if entry.input_shape != [1, FRAMES * HEIGHT, WIDTH, 2 * NEIGHBOURS + 1]:
            raise ModelSetError(
                f"{model_set.folder}: {model!r} was made by another version; train it anew, or remove it with "
                f"`python -m tools.models.local remove {model}`"
            )
        self._model = model_set.load(model)
        self.labels = tuple(entry.labels)
        everything = range(1, len(self.labels))
        self._free = Decoder([everything], loop=True, insertion=INSERTION)
        places = {word: i for i, word in enumerate(self.labels)}
        # Another language has no grammar that we know of.
        known = self.labels == WORDS
        self._grammar = Decoder([[places[word] for word in slot] for slot in SLOTS]) if known else None

    def probabilities(self, crops: npt.NDArray[np.uint8], *, mirrored: bool = True) -> npt.NDArray[np.float32]:
        """Of each word in each frame.

        Args:
            crops: uint8 [75, 32, 56], 25 a second.
            mirrored: also look at the mirror image, and take the mean: twice the time, fewer errors.

        Returns:
            float32 [75, labels].
        """
        x = normalised(crops.astype(np.float32))
        said = self._model.run(stacked(x)[None])[0][0]
        if mirrored:
            said = (said + self._model.run(stacked(x[:, :, ::-1])[None])[0][0]) / 2
        return np.asarray(said, np.float32)

    def spoken(self, probabilities: npt.NDArray[np.float32], *, grammar: bool = True) -> list[Spoken]:
        """The likeliest words: a sentence of the grammar, where there is one and it is wanted, else in any order."""
        decoder = self._grammar if grammar and self._grammar is not None else self._free
        return decoder.decode(probabilities)

    def sentence(self, probabilities: npt.NDArray[np.float32]) -> Sentence:
        """The same as text."""
        spoken = self.spoken(probabilities)
        if not spoken:
            return Sentence((), 0.0)
        certainty = math.exp(sum(math.log(max(word.certainty, 1e-6)) for word in spoken) / len(spoken))
        return Sentence(tuple(self.labels[word.word] for word in spoken), certainty)


def resampled(
    crops: Sequence[npt.NDArray[np.uint8]], times: Sequence[float], end: float, frames: int = FRAMES
) -> npt.NDArray[np.uint8]:
    """Crops of any rate as the network wants them.

    Args:
        crops: uint8 [height, width] each, at least one.
        times: their moments in seconds, ascending.
        end: the moment of the last frame wanted.
        frames: how many are wanted, 25 a second.

    Returns:
        uint8 [frames, height, width], blended from the two crops around each moment; the first one stands for those
        before it.
    """
    wanted = end - np.arange(frames - 1, -1, -1) / RATE
    position = np.interp(wanted, times, np.arange(len(times)))
    lower = position.astype(np.int64)
    upper = np.minimum(lower + 1, len(times) - 1)
    share = (position - lower).astype(np.float32)[:, None, None]
    used, inverse = np.unique(np.concatenate([lower, upper]), return_inverse=True)
    pictures = np.stack([crops[i] for i in used]).astype(np.float32)[inverse]
    blended = pictures[:frames] * (1 - share) + pictures[frames:] * share
    return np.asarray(np.rint(blended), np.uint8)
