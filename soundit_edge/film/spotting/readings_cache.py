"""What was read in a film, kept as it is read, so that a run that was stopped goes on where it was.

JSON lines in a file of the user's cache: first what the film and the models are, then readings, cuts and speech as they
come, and every second of the film a mark. What stands behind the last mark when a run breaks off (Ctrl-C, kill -9, a
power cut) is read again.
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
"""Of what is kept and how it is found; what an older one kept is read anew."""
KEPT_FILMS: Final = 20
"""The readings of so many films stay in the cache, those used last."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a film besides readings.

    Attributes:
        cuts: moments of the first frames after cuts, rising.
        speech: when somebody speaks.
        seconds: its length.
    """

    cuts: tuple[float, ...]
    speech: tuple[Span, ...]
    seconds: float


class Readings:
    """The file, locked against a second run while it is open. A context manager."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        """Args:
        path: of the file; it need not exist.
        header: what it must have been written for to count.
        """
        self.path = path
        self._header = {"version": VERSION, **header}
        self._file: TextIO | None = None
        self.until = 0.0
        """Seconds of the film that have been read."""
        self.seconds: float | None = None
        """The film's length, once all of it has been read."""

    def __enter__(self) -> Readings:
        """Open the file, and cut off what a broken run left unfinished.

        Raises:
            FilmError: another run is at it, or it cannot be written.
        """
        with self._told():
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
        """Keep a reading, without its details: what was said in a film is nobody's business."""
        row = {
            "t": round(reading.t, 4),
            "sense": reading.sense,
            "p": [round(p, 4) for p in reading.probabilities],
            "trust": round(reading.trust, 4),
        }
        self._keep(row if reading.speaking is None else row | {"speaking": reading.speaking})

    def add_cut(self, t: float) -> None:
        """Keep the moment of a cut."""
        self._keep({"cut": round(t, 4)})

    def add_speech(self, spans: Sequence[Span]) -> None:
        """Keep when somebody spoke."""
        for begin, end in spans:
            self._keep({"speech": [begin, end]})

    def mark(self, until: float) -> None:
        """All until this moment has been read."""
        self.until = until
        self._keep({"until": round(until, 3)}, flush=True)

    def finish(self, seconds: float) -> None:
        """All of the film has been read, and it is so long."""
        self.seconds = seconds
        self._keep({"seconds": round(seconds, 4)}, flush=True)

    def found(self) -> Findings:
        """Cuts, speech and length of a film that has been read to its end."""
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
        """All readings, as they came; one at a time, for two hours of film have some 300,000."""
        for row in self._rows():
            if "sense" in row:
                probabilities = distribution(row["p"])
                yield Reading(row["sense"], row["t"], probabilities, row["trust"], speaking=row.get("speaking"))

    def _rows(self) -> Iterator[dict[str, Any]]:
        with self._told(), self.path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def _keep(self, row: dict[str, Any], *, flush: bool = False) -> None:
        with self._told():
            self._write(row, flush=flush)

    def _write(self, row: dict[str, Any], *, flush: bool = False) -> None:
        assert self._file is not None
        self._file.write(json.dumps(row, separators=(",", ":")) + "\n")
        if flush:
            self._file.flush()

    def _sound_part(self) -> int:
        """Bytes up to the last mark of a file that was written for this film; 0 where it was not."""
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
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FilmError(
                f"{self.path}: what is read cannot be kept ({error.strerror}); make room, or name another folder with "
                "SOUNDIT_CACHE"
            ) from error


def forget_old(folder: Path, kept: int = KEPT_FILMS) -> None:
    """Delete all but the readings that were used last."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[kept:]:
            path.unlink()
