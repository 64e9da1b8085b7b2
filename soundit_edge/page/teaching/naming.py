"""What sets and labels may be called: what a user typed, checked, and refused in words."""

from __future__ import annotations

import contextlib
import datetime
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter, ValidationError

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.senses.own.labels import Kind, OwnLabels, ShownName
from soundit_edge.senses.own.takes import SetInfo

_LABELS: Final[TypeAdapter[OwnLabels]] = TypeAdapter(OwnLabels)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(ShownName)


def new_set(kind: Kind, name: str, labels: Sequence[Mapping[str, str]], basis: str) -> SetInfo:
    """Return the description of a new set, begun today.

    Args:
        kind: expressions or gestures.
        name: of the set.
        labels: the "name" and the "emotion" of each.
        basis: see `SetInfo`.

    Raises:
        InvalidChange: the name or the labels cannot be used.
    """
    with _in_words():
        return SetInfo(
            id=secrets.token_hex(8),
            kind=kind,
            name=_NAME.validate_python(name),
            created=datetime.date.today().isoformat(),
            labels=_LABELS.validate_python(labels),
            basis=basis,
        )


def renamed(info: SetInfo, name: str) -> SetInfo:
    """Return a description with another name.

    Raises:
        InvalidChange: the name cannot be used.
    """
    with _in_words():
        return info.model_copy(update={"name": _NAME.validate_python(name)})


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Raise `InvalidChange` with a sentence where a model finds a value invalid."""
    try:
        yield
    except ValidationError as error:
        words = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InvalidChange(f"{words[:1].upper()}{words[1:]}.") from error
