"""The senses that are switched on, built from one model set. A new sense adds one line here (docs/howto/sense.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.inference.models import ModelSet
from soundit_edge.inference.tuning.choice import with_threads
from soundit_edge.senses.body.sense import BodySense
from soundit_edge.senses.face.people import People
from soundit_edge.senses.face.sense import FaceSense
from soundit_edge.senses.hue import HueSense, person_below
from soundit_edge.senses.lips.sense import LipsSense
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.senses.sense import Sense
from soundit_edge.senses.voice.sense import VoiceSense
from soundit_edge.settings import SensesSettings

Built = TypeVar("Built")


@dataclass(frozen=True, slots=True)
class AuditorySense:
    """A sense over windows of sound.

    Attributes:
        sense: the sense that reads the windows.
        window: the length of a window in seconds.
    """

    sense: Sense[Sound]
    window: float


@dataclass(frozen=True, slots=True)
class SenseSet:
    """The senses by what they perceive.

    Attributes:
        visual: those that see.
        auditory: those that hear.
        models: the names of the shipped models that each of them runs, by the sense's name.
    """

    visual: tuple[Sense[Frame], ...]
    auditory: tuple[AuditorySense, ...]
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Parts:
    """The parts that senses are built from.

    Attributes:
        shipped: the shipped models.
        local: the user's own models, or None.
        heads: what the user taught on the page.
        people: those in view, once a sense needs their faces: all senses share them.
    """

    shipped: ModelSet
    local: ModelSet | None
    heads: OwnHeads
    people: People | None = None

    def shared_people(self) -> People:
        """Return the people in view, for senses that need their faces."""
        if self.people is None:
            self.people = People()
        return self.people


def _build_hue(parts: _Parts) -> HueSense:
    people = parts.people
    return HueSense(lambda: [person_below(box) for box in people.boxes] if people is not None else [])


def _build_voice(parts: _Parts) -> AuditorySense:
    voice = VoiceSense(parts.shipped, local=parts.local)
    return AuditorySense(voice, voice.window)


VISUAL: Final[Mapping[str, Callable[[_Parts], Sense[Frame]]]] = {
    "face": lambda parts: FaceSense(parts.shipped, parts.local, people=parts.shared_people(), heads=parts.heads),
    "body": lambda parts: BodySense(parts.shipped, parts.local, people=parts.people, heads=parts.heads),
    "lips": lambda parts: LipsSense(parts.shipped, local=parts.local, people=parts.shared_people()),
    "hue": _build_hue,
}
AUDITORY: Final[Mapping[str, Callable[[_Parts], AuditorySense]]] = {"voice": _build_voice}
"""Builders by the name of their modality, in the order in which they are built."""


def assemble(
    settings: SensesSettings,
    shipped: ModelSet,
    local: ModelSet | None = None,
    *,
    threads: int | None = None,
    heads: OwnHeads | None = None,
) -> SenseSet:
    """Load the senses that are switched on.

    Args:
        settings: the switches.
        shipped: the shipped models.
        local: the user's own models; each sense documents how it uses them.
        threads: as in `with_threads`.
        heads: has what the user taught on the page; None: nothing.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    parts, wanted = _Parts(shipped, local, heads or OwnHeads()), settings.switched_on()
    models: dict[str, Sequence[str]] = {}

    def built(builders: Mapping[str, Callable[[_Parts], Built]]) -> Iterator[Built]:
        for name, build in builders.items():
            if name in wanted:
                before = len(shipped.loaded)
                yield build(parts)
                models[name] = tuple(shipped.loaded[before:])

    with with_threads(threads):
        return SenseSet(visual=tuple(built(VISUAL)), auditory=tuple(built(AUDITORY)), models=models)
