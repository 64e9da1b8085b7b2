"""What the listener likes in which mood, learnt from what they do with the songs.

Bayesian logistic regression over `traits`: the weights that are likeliest given the prior and the judgements (MAP), and
around them a normal distribution (Laplace's approximation; MacKay 1992). A song is picked by weights drawn from it
(Thompson sampling: Chapelle & Li 2011), so that what little is known of is tried now and then. All of it is computed
again from what happened, so that neither the order of the events nor a restart matters.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.music.library.play_history import Event, PlayEvent
from soundit_edge.music.library.recommend.explain import Feedback
from soundit_edge.music.library.recommend.fit import asked, columns, fits
from soundit_edge.music.library.recommend.preference_features import prior, traits
from soundit_edge.music.library.recommend.reach import Floats
from soundit_edge.music.library.recommend.request import MoodRequest, request_for
from soundit_edge.music.library.song import Song

MEMORY: Final = 1_000
"""So many judgements are learnt from, the latest ones: tastes change."""
DARING: Final = 0.15
"""How much of the doubt about the weights goes into the draw; 1 is Thompson sampling proper."""
_PLEASED: Final[Mapping[Event, tuple[float, float]]] = {
    Event.FINISHED: (1.0, 1.0),
    Event.REPLAYED: (1.0, 1.5),
    Event.LIKED: (1.0, 3.0),
    Event.DOWNLOADED: (1.0, 3.0),
    Event.DISLIKED: (0.0, 3.0),
}
"""What an event says: whether the song pleased, and what that counts."""
_LATE_SKIP: Final = 0.5
"""How much a song pleased that was skipped at its very end; in proportion where it was earlier."""
_STEPS: Final = 30
_SETTLED: Final = 1e-6


class Taste:
    """What is known of a listener."""

    def __init__(self) -> None:
        """Know nothing, which makes the plain ranking."""
        self._mean, self._deviation = prior()
        self._weights = self._mean
        self._spread = np.diag(self._deviation)  # a square root of the covariance of what is believed
        self._rows: deque[Floats] = deque(maxlen=MEMORY)
        self._said: deque[tuple[float, float]] = deque(maxlen=MEMORY)
        self._feedback: dict[int, dict[Emotion, dict[Event, int]]] = {}
        self._stale = False

    @classmethod
    def learnt(cls, entries: Iterable[PlayEvent], songs: Iterable[Song]) -> Taste:
        """Learn from the events of a `Record`, in their order; events of songs that are gone are left out."""
        taste, known = cls(), {song.id: song for song in songs}
        pairs = [(entry, known[entry.song]) for entry in entries if entry.song in known]
        for entry, _ in pairs:
            taste._count(entry)
        judging = [(entry, song) for entry, song in pairs if judged(entry, song)]
        for entry, song in judging[-MEMORY:]:
            taste._judge(entry, song)
        return taste

    def learn(self, entry: PlayEvent, song: Song) -> None:
        """Take in what happened to a song."""
        self._count(entry)
        self._judge(entry, song)

    def _count(self, entry: PlayEvent) -> None:
        events = self._feedback.setdefault(entry.song, {}).setdefault(entry.emotion, {})
        events[entry.event] = events.get(entry.event, 0) + 1

    def _judge(self, entry: PlayEvent, song: Song) -> None:
        judgement = judged(entry, song)
        if judgement is None:
            return
        request = request_for(entry.emotion, entry.affect, policy=entry.policy)
        fit = fits(columns([song]), asked([request]))
        self._rows.append(traits([song]).rows(fit, EMOTIONS.index(request.felt))[0])
        self._said.append(judgement)
        self._stale = True

    def feedback(self, song: int) -> Feedback:
        """Count what happened to a song, by mood."""
        return self._feedback.get(song, {})

    @property
    def judgements(self) -> int:
        """Return how many judgements the model has learnt from."""
        return len(self._rows)

    def chances(
        self, songs: Sequence[Song], request: MoodRequest, fit: Floats, rng: np.random.Generator | None = None
    ) -> Floats:
        """Estimate how likely each song pleases in the requested mood, float64 [n], between 0 and 1.

        Args:
            songs: to be judged.
            request: that they are for.
            fit: how well they fit it, float64 [n], 0 to 1.
            rng: to draw from what is believed; None: what is likeliest.
        """
        if self._stale:
            self._settle()
        weights = self._weights
        if rng is not None:
            weights = weights + DARING * (self._spread @ rng.standard_normal(len(weights)))
        values = traits(songs).values(weights, fit, EMOTIONS.index(request.felt))
        return _logistic(values)

    def _settle(self) -> None:
        """Find the likeliest weights by Newton's method, and how sure they are."""
        rows = np.array(self._rows)
        pleased, count = np.array(self._said).T
        certainty = self._deviation**-2.0
        weights = self._weights
        loss = self._loss(weights, rows, pleased, count)
        for _ in range(_STEPS):
            chances = _logistic(rows @ weights)
            slope = rows.T @ (count * (chances - pleased)) + certainty * (weights - self._mean)
            curve = (rows.T * (count * chances * (1.0 - chances))) @ rows
            curve[np.diag_indices_from(curve)] += certainty
            step = np.linalg.solve(curve, slope)
            share = 1.0
            while (new_loss := self._loss(weights - share * step, rows, pleased, count)) > loss and share > 1e-6:
                share /= 2.0
            weights, gain, loss = weights - share * step, loss - new_loss, new_loss
            if gain < _SETTLED:
                break
        self._spread = np.linalg.inv(np.linalg.cholesky(curve)).T
        self._weights, self._stale = weights, False

    def _loss(self, weights: Floats, rows: Floats, pleased: Floats, count: Floats) -> float:
        values = rows @ weights
        unlikely = count * (np.logaddexp(0.0, values) - pleased * values)
        return float(unlikely.sum() + 0.5 * (((weights - self._mean) / self._deviation) ** 2).sum())


def judged(entry: PlayEvent, song: Song) -> tuple[float, float] | None:
    """Return how much a song pleased, 0 to 1, and the weight of that; None: the event tells nothing."""
    if entry.event is Event.SKIPPED:
        heard = 0.0 if entry.seconds is None else min(1.0, entry.seconds / max(1.0, song.duration_s))
        return _LATE_SKIP * heard, 1.0
    return _PLEASED.get(entry.event)


def _logistic(values: Floats) -> Floats:
    out: Floats = 0.5 * (1.0 + np.tanh(0.5 * values))
    return out
