"""The user's own sets as the page knows them: what lies on the shelf, and which of it is used."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.page.teaching.status import SetStatus, set_status
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.heads import OwnHeads, usable
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.shelf import MAX_SETS, Shelf
from soundit_edge.senses.own.takes import SetInfo, Takes

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class OwnSets:
    """Reads and writes sets beside the event loop, one after the other."""

    def __init__(self, shelf: Callable[[], Shelf], heads: OwnHeads, models: Callable[[], ModelSet]) -> None:
        """Know of no set yet.

        Args:
            shelf: gives where they lie; it fails for a user without a home folder.
            heads: has those that the senses use.
            models: returns the model set in use, which an update replaces.
        """
        self._shelf = shelf
        self._heads = heads
        self._models = models
        self._lock = asyncio.Lock()
        self.all: tuple[SetStatus, ...] = ()
        """All sets, the oldest first."""

    @property
    def models(self) -> ModelSet:
        """Return the model set in use."""
        return self._models()

    def is_in_use(self, info: SetInfo) -> bool:
        """Return whether a set's head is used."""
        return any(one.id == info.id and one.in_use for one in self.all)

    def check_room(self) -> None:
        """Make sure that there is room for another set.

        Raises:
            NotNow: there is none.
        """
        if len(self.all) >= MAX_SETS:
            raise NotNow(f"There are {MAX_SETS} sets already: delete one first.")

    async def load(self) -> None:
        """Look what there is; what cannot be read is a line of the log."""
        with contextlib.suppress(NotNow):
            await self._do(lambda shelf: None)

    async def read(self, name: str) -> Takes:
        """Return the takes of a set.

        Raises:
            InvalidChange: there is no such set.
            NotNow: it cannot be read.
        """
        self._known(name)
        return await self._do(lambda shelf: shelf.read(name))

    async def head_of(self, info: SetInfo) -> Head | None:
        """Return the head that was kept of a set; None where there is none that can be used."""

        def read(shelf: Shelf) -> Head | None:
            with contextlib.suppress(SounditError):
                return usable(shelf.head(info.id), info.kind, self.models)
            return None

        return await self._do(read)

    async def write(self, takes: Takes) -> None:
        """Write the takes of a set.

        Raises:
            NotNow: they cannot be written.
        """
        await self._do(lambda shelf: shelf.write(takes))

    async def keep(self, content: HeadFile) -> None:
        """Write a head, and use it from now on.

        Raises:
            NotNow: it cannot be written.
        """
        head = usable(content, content.info.kind, self.models)

        def keep(shelf: Shelf) -> None:
            shelf.keep(content)
            shelf.use(content.info.kind, content.info.id)
            self._heads.put(content.info.kind, head, content.info.basis)

        await self._do(keep)

    async def use(self, kind: Kind, name: str | None) -> None:
        """Use the head of a set from now on; None: the shipped model alone.

        Raises:
            InvalidChange: there is no such set of this kind.
            NotNow: it has no head that can be used, or that cannot be remembered.
        """
        if name is not None and self._known(name).kind != kind:
            raise InvalidChange("That set is of another kind.")

        def use(shelf: Shelf) -> None:
            content = None if name is None else shelf.head(name)
            head = None if content is None else usable(content, kind, self.models)
            shelf.use(kind, name)
            if content is None or head is None:
                self._heads.remove(kind)
            else:
                self._heads.put(kind, head, content.info.basis)

        await self._do(use)

    async def head_file(self, name: str) -> HeadFile:
        """Return the head of a set, to be saved elsewhere.

        Raises:
            InvalidChange: there is no such set.
            NotNow: it has no head.
        """
        if self._known(name).report is None:
            raise NotNow("This set has not been learnt yet.")
        return await self._do(lambda shelf: shelf.head(name))

    async def forget(self, name: str) -> None:
        """Erase a set: its takes and its head.

        Raises:
            InvalidChange: there is no such set.
            NotNow: it cannot be erased.
        """
        known = self._known(name)

        def forget(shelf: Shelf) -> None:
            shelf.forget(name)
            if known.in_use:
                self._heads.remove(known.kind)

        await self._do(forget)

    def _known(self, name: str) -> SetStatus:
        for one in self.all:
            if one.id == name:
                return one
        raise InvalidChange("There is no such set.")

    async def _do(self, work: Callable[[Shelf], Answer]) -> Answer:
        # What is begun is done, whoever waits for it: a take that is being written when its lesson ends is a take.
        return await asyncio.shield(asyncio.ensure_future(self._do_in_turn(work)))

    async def _do_in_turn(self, work: Callable[[Shelf], Answer]) -> Answer:
        async with self._lock:
            with _possible():
                answer, self.all = await asyncio.to_thread(self._do_here, work)
            return answer

    def _do_here(self, work: Callable[[Shelf], Answer]) -> tuple[Answer, tuple[SetStatus, ...]]:
        shelf = self._shelf()
        answer = work(shelf)
        heads, used = shelf.heads_kept(), shelf.in_use()
        found = []
        for takes in shelf.sets():
            content, note = heads.get(takes.info.id), ""
            if content is not None:
                try:
                    usable(content, takes.info.kind, self.models)
                except SounditError as error:
                    note = str(error)
            found.append(
                set_status(
                    takes,
                    None if content is None else content.report,
                    in_use=content is not None and not note and used.get(takes.info.kind) == takes.info.id,
                    note=note,
                )
            )
        return answer, tuple(found)


@contextlib.contextmanager
def _possible() -> Iterator[None]:
    """Raise `NotNow` where the disk does not do what it should: that can be mended, and asked for again."""
    try:
        yield
    except NotNow:
        raise
    except SounditError as error:
        log.warning("%s", error)
        raise NotNow(str(error)) from error
