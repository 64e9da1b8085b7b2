"""The senses that are switched on, built from one model set. A new sense adds one line here (docs/howto/sense.md)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from soundit_edge.senses.sight import Sighting
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

    def boxes(self, t: float) -> list[tuple[float, ...]] | None:
        """Return the boxes of the faces in view at `t` (seconds); None where no sense looks for faces."""
        return self.people.boxes(t) if self.people is not None else None

    def count(self, t: float) -> int | None:
        """Return the number of faces in view at `t` (seconds); None where no sense looks for faces."""
        boxes = self.boxes(t)
        return None if boxes is None else len(boxes)


def _build_hue(parts: _Parts) -> HueSense:
    return HueSense(lambda t: [person_below(box) for box in parts.boxes(t) or ()])


def _build_voice(parts: _Parts) -> AuditorySense:
    voice = VoiceSense(parts.shipped, local=parts.local)
    return AuditorySense(voice, voice.window)


VISUAL: Final[Mapping[str, Callable[[_Parts], Sense[Frame]]]] = {
    "face": lambda parts: FaceSense(parts.shipped, parts.local, people=parts.shared_people(), heads=parts.heads),
    "body": lambda parts: BodySense(parts.shipped, parts.local, faces=parts.count, heads=parts.heads),
    "lips": lambda parts: LipsSense(parts.shipped, local=parts.local, people=parts.shared_people()),
    "hue": _build_hue,
}
AUDITORY: Final[Mapping[str, Callable[[_Parts], AuditorySense]]] = {"voice": _build_voice}
"""Builders by the name of their modality, in the order in which they are built."""


class SenseBuilder:
    """Loads senses one by one, also while others run; all share the people in view. Safe between threads.

    Attributes:
        models: the names of the shipped models that each sense runs, by the sense's name.
    """

    def __init__(
        self,
        shipped: ModelSet,
        local: ModelSet | None = None,
        *,
        threads: int | None = None,
        heads: OwnHeads | None = None,
    ) -> None:
        """Load nothing yet; the arguments are those of `assemble`."""
        self.models: dict[str, Sequence[str]] = {}
        self._parts = _Parts(shipped, local, heads or OwnHeads())
        self._further: dict[int, _Parts] = {}  # of further cameras, which see other people
        self._threads = threads
        self._lock = threading.Lock()
        self._watching: BodySense | None = None

    def visual(self, name: str) -> Sense[Frame]:
        """Load a sense of `VISUAL`.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        sense = self._built(name, VISUAL[name])
        if isinstance(sense, BodySense):
            self._watching = sense
        return sense

    def for_camera(self, name: str, camera: int) -> Sense[Frame]:
        """Load a sense of `VISUAL` once more, for a further camera (from 1) with people of its own in view.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        with self._lock, with_threads(self._threads):
            parts = self._further.get(camera)
            if parts is None:
                parts = self._further[camera] = replace(self._parts, people=None)
            return VISUAL[name](parts)

    def auditory(self, name: str) -> AuditorySense:
        """Load a sense of `AUDITORY`; see `visual`."""
        return self._built(name, AUDITORY[name])

    def build(self, names: Collection[str]) -> SenseSet:
        """Load the senses of these names.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        visual = tuple(self.visual(name) for name in VISUAL if name in names)
        auditory = tuple(self.auditory(name) for name in AUDITORY if name in names)
        return SenseSet(visual, auditory, self.models, self)

    def sightings(self) -> list[Sighting]:
        """Return what was found in the latest frame by each sense that finds faces or bodies."""
        people, watching = self._parts.people, self._watching
        found = (people.sighting() if people else None, watching.sighting if watching else None)
        return [one for one in found if one is not None]

    def _built(self, name: str, build: Callable[[_Parts], Built]) -> Built:
        with self._lock, with_threads(self._threads):
            loaded = self._parts.shipped.loaded
            before = len(loaded)
            sense = build(self._parts)
            self.models[name] = tuple(loaded[before:])
            return sense


@dataclass(frozen=True, slots=True)
class SenseSet:
    """The senses by what they perceive.

    Attributes:
        visual: those that see.
        auditory: those that hear.
        models: the names of the shipped models that each of them runs, by the sense's name.
        builder: loads the others when they are switched on; None where none are.
    """

    visual: tuple[Sense[Frame], ...]
    auditory: tuple[AuditorySense, ...]
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)
    builder: SenseBuilder | None = None


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
        shipped: the model set: the shipped one, or one that came over the air in its place.
        local: the user's own models; each sense documents how it uses them.
        threads: as in `with_threads`.
        heads: has what the user taught on the page; None: nothing.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    return SenseBuilder(shipped, local, threads=threads, heads=heads).build(settings.switched_on())
