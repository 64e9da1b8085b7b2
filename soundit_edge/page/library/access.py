"""The library opened for one question at a time, in a thread, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from soundit_edge import paths
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.music.library.database import Library
from soundit_edge.threads import run_in_thread

HANG_S: Final = 5.0
"""Seconds after which a folder that does not answer, such as one of a server that is off, is given up."""
_NOTHING: Final = Path(":memory:")  # in place of a library that nobody has made yet

T = TypeVar("T")


class LibraryAccess:
    """Opens the user's library."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._up_to_date = False

    async def ask(self, question: Callable[[Library], T]) -> T:
        """Return what a question gives, asked in a thread of the library, which is empty where there is none.

        Raises:
            NotNow: it cannot be read.
        """
        return await asyncio.to_thread(self._asked, question)

    async def ask_patiently(self, question: Callable[[Library], T]) -> T:
        """Return as `ask` does, for a question that also looks at the user's folders.

        Raises:
            NotNow: it cannot be read, or a folder does not answer.
        """
        return await patiently("library", lambda: self._asked(question))

    async def write(self, change: Callable[[Library], T]) -> T:
        """Return what a change gives, made in a thread to the library, which is made where there is none.

        Raises:
            NotNow: it cannot be written.
        """
        return await asyncio.to_thread(_with, Library.open, change)

    def _asked(self, question: Callable[[Library], T]) -> T:
        return _with(self._for_reading, question)

    def _for_reading(self) -> Library:
        path = paths.library_file()
        if not path.exists():
            return Library.open(_NOTHING)
        if not self._up_to_date:
            # One of an older format is brought up to date once; on a read-only disk it is read as it is.
            try:
                Library.open(path).close()
            except SounditError:
                Library.open(path, write=False).close()
            self._up_to_date = True
        return Library.open(path, write=False)


async def patiently(name: str, work: Callable[[], T]) -> T:
    """Return what `work` gives in a thread of its own, which is left behind where a disk does not answer.

    Raises:
        NotNow: it does not within `HANG_S`.
    """
    given: list[T] = []
    try:
        async with asyncio.timeout(HANG_S):
            await run_in_thread(name, lambda: given.append(work()), lambda: None)
    except TimeoutError:
        raise NotNow("A folder does not answer; its disk may be gone.") from None
    return given[0]


def _with(opened: Callable[[], Library], work: Callable[[Library], T]) -> T:
    try:
        with opened() as library:
            return work(library)
    except (InvalidChange, NotNow, NotAllowed):
        raise
    except SounditError as error:
        raise NotNow(f"{error}.") from error
