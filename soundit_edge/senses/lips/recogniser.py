"""From mouth crops to words: the network over three seconds, also of their mirror image, and the decoder."""

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
"""The local model that `python -m tools.train.lips --data FOLDER` installs, with other words and no grammar."""
RATE: Final = 25
"""Frames a second of the network's input."""
FRAMES: Final = 75
NEIGHBOURS: Final = 2
"""Frames before and after each frame that are its further channels in the network's input."""
INSERTION: Final = -2.0
"""The cost of a word where words may come in any order, so that a few unsure frames add no word."""

_MIN_DEVIATION: Final = 4.0
_CLIP: Final = 3.0


def prepare(crops: npt.NDArray[np.uint8] | npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the network's input: a clip at zero mean and unit deviation, each frame with its neighbours.

    Args:
        crops: [75, 32, 56] grey, 0 to 255, 25 a second.

    Returns:
        float32 [75 x 32, 56, 5], within -3 to 3, the frames below each other. The first and the last frame stand in
        for those before and after.
    """
    return stacked(normalised(np.asarray(crops, np.float32)))


def normalised(crops: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return a clip [frames, 32, 56] at zero mean and unit deviation, clipped to -3 and 3.

    The noise of a flat clip is not amplified.
    """
    x = (crops - crops.mean()) / max(float(crops.std()), _MIN_DEVIATION)
    return np.asarray(np.clip(x, -_CLIP, _CLIP), dtype=np.float32)


def stacked(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return frames [n, 32, 56] below each other, each with its neighbours as channels: [n x 32, 56, 5]."""
    padded = np.pad(x, ((NEIGHBOURS, NEIGHBOURS), (0, 0), (0, 0)), mode="edge")
    views = sliding_window_view(padded, 2 * NEIGHBOURS + 1, 0)
    return np.ascontiguousarray(views).reshape(-1, WIDTH, 2 * NEIGHBOURS + 1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words that were read from a mouth.

    Attributes:
        words: in order of time.
        certainty: 0 to 1, the geometric mean of the words' certainties; 0 without a word.
    """

    words: tuple[str, ...]
    certainty: float


class LipReader:
    """A lip-reading network with its decoder. One caller at a time.

    Attributes:
        labels: its words; the first is silence.
    """

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network.

        Args:
            model_set: the models to load from.
            model: the name of one of them, which takes the same input.

        Raises:
            ModelSetError: the set does not have the model, or the model is damaged or made for another input.
            InferenceError: no runtime can load the model.
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
        # The grammar is that of GRID alone.
        known = self.labels == WORDS
        self._grammar = Decoder([[places[word] for word in slot] for slot in SLOTS]) if known else None

    def probabilities(self, crops: npt.NDArray[np.uint8], *, mirrored: bool = True) -> npt.NDArray[np.float32]:
        """Return the probability of each word in each frame.

        Args:
            crops: uint8 [75, 32, 56], 25 a second.
            mirrored: whether to take the mean with the output for the mirror image: twice the time, fewer errors.

        Returns:
            float32 [75, labels].
        """
        x = normalised(crops.astype(np.float32))
        said = self._model.run(stacked(x)[None])[0][0].copy()
        if mirrored:
            said = (said + self._model.run(stacked(x[:, :, ::-1])[None])[0][0]) / 2
        return np.asarray(said, np.float32)

    def spoken(self, probabilities: npt.NDArray[np.float32], *, grammar: bool = True) -> list[Spoken]:
        """Return the likeliest words for probabilities [75, labels].

        They are a sentence of the grammar where `grammar` is true and the network has one, else words in any order.
        """
        decoder = self._grammar if grammar and self._grammar is not None else self._free
        return decoder.decode(probabilities)

    def sentence(self, probabilities: npt.NDArray[np.float32]) -> Sentence:
        """Return the likeliest words for probabilities [75, labels] as text, with their certainty."""
        spoken = self.spoken(probabilities)
        if not spoken:
            return Sentence((), 0.0)
        certainty = math.exp(sum(math.log(max(word.certainty, 1e-6)) for word in spoken) / len(spoken))
        return Sentence(tuple(self.labels[word.word] for word in spoken), certainty)


def resampled(
    crops: Sequence[npt.NDArray[np.uint8]], times: Sequence[float], end: float, frames: int = FRAMES
) -> npt.NDArray[np.uint8]:
    """Return crops of any rate at the network's rate.

    Args:
        crops: uint8 [height, width] each, at least one.
        times: their moments in seconds, ascending.
        end: the moment of the last frame to return.
        frames: the number of frames to return, 25 a second.

    Returns:
        uint8 [frames, height, width], blended from the two crops around each moment; the first crop stands in for
        those before it.
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
