"""Why the music changes course: which of its changes is worth a sentence, and when."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.director.controls import MusicControls, changed_locks
from soundit_edge.music.director.reason_log import Reason
from soundit_edge.music.director.target import RANGES, MusicTarget
from soundit_edge.music.director.wording import choice_words, differs, reason_for, reason_for_choice

TURN_S: Final = 3.0
"""Seconds after the mood turned for which what the music does is still its answer to that."""
DRIFT_S: Final = 1.5
"""Seconds that another destination has to last to be worth a word where the mood did not turn."""


@dataclass(frozen=True, slots=True)
class _Explanation:
    """The words for a choice of the user.

    Attributes:
        words: what was chosen.
        t: when this was first said.
        before: what the music did then.
    """

    words: str
    t: float
    before: MusicTarget


class Narrator:
    """Says why the music changes course, each reason once, from the steps of a director."""

    def __init__(self, controls: MusicControls, target: MusicTarget) -> None:
        """Begin in a neutral room, with `controls` and `target` in force, which need no words."""
        self._who = "you"  # made the latest choice
        self._controls = self._explained_controls = controls
        self._chosen_from = target  # what the music did when the user chose what is not explained yet
        self._explanation = _Explanation("", -math.inf, target)
        self._emotion = Emotion.NEUTRAL
        self._turn_t = -math.inf  # when the mood turned to it
        self._turned_from = target  # what the music did then
        self._announced: MusicTarget | None = target  # None: the next destination needs no words
        self._agreed_t = -math.inf  # when the destination was last the announced one
        self._reason = Reason(0.0, "")

    def step(
        self,
        t: float,
        emotion: Emotion,
        leads_to: Emotion | None,
        before: MusicTarget,
        destination: MusicTarget,
        unheard: Collection[str] = (),
    ) -> Reason:
        """Return why the music last changed course; the words are "" before it first did.

        Args:
            t: the moment, in seconds, never falling.
            emotion: what the room feels.
            leads_to: what the music tries to make the room feel, if anything.
            before: what the music did before this step.
            destination: where it is going.
            unheard: parameters that are left out for now.
        """
        if emotion is not self._emotion:
            self._emotion, self._turn_t, self._turned_from = emotion, t, before
        if self._announced is None:
            self._announced = destination
        if self._controls != self._explained_controls:
            self._explain_controls(t, destination, unheard)
        elif not differs(self._announced, destination, unheard):
            self._agreed_t = t
        elif t - self._turn_t < TURN_S:
            # While the mood is still turning, the same sentence is only mended.
            words = reason_for(emotion, True, self._turned_from, destination, unheard=unheard)
            self._announce(words, self._turn_t, destination)
        elif t - self._agreed_t >= DRIFT_S:
            # The music keeps up with where it is led: what has changed is the destination.
            since = before if leads_to is None else self._announced
            self._announce(reason_for(emotion, False, since, destination, leads_to, unheard), t, destination)
        return self._reason

    def forget(self) -> None:
        """Begin again with the next destination, which needs no words: other music plays, with its own way there."""
        self._announced = None

    def choose(self, controls: MusicControls, who: str, target: MusicTarget) -> None:
        """Explain a choice with the next step.

        Args:
            controls: all that is in force from now on.
            who: chose it, as the subject of a sentence; "": nobody, time has passed.
            target: what the music did until now.
        """
        if self._controls == self._explained_controls:
            self._chosen_from = target
        self._controls, self._who = controls, who

    def _explain_controls(self, t: float, destination: MusicTarget, unheard: Collection[str]) -> None:
        """Say what was chosen since this was last said, and what will be heard of it."""
        explained, controls = self._explained_controls, self._controls
        words = choice_words(explained, controls, self._who)
        # A slider on its way is one choice.
        latest = self._explanation
        if words != latest.words or latest.t != self._reason.t or t - latest.t > TURN_S:
            self._explanation = latest = _Explanation(words, t, self._chosen_from)
        changed: Collection[str] = RANGES
        if replace(controls, locks=explained.locks) == explained:
            changed = changed_locks(explained, controls)
        there = replace(latest.before, **{name: getattr(destination, name) for name in changed})
        self._announce(reason_for_choice(words, latest.before, there, unheard), latest.t, destination)
        self._explained_controls = controls
        self._turn_t = -math.inf  # what comes now is no longer the answer to the room's last turn

    def _announce(self, words: str, t: float, destination: MusicTarget) -> None:
        if words:
            self._reason, self._announced = Reason(t, words), destination
