"""The manifest of a model set, `set.json`: its files with their checksums, its models with their shapes and needs."""

from __future__ import annotations

from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from soundit_edge.inference.golden import GoldenFile, GoldenList

MANIFEST: Final = "set.json"
VERSION: Final = 3
"""Version of the manifest's form. Version 1 had the golden answers in the manifest, version 2 knew of no releases; both
are still read."""

_SHA256: Final = r"^[0-9a-f]{64}$"
_PROGRAM: Final = r"^(\d{1,6}(\.\d{1,6}){0,3})?$"
"""A version of the program, or none."""


class FileEntry(BaseModel):
    """A file that belongs to a model: its card, or its build for an accelerator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=r"^[a-z0-9_]+\.(md|tflite)$")
    sha256: str = Field(pattern=_SHA256)
    bytes: int = Field(ge=0)


class ModelEntry(BaseModel):
    """One model of a set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=r"^[a-z0-9_]+\.tflite$")
    sha256: str = Field(pattern=_SHA256)
    bytes: int
    input_shape: list[int]
    output_shape: list[int]
    labels: list[str] = Field(description="What the outputs stand for, in order.")
    temperature: float = Field(default=1.0, gt=0, description="Divide logits by this for calibrated probabilities.")
    golden: GoldenFile | GoldenList
    latency_ms: float | None = Field(
        default=None, gt=0, description="The longest that one run may take on the CPU of a Raspberry Pi 4."
    )
    card: FileEntry | None = Field(default=None, description="What it was trained on, can do, and where it fails.")
    edgetpu: FileEntry | None = Field(default=None, description="The same model, compiled for an Edge TPU.")

    @property
    def parts(self) -> tuple[ModelEntry | GoldenFile | FileEntry, ...]:
        """Return all files of this model in the set's folder, each with its checksum."""
        golden = self.golden if isinstance(self.golden, GoldenFile) else None
        return tuple(part for part in (self, golden, self.card, self.edgetpu) if part is not None)

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of all files of this model in the set's folder."""
        return tuple(part.file for part in self.parts)


class Manifest(BaseModel):
    """The content of `set.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1, le=VERSION)
    name: str
    models: dict[str, ModelEntry]
    release: int = Field(default=0, ge=0, le=2**31, description="Counts up with each published set; 0: not published.")
    licence: str = ""
    hardware: tuple[str, ...] = Field(default=(), description="What it is for: x86_64, aarch64, edgetpu; none: any.")
    min_version: str = Field(default="", pattern=_PROGRAM, description="The first soundit_edge that can use it.")
    max_version: str = Field(default="", pattern=_PROGRAM, description="The first soundit_edge that no longer can.")
    notes: str = Field(default="", max_length=4000, description="What is new, one paragraph for the user.")

    @model_validator(mode="after")
    def _one_content_a_name(self) -> Self:
        sums: dict[str, str] = {}
        for entry in self.models.values():
            for part in entry.parts:
                if sums.setdefault(part.file, part.sha256) != part.sha256:
                    raise ValueError(f"{part.file} stands in it with two checksums")
        return self

    def sums(self) -> dict[str, str]:
        """Return the SHA-256 of each file of the set but the manifest, by the file's name."""
        return {part.file: part.sha256 for entry in self.models.values() for part in entry.parts}

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of each file of the set whose size it says, by the file's name."""
        parts = [part for entry in self.models.values() for part in entry.parts]
        return {part.file: part.bytes for part in parts if part.bytes is not None}

    def text(self) -> str:
        """Return the content of the file: JSON, without what nobody has set."""
        return self.model_dump_json(indent=1, exclude_unset=True) + "\n"
