"""The section `[update]`: where better models come from, and what happens by itself."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from soundit_edge.settings.schedule import TimeOfDay
from soundit_edge.settings.section import AT_ONCE, Section

UpdateMode = Literal["automatic", "ask", "off"]
MAX_MIRRORS: Final = 8
MirrorAddress = Annotated[str, Field(pattern=r"^(https?://[A-Za-z0-9.\-\[\]:]+(/\S*)?|file:///\S*)$", max_length=500)]
"""Without a user's name and password, which would stand in the log."""


class UpdateSettings(Section):
    """Better models: where they come from, and whether they are fetched by themselves. Only signed ones are taken."""

    mode: UpdateMode = Field(
        default="ask",
        title="New models",
        description="automatic: they are fetched and tried in the hours below; ask: you are asked first; off: nobody "
        "looks for any.",
        json_schema_extra=AT_ONCE,
    )
    mirrors: tuple[MirrorAddress, ...] = Field(
        default=(),
        title="Mirrors",
        description="Addresses that models are fetched from, asked in this order: https://, http:// or file:///FOLDER. "
        "Whoever publishes models for you names one; with none, and no stick, nothing is looked for.",
        max_length=MAX_MIRRORS,
        examples=[["https://models.example/soundit", "file:///srv/soundit-models"]],
        json_schema_extra=AT_ONCE,
    )
    sticks: bool = Field(
        default=True,
        title="USB sticks",
        description="A stick with the folder soundit-models is a mirror, too, once the system has mounted it.",
        json_schema_extra=AT_ONCE,
    )
    look_every_h: int = Field(
        default=24,
        ge=1,
        le=720,
        title="Look every",
        description="How often the mirrors are asked, give or take a tenth.",
        json_schema_extra=AT_ONCE | {"unit": "h"},
    )
    hours_from: TimeOfDay = Field(
        default="02:00",
        title="By itself from",
        description="Time of day from which on models are fetched and tried by themselves; at any other time only you "
        "begin it.",
        json_schema_extra=AT_ONCE,
    )
    hours_to: TimeOfDay = Field(
        default="05:00",
        title="By itself until",
        description="Time of day at which nothing more is begun by itself; the same as the start: at any time.",
        json_schema_extra=AT_ONCE,
    )
