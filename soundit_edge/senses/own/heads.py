"""The heads in use: the senses read them at each moment, so that one that is kept or let go counts at once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.body.net import MODEL as BODY_MODEL
from soundit_edge.senses.face.expression import MODEL as FACE_MODEL
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.shelf import Shelf

log = logging.getLogger(__name__)

MODELS: Final[Mapping[Kind, str]] = {"expression": FACE_MODEL, "gesture": BODY_MODEL}
"""The model whose outputs are among the features of each kind."""
OUTDATED: Final = "it was learnt beside another model: record and learn it again"


class OwnHeads:
    """Holds at most one head of each kind. Safe between threads: a head is replaced as a whole.

    A head is of use only beside the very model that it was learnt beside, its basis: a sense that runs another one does
    not get it, and gets it again once it runs that one.
    """

    def __init__(self) -> None:
        """Hold none."""
        self._heads: dict[Kind, tuple[str, Head]] = {}
        self._resting = False

    def of(self, kind: Kind, basis: str) -> Head | None:
        """Return the head in use beside a model; None: that reads alone.

        Args:
            kind: of the head.
            basis: the model; see `basis_of`.
        """
        held = None if self._resting else self._heads.get(kind)
        return held[1] if held is not None and held[0] == basis else None

    def put(self, kind: Kind, head: Head, basis: str) -> None:
        """Use a head from now on.

        Args:
            kind: of the head.
            head: this one.
            basis: the model that it was learnt beside; see `basis_of`.
        """
        self._heads = {**self._heads, kind: (basis, head)}

    def remove(self, kind: Kind) -> None:
        """Use no head of a kind from now on."""
        self._heads = {one: other for one, other in self._heads.items() if one != kind}

    def rest(self, resting: bool) -> None:
        """Let all heads rest, as in a public place, where nothing about individuals counts; or use them again."""
        self._resting = resting

    def load(self, shelf: Shelf, model_set: ModelSet) -> None:
        """Use what was kept; of one that is damaged or outdated a line goes to the log, and the model reads alone."""
        for kind, name in shelf.in_use().items():
            try:
                content = shelf.head(name)
                self.put(kind, _whole(content, kind), content.info.basis)
            except SounditError as error:
                log.warning("your own %ss are not used: %s", kind, error)
        for kind in self.outdated(model_set):
            log.warning("your own %ss are not used: %s", kind, OUTDATED)

    def outdated(self, model_set: ModelSet) -> list[Kind]:
        """Return the kinds whose head was learnt beside another model than that of a set."""
        entries = model_set.manifest.models
        return [
            kind
            for kind, (basis, _) in self._heads.items()
            if MODELS[kind] not in entries or entries[MODELS[kind]].sha256 != basis
        ]


def usable(content: HeadFile, kind: Kind, model_set: ModelSet) -> Head:
    """Return the head in a file.

    Raises:
        ModelSetError: it is of another kind, damaged, or was learnt beside another model than that of the set.
    """
    if content.info.basis != basis_of(kind, model_set):
        raise ModelSetError(OUTDATED)
    return _whole(content, kind)


def _whole(content: HeadFile, kind: Kind) -> Head:
    if content.info.kind != kind:
        raise ModelSetError("it is of another kind")
    return content.head()


def basis_of(kind: Kind, model_set: ModelSet) -> str:
    """Return the SHA-256 of the model of a set whose outputs are among the features.

    Raises:
        ModelSetError: the set does not have it.
    """
    return model_set.entry(MODELS[kind]).sha256
