"""What a user's own expressions and gestures are called, and which emotion each of them counts as."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from soundit_edge.emotion import EMOTIONS, Emotion, distribution

Kind = Literal["expression", "gesture"]
"""An expression is seen on a face in one picture, a gesture on a body over two seconds."""
SENSE_OF: Final[dict[Kind, str]] = {"expression": "face", "gesture": "body"}
MIN_LABELS: Final = 2
MAX_LABELS: Final = 8
MAX_NAME: Final = 40


def _shown(name: str) -> str:
    """Return a name as it is shown: composed, without spaces around it.

    Raises:
        ValueError: it is empty, too long, or holds what cannot be seen, such as a mark that turns the text round.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise ValueError(f"a name has 1 to {MAX_NAME} characters")
    if not name.isprintable():
        raise ValueError("a name is made of characters that can be seen")
    return name


ShownName = Annotated[str, AfterValidator(_shown)]
"""A name for people: 1 to 40 characters that can be seen."""


class OwnLabel(BaseModel):
    """One expression or gesture.

    Attributes:
        name: what the user calls it.
        emotion: what it counts as in the mood.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ShownName
    emotion: Emotion


def _distinct(labels: tuple[OwnLabel, ...]) -> tuple[OwnLabel, ...]:
    folded = [unicodedata.normalize("NFKC", label.name).casefold() for label in labels]
    if len(set(folded)) < len(folded):
        raise ValueError("two labels have the same name")
    return labels


OwnLabels = Annotated[
    tuple[OwnLabel, ...], Field(min_length=MIN_LABELS, max_length=MAX_LABELS), AfterValidator(_distinct)
]
"""The labels of one set: two to eight, all of different names."""


def emotions_of(labels: Sequence[OwnLabel], probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return probabilities of labels, [n], in the order of `EMOTIONS`: labels of one emotion add up."""
    weights = dict.fromkeys(EMOTIONS, 0.0)
    for label, p in zip(labels, probabilities, strict=True):
        weights[label.emotion] += float(p)
    return distribution(weights)
