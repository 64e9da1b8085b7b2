"""What the process that updates is asked, and what it says: one JSON object a line."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class UpdateRequest(BaseModel):
    """Asks for a look at the mirrors, and perhaps for the set that they offer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mirrors: tuple[str, ...] = Field(description="https://, http:// or file:///, asked in this order.")
    device_id: str = Field(min_length=1, description="Any text that stays the same.")
    hardware: frozenset[str] = Field(description="Names such as aarch64, x86_64 and edgetpu.")
    version: str = Field(description="Of soundit_edge.")
    fetch: bool = Field(description="Fetch what is offered and begin its trial; else only say what is offered.")
    again: bool = Field(default=False, description="Take also a set that this device has refused.")
    root: Path | None = Field(default=None, description="The root of trust; none: the one that is built in.")
    sets: Path | None = Field(default=None, description="The folder of the sets; none: the user's.")
    lists: Path | None = Field(default=None, description="The folder of the signed lists; none: the user's.")
    shipped: Path | None = Field(default=None, description="The folder of the shipped set; none: as installed.")


class UpdateStage(StrEnum):
    """What is being done."""

    ASKING = "asking"
    FETCHING = "fetching"
    CHECKING = "checking"


class UpdateProgress(BaseModel):
    """Says how far it is."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["progress"] = "progress"
    stage: UpdateStage
    set_id: str = ""
    done: int = Field(default=0, description="Bytes that are there.")
    total: int = Field(default=0, description="Bytes of the whole set.")


class UpdateResult(BaseModel):
    """Says how it ended: the last message."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["result"] = "result"
    ended: Literal["nothing", "offered", "fetched", "failed"] = Field(
        description="fetched: the set is on trial, and the daemon has to load it."
    )
    why: str = Field(default="", description="One line for the user, where nothing was fetched.")
    set_id: str = ""
    notes: str = Field(default="", description="What is new in the set, for the user.")
    bytes: int = Field(default=0, description="Of all its files.")
    missing: int = Field(default=0, description="Bytes that have to be fetched.")
    mirror: str = Field(default="", description="The one that answered.")
    revoked: tuple[str, ...] = Field(
        default=(), description="Sets in use or on trial that the publisher has revoked: the daemon has to leave them."
    )


UPDATE_MESSAGE: TypeAdapter[UpdateProgress | UpdateResult] = TypeAdapter(
    Annotated[UpdateProgress | UpdateResult, Field(discriminator="kind")]
)
