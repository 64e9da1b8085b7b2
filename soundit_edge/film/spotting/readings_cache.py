"""Caches the readings of a film while it is read, so that an interrupted run can be resumed.

The cache is a file of JSON lines: a header that identifies film and models, then readings, cuts and speech as they
come, and a mark for every second of the film. When a run is interrupted (Ctrl-C, kill -9, a power cut), the rows after
the last mark are read again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from soundit_edge.emotion import Reading, distribution
from soundit_edge.film import FilmError
from soundit_edge.film.spotting.dialogue import Span, joined

VERSION: Final = 2
"""Version of the format and of the search for cuts and speech; the cache of another version is discarded."""
KEPT_FILMS: Final = 20
"""The number of films whose readings stay in the cache, those used last."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The cuts, the dialogue and the length of a film.

    Attributes:
        cuts: moments of the first frames after cuts, in ascending order.
        speech: the spans in which somebody speaks.
        seconds: the length of the film.
    """

    cuts: tuple[float, ...]
    speech: tuple[Span, ...]
    seconds: float


class Readings:
    """The cache file of one film, a context manager; it is locked against a second run while it is open."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        """Prepare the cache; entering it opens the file.

        Args:
            path: the file; it need not exist.
            header: identifies film, models and senses; a file with another header is discarded.
        """
        self.path = path
        self._header = {"version": VERSION, **header}
        self._file: TextIO | None = None
        self.until = 0.0
        """Seconds of the film that have been read."""
        self.seconds: float | None = None
        """The film's length, once all of it has been read."""

    def __enter__(self) -> Readings:
        """Open the file, and cut off the rows after the last mark.

        Raises:
            FilmError: another run uses the file, or the file cannot be written.
        """
        with self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+", encoding="utf-8", newline="\n")
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._file.close()
                raise FilmError("another soundit score is reading this film; wait for it, or stop it") from None
            self._file.truncate(self._sound_part())
            if self._file.seek(0, os.SEEK_END) == 0:
                self._write(self._header)
            os.utime(self.path)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()

    def add(self, reading: Reading) -> None:
        """Write a reading without its details, for privacy: these may hold the words that were read."""
        row = {
            "t": round(reading.t, 4),
            "sense": reading.sense,
            "p": [round(p, 4) for p in reading.probabilities],
            "trust": round(reading.trust, 4),
        }
        self._keep(row if reading.speaking is None else row | {"speaking": reading.speaking})

    def add_cut(self, t: float) -> None:
        """Write the moment of a cut, in seconds."""
        self._keep({"cut": round(t, 4)})

    def add_speech(self, spans: Sequence[Span]) -> None:
        """Write spans of speech."""
        for begin, end in spans:
            self._keep({"speech": [begin, end]})

    def mark(self, until: float) -> None:
        """Write a mark: the film has been read up to `until` seconds."""
        self.until = until
        self._keep({"until": round(until, 3)}, flush=True)

    def finish(self, seconds: float) -> None:
        """Write the film's length in seconds, after all of it has been read."""
        self.seconds = seconds
        self._keep({"seconds": round(seconds, 4)}, flush=True)

    def found(self) -> Findings:
        """Return cuts, speech and length of a film that has been read to its end."""
        cuts: set[float] = set()
        speech: list[Span] = []
        for row in self._rows():
            if "cut" in row:
                cuts.add(row["cut"])
            elif "speech" in row:
                speech.append((row["speech"][0], row["speech"][1]))
        assert self.seconds is not None
        return Findings(tuple(sorted(cuts)), tuple(joined(speech)), self.seconds)

    def readings(self) -> Iterator[Reading]:
        """Yield all readings in the order in which they came; two hours of film have about 300,000."""
        for row in self._rows():
            if "sense" in row:
                probabilities = distribution(row["p"])
                yield Reading(row["sense"], row["t"], probabilities, row["trust"], speaking=row.get("speaking"))

    def _rows(self) -> Iterator[dict[str, Any]]:
        with self._explained(), self.path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def _keep(self, row: dict[str, Any], *, flush: bool = False) -> None:
        with self._explained():
            self._write(row, flush=flush)

    def _write(self, row: dict[str, Any], *, flush: bool = False) -> None:
        assert self._file is not None
        self._file.write(json.dumps(row, separators=(",", ":")) + "\n")
        if flush:
            self._file.flush()

    def _sound_part(self) -> int:
        """Return the bytes up to the file's last mark; 0 where the header is another one."""
        sound = place = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file):
                place += len(line)
                try:
                    row = json.loads(line)
                    if number == 0:
                        if row != self._header:
                            return 0
                        sound = place
                    elif "until" in row:
                        self.until, sound = float(row["until"]), place
                    elif "seconds" in row:
                        self.seconds, sound = float(row["seconds"]), place
                except (ValueError, TypeError):
                    break
        return sound

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn errors of the file into a FilmError."""
        try:
            yield
        except OSError as error:
            raise FilmError(
                f"{self.path}: what is read cannot be kept ({error.strerror}); make room, or name another folder with "
                "SOUNDIT_CACHE"
            ) from error


def forget_old(folder: Path, kept: int = KEPT_FILMS) -> None:
    """Delete the caches in a folder except the `kept` that were used last."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[kept:]:
            path.unlink()
