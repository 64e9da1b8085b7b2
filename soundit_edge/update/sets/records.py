"""The small files beside the sets: the trial that is running, the floors, and the sets that are not to be taken again.

One that is damaged counts as missing: each is written so that the device is safe without it.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundit_edge.files import write_whole
from soundit_edge.update.sets.set_id import SET_ID

log = logging.getLogger(__name__)

MAX_BYTES: Final = 1 << 16
MAX_REFUSED: Final = 32
"""Sets that are remembered as refused; the oldest are forgotten."""
Record = TypeVar("Record", bound=BaseModel)


class SetTrial(BaseModel):
    """A set that is being tried: `trial.json`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    set: str = Field(pattern=SET_ID)
    tries_left: int = Field(ge=0, le=100, description="How often it may still be started.")
    begun: float = Field(description="Seconds since 1970.")


class Floor(BaseModel):
    """The lowest that is still believed: `floor.json`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    release: int = Field(default=0, ge=0, description="The highest release that was ever committed.")
    clock: float = Field(default=0.0, ge=0, description="A time that has surely passed, in seconds since 1970.")


class Refused(BaseModel):
    """The sets that are not to be taken again, each with the reason: `refused.json`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    sets: dict[str, str] = {}

    def with_one(self, set_id: str, why: str) -> Refused:
        """Return this with one set more."""
        others = [(name, reason) for name, reason in self.sets.items() if name != set_id]
        return Refused(sets=dict([*others, (set_id, why)][-MAX_REFUSED:]))

    def without(self, set_id: str) -> Refused:
        """Return this with one set less."""
        return Refused(sets={name: why for name, why in self.sets.items() if name != set_id})


class Pin(BaseModel):
    """Says that the set in use stays, whatever the mirrors offer: `pin.json`, while it is there."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    set: str | None = Field(description="The set in use when it was pinned; none: the shipped one.")


def read_record(path: Path, kind: type[Record]) -> Record | None:
    """Return what a file says; None where it is missing or damaged."""
    try:
        with path.open("rb") as file:
            return kind.model_validate_json(file.read(MAX_BYTES))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        log.warning("%s cannot be read and counts as missing (%s)", path, type(error).__name__)
        return None


def write_record(path: Path, record: BaseModel) -> None:
    """Write a file in one step.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    write_whole(path, (record.model_dump_json() + "\n").encode())
