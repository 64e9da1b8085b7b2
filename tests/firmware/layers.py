"""rpi-image-gen's layers as they lie in firmware/rpi: their metadata in comments, and their YAML."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

FIRMWARE: Final = Path(__file__).resolve().parents[2] / "firmware"
RPI: Final = FIRMWARE / "rpi"
LAYERS: Final = sorted((RPI / "layer").glob("*.yaml"))
CONFIGS: Final = sorted((RPI / "config").glob("*.yaml"))

BUILT_IN: Final = {
    "debian-trixie-arm64",
    "image-rota",
    "network-manager",
    "rpi-ab-slot-mapper",
    "rpi-boot-firmware",
    "rpi-debian-trixie",
    "rpi-essential-base",
    "rpi4",
    "rpi5",
    "systemd-timesyncd",
    "wireless-regulatory",
}
"""Layers that rpi-image-gen has itself (its layer/, device/ and image/ folders, as of August 2026)."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        path: its YAML file.
        metadata: what stands between METABEGIN and METAEND: a text for each field, without the X-Env- before its name.
        body: the YAML.
    """

    path: Path
    metadata: dict[str, str]
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """Return the name by which others require it."""
        return self.metadata["Layer-Name"]

    @property
    def requires(self) -> list[str]:
        """Return the names of the layers that it requires."""
        return [name.strip() for name in self.metadata.get("Layer-Requires", "").split(",") if name.strip()]

    @property
    def packages(self) -> set[str]:
        """Return the Debian packages that it installs."""
        return set(self.body["mmdebstrap"].get("packages", []))

    @property
    def hooks(self) -> list[str]:
        """Return its shell commands."""
        settings = self.body["mmdebstrap"]
        return [*settings.get("customize-hooks", []), *settings.get("cleanup-hooks", [])]

    @property
    def overlay(self) -> Path:
        """Return the folder of the files that it puts into the root."""
        return self.path.with_suffix(".d") / "customize.overlay"


@functools.cache
def read_layer(path: Path) -> Layer:
    """Return a layer; its metadata is in the form of Debian's control files, each line behind "# "."""
    text = path.read_text()
    found = re.match(r"# METABEGIN\n(.*?)# METAEND\n---\n(.*)", text, re.DOTALL)
    assert found, f"{path}: no metadata at its top"
    metadata: dict[str, str] = {}
    field = ""
    for line in found[1].splitlines():
        if line == "#":
            continue
        if line.startswith("#  "):
            metadata[field] += " " + line[3:]
            continue
        match = re.fullmatch(r"# X-Env-([\w-]+): ?(.*)", line)
        assert match, f"{path}: {line!r} is no field"
        field = match[1]
        assert field not in metadata, f"{path}: {field} twice"
        metadata[field] = match[2]
    return Layer(path, metadata, yaml.safe_load(found[2]))
