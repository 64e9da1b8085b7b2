"""A mirror in a folder, such as a USB stick's."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from soundit_edge.text import reason
from soundit_edge.update.failure import MirrorError
from soundit_edge.update.mirrors.mirror import MirrorAnswer, MirrorStatusError

_CHUNK: Final = 1 << 16


class FolderMirror:
    """Reads a mirror's files from a folder."""

    def __init__(self, url: str) -> None:
        """Look at the folder of a `file:` URL, which need not be there yet.

        Raises:
            MirrorError: the URL is of another computer, or its path is not absolute.
        """
        parts = urlsplit(url)
        self.url = url.rstrip("/")
        self._folder = Path(unquote(parts.path))
        if parts.netloc not in ("", "localhost") or not self._folder.is_absolute():
            raise MirrorError(f"{url}: write file:///FOLDER for a folder of this computer")

    def read(self, path: str, offset: int = 0) -> MirrorAnswer:
        """Begin to read a file; see `Mirror.read`."""
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts:
            raise MirrorError(f"{path!r}: leads out of the mirror's folder")
        url = f"{self.url}/{path}"
        try:
            # Without waiting: what lies on a stranger's stick may be a pipe.
            descriptor = os.open(self._folder.joinpath(*parts), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise MirrorStatusError(url, HTTPStatus.NOT_FOUND) from None
        except OSError as error:
            raise MirrorError(f"{url}: cannot be read ({reason(error)})") from error
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise MirrorError(f"{url}: is no file")
            if offset > found.st_size:
                raise MirrorStatusError(url, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            os.lseek(descriptor, offset, os.SEEK_SET)
        except BaseException:
            os.close(descriptor)
            raise
        return MirrorAnswer(offset, _chunks(descriptor, url))

    def close(self) -> None:
        """Do nothing: no file stays open."""


def _chunks(descriptor: int, url: str) -> Iterator[bytes]:
    try:
        while chunk := os.read(descriptor, _CHUNK):
            yield chunk
    except OSError as error:
        raise MirrorError(f"{url}: cannot be read any further ({reason(error)})") from error
    finally:
        os.close(descriptor)
