"""From frame-wise word probabilities to words: the best path through a grammar, or through words in any order.

Viterbi (1967) over frames. A word lasts at least `MIN_FRAMES`; before, between and after words there may be silence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

MIN_FRAMES: Final = 2
_FLOOR: Final = 1e-4
_NEVER: Final = -1e9


@dataclass(frozen=True, slots=True)
class Spoken:
    """One recognised word.

    Attributes:
        word: position among the labels.
        first: its first frame.
        last: its last frame.
        certainty: 0 to 1, the geometric mean of its probability over its frames.
    """

    word: int
    first: int
    last: int
    certainty: float


class Decoder:
    """Finds the likeliest words in frame-wise probabilities."""

    def __init__(
        self, slots: Sequence[Sequence[int]], *, silence: int = 0, loop: bool = False, insertion: float = 0.0
    ) -> None:
        """Args:
        slots: the words that may stand at each place of the sentence, by their positions among the labels.
        silence: the label of silence.
        loop: the sentence may begin anew after its end, and end after no word at all; for words in any order.
        insertion: added to a path's logarithm for each word; negative for fewer words.
        """
        self._loop = loop
        self._insertion = insertion
        # States, in this order: the silences before each slot and after the last; each word's first frames, one state
        # each, the last of which it may stay in.
        self._silences = len(slots) + 1
        words = [(slot, word) for slot, choices in enumerate(slots) for word in choices]
        self._slot = np.array([slot for slot, _ in words])
        self._word = np.array([word for _, word in words])
        self._label = np.concatenate([np.full(self._silences, silence), np.repeat(self._word, MIN_FRAMES)])
        self._begin = self._silences + MIN_FRAMES * np.arange(len(words))
        self._end = self._begin + MIN_FRAMES - 1

    def decode(self, probabilities: npt.NDArray[np.floating[Any]]) -> list[Spoken]:
        """The likeliest words.

        Args:
            probabilities: [frames, labels]; at least one frame, or `MIN_FRAMES` a slot where there is a grammar.
        """
        scores = np.log(np.maximum(probabilities, _FLOOR))
        best, back = self._forward(scores[:, self._label])
        if self._loop:
            ends = [*self._end, *range(self._silences)]
        else:
            ends = [*self._end[self._slot == self._slot[-1]], self._silences - 1]
        path = [int(ends[int(np.argmax(best[ends]))])]
        for before in back[:0:-1]:
            path.append(int(before[path[-1]]))
        return self._words_of(path[::-1], scores)

    def _forward(self, scores: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Score of the best path into each state at the end, [states]; where it came from, [frames, states]."""
        frames, states = scores.shape
        inner = np.setdiff1d(np.arange(self._silences, states), self._begin)
        value = np.full(states, _NEVER)
        value[0] = scores[0, 0]
        opening = self._begin if self._loop else self._begin[self._slot == 0]
        value[opening] = scores[0, opening] + self._insertion
        back = np.zeros((frames, states), np.int64)
        for t in range(1, frames):
            came = np.arange(states)
            # Only silences and the last states of words may be stayed in.
            new = np.full(states, _NEVER)
            new[: self._silences], new[self._end] = value[: self._silences], value[self._end]
            step = value[inner - 1] > new[inner]
            moved = inner[step]
            new[moved], came[moved] = value[moved - 1], moved - 1
            for slot in range(self._silences):
                self._enter(slot, value, new, came)
            value = new + scores[t]
            back[t] = came
        return value, back

    def _enter(
        self, slot: int, value: npt.NDArray[np.float64], new: npt.NDArray[np.float64], came: npt.NDArray[np.int64]
    ) -> None:
        """Paths into the silence before a slot, and into its words from that silence or from the slot before."""
        before = self._end[self._slot == slot - 1]
        if self._loop and slot == 0:
            before = self._end
        if len(before):
            last = int(before[np.argmax(value[before])])
            if value[last] > new[slot]:
                new[slot], came[slot] = value[last], last
        else:
            last = slot
        source = last if value[last] > value[slot] else slot
        opening = self._begin[self._slot == slot]
        entered = opening[value[source] + self._insertion > new[opening]]
        new[entered], came[entered] = value[source] + self._insertion, source

    def _words_of(self, path: Sequence[int], scores: npt.NDArray[np.float64]) -> list[Spoken]:
        first_states = set(self._begin.tolist())
        begins = [t for t, state in enumerate(path) if state in first_states]
        spoken = []
        for t in begins:
            # A word's frames: its first states one after the other, then the last of them again and again.
            stays = t + MIN_FRAMES - 1
            last = next((u - 1 for u in range(stays + 1, len(path)) if path[u] != path[stays]), len(path) - 1)
            last = min(last, len(path) - 1)
            word = int(self._label[path[t]])
            spoken.append(Spoken(word, t, last, math.exp(float(scores[t : last + 1, word].mean()))))
        return spoken


def edits(said: Sequence[object], truth: Sequence[object]) -> int:
    """Levenshtein's (1966) distance: the substitutions, deletions and insertions that make `said` the truth."""
    row = list(range(len(truth) + 1))
    for i, a in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(truth, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
