"""What is chosen by name: policies, presets and sources of music, each with a sentence about it for people.

Settings, page and commands take names and words from here. What a policy does and what a preset sounds like stand in
`music/director`, under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

POLICY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "follow": "Play what the room feels.",
        "lift": "Begin where the room is and lead it to happy, bar by bar.",
        "calm": "Begin where the room is and lead it to calm, bar by bar.",
    }
)
"""What the music does with the mood (`music/director/policy.py`)."""
PRESET_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "musical": "Subtle: nobody notices the music turn.",
        "dramatic": "Far: everybody hears it.",
    }
)
"""How far the music goes (`music/director/mapping.py`)."""
SOURCE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "theme": "A short piece, played for ever and bent to the mood.",
        "compose": "Endless music, composed for the room.",
        "library": "Tracks of your own, chosen for the room (see soundit library).",
    }
)
"""Where the music comes from."""

PALETTE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "auto": "Whoever the seed chooses.",
        "chamber": "Strings, woodwind, harp and piano.",
        "electronic": "Synthesisers and electric pianos.",
        "band": "Guitars, organ, horns and drums.",
    }
)
"""Who plays what is composed (`music/compose/palettes.py`)."""

ACCELERATOR_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "off": "All models run on the CPU.",
        "auto": "An Edge TPU where its library and compiled models are there, else the CPU.",
        "edgetpu": "Coral's Edge TPU (see docs/accelerators.md).",
        "external": "A TFLite delegate of your own.",
    }
)
"""What the small models run on (`inference/delegates/registry.py`)."""


def described(choices: Mapping[str, str]) -> str:
    """Return a table in one line, such as '"musical" - Subtle: nobody notices the music turn.'"""
    return " ".join(f'"{name}" - {words}' for name, words in choices.items())
