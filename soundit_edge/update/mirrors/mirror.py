"""What a mirror can be asked for: the bytes of a file, from some place on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import responses
from typing import Protocol

from soundit_edge.update.failure import MirrorError


class MirrorStatusError(MirrorError):
    """A mirror does not have a file, or not the part that was asked for.

    Attributes:
        status: the status code of HTTP.
    """

    def __init__(self, url: str, status: int) -> None:
        """Describe the answer to a request."""
        super().__init__(f"{url}: the mirror answers {status} ({responses.get(status, 'unknown')})")
        self.status = status


@dataclass(frozen=True)
class MirrorAnswer:
    """An answer of a mirror.

    Attributes:
        offset: where in the file it begins; 0, whatever was asked for, where the mirror can only send whole files.
        chunks: the bytes, as they come. Raises MirrorError where they stop coming.
    """

    offset: int
    chunks: Iterator[bytes]


class Mirror(Protocol):
    """One copy of the repository, or a part of it.

    Attributes:
        url: of its root, without a slash at the end.
    """

    url: str

    def read(self, path: str, offset: int = 0) -> MirrorAnswer:
        """Begin to read a file.

        Args:
            path: of the file below the root, with slashes.
            offset: of the first byte that is wanted.

        Raises:
            MirrorStatusError: there is no such file, or it is not that long.
            MirrorError: the mirror cannot be reached, is too slow, or answers with something else.
        """
        ...

    def close(self) -> None:
        """End its connections."""
        ...
