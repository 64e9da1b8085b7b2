"""What every table of settings.toml is, and the types that several of them use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from soundit_edge.tables.choices import ACCELERATOR_WORDS, PALETTE_WORDS, POLICY_WORDS, PRESET_WORDS, SOURCE_WORDS

AT_ONCE: Final[JsonDict] = {"applies": "at once"}
"""`json_schema_extra` of a setting whose change is in force at once; any other one waits for the next start."""

SCENE_PATTERN: Final = r"^[a-z0-9_]{0,40}$"
"""What the name of a scene of the full-screen picture is like; "" stands for all of them, in turns."""

if TYPE_CHECKING:  # mypy knows no Literal that is made while the program runs
    PolicyName = str
    PresetName = str
    PlayName = str
    PaletteName = str
    AcceleratorName = str
else:
    PolicyName, PresetName, PlayName, PaletteName, AcceleratorName = (
        Literal[tuple(names)] for names in (POLICY_WORDS, PRESET_WORDS, SOURCE_WORDS, PALETTE_WORDS, ACCELERATOR_WORDS)
    )


class Section(BaseModel):
    """A table of settings.toml: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
