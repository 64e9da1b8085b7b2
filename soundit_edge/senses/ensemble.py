"""All senses that are switched on, built from one model set."""

from __future__ import annotations

from dataclasses import dataclass

from soundit_edge.capture import Frame, Sound
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses import Sense
from soundit_edge.senses.body import BodySense
from soundit_edge.senses.face import FaceSense
from soundit_edge.senses.hue import HueSense, person_below
from soundit_edge.senses.lips import LipsSense
from soundit_edge.senses.voice import VoiceSense
from soundit_edge.settings import SensesSettings


@dataclass(frozen=True, slots=True)
class HearingSense:
    """A sense over windows of sound.

    Attributes:
        sense: what reads them.
        window: their length in seconds.
    """

    sense: Sense[Sound]
    window: float


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The senses by what they perceive."""

    seeing: tuple[Sense[Frame], ...]
    hearing: tuple[HearingSense, ...]


def assemble(settings: SensesSettings, model_set: ModelSet, local: ModelSet | None = None) -> Ensemble:
    """Load the senses that are switched on.

    Args:
        settings: which ones.
        model_set: the shipped models.
        local: the user's own; what each sense makes of them, it says itself.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    seeing: list[Sense[Frame]] = []
    hearing: list[HearingSense] = []
    face = FaceSense(model_set, local) if settings.face else None
    if face is not None:
        seeing.append(face)
    if settings.body:
        seeing.append(BodySense(model_set, local))
    if settings.lips:
        seeing.append(LipsSense(model_set, local=local))
    if settings.hue:
        seeing.append(HueSense(lambda: [person_below(box) for box in face.boxes] if face is not None else []))
    if settings.voice:
        voice = VoiceSense(model_set, local=local)
        hearing.append(HearingSense(voice, voice.window))
    return Ensemble(tuple(seeing), tuple(hearing))
