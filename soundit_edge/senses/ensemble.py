"""All senses that are switched on, built from one model set."""

from __future__ import annotations

from dataclasses import dataclass

from soundit_edge.capture import Frame, Sound
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses import Sense
from soundit_edge.senses.face import FaceSense
from soundit_edge.senses.hue import HueSense
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


def assemble(settings: SensesSettings, model_set: ModelSet) -> Ensemble:
    """Load the senses that are switched on.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    seeing: list[Sense[Frame]] = []
    hearing: list[HearingSense] = []
    if settings.face:
        seeing.append(FaceSense(model_set))
    if settings.hue:
        seeing.append(HueSense())
    if settings.voice:
        voice = VoiceSense(model_set)
        hearing.append(HearingSense(voice, voice.window))
    return Ensemble(tuple(seeing), tuple(hearing))
