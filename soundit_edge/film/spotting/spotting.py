"""What a film asks of its music: the result of spotting, as film composers call the choice of where music does what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soundit_edge.film.spotting.dialogue import Span
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.film.spotting.sections import SceneSection


@dataclass(frozen=True, slots=True)
class Spotting:
    """What a film asks of its music.

    Attributes:
        scenes: of the film, without gaps.
        sections: of the scenes, without gaps; each scene has one at least.
        speech: the spans of dialogue that is kept, in seconds of the film's clock.
    """

    scenes: Sequence[Scene]
    sections: Sequence[SceneSection]
    speech: Sequence[Span] = ()
