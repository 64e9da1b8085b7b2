"""The heads in use: the senses read them at each moment, so that one that is kept or let go counts at once."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.body.net import MODEL as BODY_MODEL
from soundit_edge.senses.face.expression import MODEL as FACE_MODEL
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.shelf import Shelf

log = logging.getLogger(__name__)

MODELS: Mapping[Kind, str] = {"expression": FACE_MODEL, "gesture": BODY_MODEL}
"""The shipped model whose outputs are among the features of each kind."""


class OwnHeads:
    """Holds at most one head of each kind. Safe between threads: a head is replaced as a whole."""

    def __init__(self) -> None:
        """Hold none."""
        self._heads: dict[Kind, Head] = {}
        self._resting = False

    def of(self, kind: Kind) -> Head | None:
        """Return the head in use; None: the shipped model reads alone."""
        return None if self._resting else self._heads.get(kind)

    def put(self, kind: Kind, head: Head | None) -> None:
        """Use a head from now on; None: none."""
        heads = {one: other for one, other in self._heads.items() if one != kind}
        self._heads = heads if head is None else {**heads, kind: head}

    def rest(self, resting: bool) -> None:
        """Let all heads rest, as in a public place, where nothing about individuals counts; or use them again."""
        self._resting = resting

    def load(self, shelf: Shelf, model_set: ModelSet) -> None:
        """Use what was kept; of one that is damaged or outdated a line goes to the log, and the shipped model reads."""
        for kind, name in shelf.in_use().items():
            try:
                self.put(kind, usable(shelf.head(name), kind, model_set))
            except SounditError as error:
                log.warning("your own %ss are not used: %s", kind, error)


def usable(content: HeadFile, kind: Kind, model_set: ModelSet) -> Head:
    """Return the head in a file.

    Raises:
        ModelSetError: it is of another kind, damaged, or was learnt on another model than the shipped one of today.
    """
    if content.info.kind != kind:
        raise ModelSetError("it is of another kind")
    if content.info.basis != basis_of(kind, model_set):
        raise ModelSetError("it was learnt beside another model: record and learn it again")
    return content.head()


def basis_of(kind: Kind, model_set: ModelSet) -> str:
    """Return the SHA-256 of the shipped model whose outputs are among the features.

    Raises:
        ModelSetError: the set does not have it.
    """
    return model_set.entry(MODELS[kind]).sha256
