"""The lips sense: which faces talk, what they say as far as it can be read, and what the words say about the mood."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import AFFECT, EMOTIONS, Affect, Reading, distribution
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.face.crops import frontality
from soundit_edge.senses.face.mesh import Mesh
from soundit_edge.senses.face.people import People
from soundit_edge.senses.face.tracker import TrackedFace
from soundit_edge.senses.lips.active_speaker import MIN_MOVEMENT, MIN_TRACK_S, Judgement, speech_in, spoke
from soundit_edge.senses.lips.crops import mouth_of
from soundit_edge.senses.lips.lexicon import affect_of
from soundit_edge.senses.lips.recogniser import FRAMES, MODEL, OWN, LipReader, Sentence
from soundit_edge.senses.lips.track import MouthTrack

LARGEST_SCALE: Final = 1.7
"""A mouth that must be enlarged by more has too few pixels: the eyes of the face are less than 27 pixels apart."""
MIN_FRONTALITY: Final = 0.3
"""The lips of a face that is turned further to the side are not read."""
MAX_MOUTHS: Final = 4
"""The number of mouths that are read at once, the largest first."""
JUDGE_S: Final = 0.2
"""Seconds from one run of the network, for the active speakers and their words, to the next."""
TEXT_S: Final = 3.0
"""Seconds for which words are shown after they were last read."""
MIN_CERTAINTY: Final = 0.45
"""Words that are read with less certainty are discarded: another language, a laugh, a meal."""
MAX_TRUST: Final = 0.4
"""The trust in words that are read with certainty and all have an affect."""

_SPREAD: Final = 0.5
"""Standard deviation, in the plane of valence and arousal, of an emotion around the words' affect."""


@dataclass(frozen=True, slots=True)
class _Heard:
    t: float
    sentence: Sentence


class LipsSense:
    """Reads lips. It follows the mouths in every frame, and runs the network five times a second for those that move.

    The details of a reading are "faces" (the number of faces whose lips can be read), "speaking" (how many of them
    talked 0.4 s ago), and where words were read "text" and "certainty". Its trust is 0 where no word has an affect.
    """

    name = "lips"
    period = 0.04

    def __init__(
        self,
        model_set: ModelSet,
        model: str = MODEL,
        *,
        local: ModelSet | None = None,
        people: People | None = None,
    ) -> None:
        """Load the network.

        Args:
            model_set: the shipped models.
            model: the name of one of them.
            local: the user's own models; where one of them is named `OWN`, it replaces the shipped one.
            people: shows the faces; None for people of its own.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        own = local if local is not None and OWN in local.manifest.models else None
        self._reader = LipReader(model_set, model) if own is None else LipReader(own, OWN)
        self._people = people if people is not None else People()
        self._tracks: dict[int, MouthTrack] = {}
        self._judged_at: float | None = None
        self._judged: dict[int, Judgement] = {}
        self._heard: _Heard | None = None

    def read(self, perceived: Frame) -> Reading | None:
        """Return a reading of the lips in view; None where no lips can be read."""
        faces = sorted(self._people.faces(perceived, readable), key=_size, reverse=True)[:MAX_MOUTHS]
        self._tracks = {face.number: self._tracks.get(face.number, MouthTrack()) for face in faces}
        for face in faces:
            self._tracks[face.number].see(perceived.rgb, perceived.t, face.found)
        if self._judged_at is None or not 0 <= perceived.t - self._judged_at < JUDGE_S - 0.01:
            self._judge(perceived.t)
            self._judged_at = perceived.t
        return self._reading(perceived.t) if faces else None

    def _judge(self, t: float) -> None:
        """Judge which faces talk, and read the words of the largest face that said any."""
        self._judged.clear()
        read: Sentence | None = None
        for number, track in self._tracks.items():
            if track.seconds < MIN_TRACK_S:
                continue
            movement = track.movement()
            if movement < MIN_MOVEMENT:  # whatever the network would say of it
                self._judged[number] = Judgement(t, np.zeros(FRAMES), movement)
                continue
            probabilities = self._reader.probabilities(track.clip(), mirrored=read is None)
            speech = speech_in(probabilities)
            self._judged[number] = Judgement(t, speech, movement)
            if read is None and spoke(speech):
                read = self._reader.sentence(probabilities)
        if self._heard is not None and not 0 <= t - self._heard.t < TEXT_S:
            self._heard = None
        if read is None or read.certainty < MIN_CERTAINTY:
            return
        # A sentence that is not finished yet, or has half left the window, is read with less certainty than the whole.
        last = self._heard
        if last is None or read.words == last.sentence.words or read.certainty > last.sentence.certainty:
            self._heard = _Heard(t, read)

    def _reading(self, t: float) -> Reading:
        speaking = sum(judged.speaks(t) for number, judged in self._judged.items() if number in self._tracks)
        detail: dict[str, float | int | str | bool] = {"faces": len(self._tracks), "speaking": speaking}
        speaks = speaking > 0 if self._tracks else None
        if self._heard is None:
            return Reading(self.name, t, said(Affect(0.0, 0.0)), 0.0, detail, speaks)
        sentence = self._heard.sentence
        affect, share = affect_of(sentence.words)
        detail |= {"text": " ".join(sentence.words), "certainty": round(sentence.certainty, 2)}
        trust = MAX_TRUST * sentence.certainty * min(1.0, 2 * share)
        return Reading(self.name, t, said(affect), trust, detail, speaks)


def readable(face: TrackedFace) -> bool:
    """Return whether a face is near enough, and turned to the camera far enough, for its lips to be read."""
    return (
        isinstance(face.found, Mesh)
        and mouth_of(face.found).scale <= LARGEST_SCALE
        and frontality(face.found) >= MIN_FRONTALITY
    )


def said(affect: Affect) -> tuple[float, ...]:
    """Return words' affect as probabilities in the order of `EMOTIONS`: the nearer an emotion, the likelier it is."""
    weights = {}
    for emotion in EMOTIONS:
        place = AFFECT[emotion]
        squared = (place.valence - affect.valence) ** 2 + (place.arousal - affect.arousal) ** 2
        weights[emotion] = math.exp(-squared / (2 * _SPREAD**2))
    return distribution(weights)


def _size(face: TrackedFace) -> float:
    return float((face.box[2] - face.box[0]) * (face.box[3] - face.box[1]))
