"""Counts starts that did not live long, so that a crash loop ends in safe mode instead of going on for ever.

No clock is asked: a box without a battery does not know what time it is, and a life that was long enough sets the count
back. Only lives under a service manager count, which starts the device again by itself.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundit_edge.files import write_whole
from soundit_edge.text import presentable, reason

log = logging.getLogger(__name__)

MAX_SHORT_LIVES: Final = 3
"""So many short lives in a row are a crash loop: the next start is in safe mode."""
HEALTHY_S: Final = 300.0
"""Seconds after which a life is no short one. A loop of longer lives plays for most of the time."""
MIN_SAFE_S: Final = 600.0
"""Seconds in safe mode before one ordinary start is tried; twice as long after each that failed..."""
MAX_SAFE_S: Final = 86_400.0
"""...and no longer than this."""
FILE: Final = "starts.json"
_UNKNOWN: Final = "it was killed, or a library crashed"
_MAX_WHY: Final = 300
_ASKED: Final = "safe mode, with music and page only, because somebody asked for it"


class StartsFile(BaseModel):
    """What starts.json says.

    Attributes:
        short: lives in a row that were short, the present one included until it is long enough.
        safe: ordinary starts since the last healthy life whose failure led to safe mode.
        why: why the latest life ended, as far as it could say; "" where it could not.
        asked: whether somebody asked for safe mode.
    """

    model_config = ConfigDict(frozen=True)

    short: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    safe: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    why: Annotated[str, Field(max_length=_MAX_WHY)] = ""
    asked: bool = False


class CountedStart:
    """This start of the device, among those before it."""

    def __init__(self, folder: Path | None) -> None:
        """Count it.

        Args:
            folder: where the count is kept; None: nowhere, and no start is in safe mode.
        """
        self._path = None if folder is None else folder / FILE
        before = self._read()
        self.safe_why = ""
        """Why this start is in safe mode, in one sentence; "": it is an ordinary one."""
        if before.asked:
            self.safe_why = _ASKED
        elif before.short >= MAX_SHORT_LIVES:
            # A start in safe mode whose power is cut says nothing of an ordinary one: the wait is no longer for it.
            failed = before.short == MAX_SHORT_LIVES
            before = before.model_copy(update={"safe": max(1, before.safe + failed)})
            self.safe_why = (
                f"safe mode, with music and page only: {before.short} starts in a row ended within "
                f"{HEALTHY_S / 60:.0f} minutes. The latest: {before.why or _UNKNOWN}"
            )
            log.error("%s", self.safe_why)
        self._decided = False
        # Why the latest life ended is forgotten: this one may end without a word. Safe mode keeps what led to it.
        why = before.why if self.safe_why else ""
        self._state = before.model_copy(update={"short": before.short + 1, "why": why})
        self._written = self._write()

    @property
    def ends_by_itself(self) -> bool:
        """Return whether this start is in safe mode for so long only as `safe_s` says."""
        return bool(self.safe_why) and not self._state.asked

    @property
    def safe_s(self) -> float:
        """Return for how many seconds this start stays in safe mode before it ends, for an ordinary one to be tried."""
        return min(MAX_SAFE_S, MIN_SAFE_S * 2.0 ** min(self._state.safe - 1, 20))

    def note(self, why: str) -> None:
        """Remember why this life may be about to end."""
        self._change(why=presentable(why)[:_MAX_WHY])

    def note_healthy(self) -> None:
        """Note that this life is long enough; what was counted so far is forgotten."""
        self._change(short=0, safe=0, why="")

    def allow_retry(self) -> None:
        """Let the next start be an ordinary one; if it is short, too, the one after it is in safe mode again."""
        self._change(short=MAX_SHORT_LIVES - 1)

    def ask_for(self, *, safe_mode: bool) -> bool:
        """Let the next start be in safe mode, until that is ended well, or an ordinary one; return whether it will."""
        before = self._state
        self._state = StartsFile(short=MAX_SHORT_LIVES, asked=True) if safe_mode else StartsFile()
        self._decided = self._path is not None and self._write()
        if not self._decided:
            self._state = before
        return self._decided

    def end_well(self) -> None:
        """Note that somebody wanted this life to end: the next start is an ordinary one, or as they asked for it."""
        if self._decided:
            return
        if not self.safe_why or self._state.short >= MAX_SHORT_LIVES:
            self._change(short=0, safe=0, why="", asked=False)

    def _change(self, **values: int | str) -> None:
        after = self._state.model_copy(update=values)
        if after != self._state or not self._written:
            self._state = after
            self._written = self._write()

    def _read(self) -> StartsFile:
        try:
            return StartsFile() if self._path is None else StartsFile.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return StartsFile()
        except (OSError, ValidationError) as error:
            log.warning("%s: the starts are counted from none again (%s)", FILE, type(error).__name__)
            return StartsFile()

    def _write(self) -> bool:
        """Return whether the file says what is so; a full disk may take it the next time."""
        if self._path is None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, self._state.model_dump_json().encode())
        except OSError as error:
            log.warning("%s: a crash loop would not be noticed (%s)", FILE, reason(error))
            return False
        return True


@contextlib.contextmanager
def counted_start(folder: Path | None) -> Iterator[CountedStart]:
    """Count a start; yields it, and remembers how it ended.

    Args:
        folder: where the count is kept; None: nowhere.
    """
    start = CountedStart(folder)
    try:
        yield start
    except Exception as error:
        start.note(f"{error}" if str(error) else type(error).__name__)
        raise
    except BaseException:  # Ctrl-C or a signal
        start.end_well()
        raise
    start.end_well()
