"""The page's vocabulary: what the device's own tables call things, as a module for the scripts of the page.

A module arrives with the other scripts and before they run, so that nothing is drawn without its words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import PurePath
from typing import Any, Final

from soundit_edge.emotion import AFFECT, EMOTIONS
from soundit_edge.modalities import MODALITIES
from soundit_edge.parameters import PARAMETERS
from soundit_edge.tables.choices import POLICY_WORDS, PRESET_WORDS
from soundit_edge.tables.colours import COLOURS
from soundit_edge.tables.parameter import Parameter

MODULE_NAME: Final = "vocabulary.js"


def vocabulary() -> dict[str, Any]:
    """Return what the page needs of the tables, as values that JSON can hold.

    Returns:
        "parameters": rows in their order; "senses": titles by name; "reads": what each sense reads,
        by name; "emotions": places in the plane and colours by name;
        "choices": what can be chosen as the policy and as the preset, each with its name, its title and a sentence
        about it; "languages": name and direction of writing of those that the page speaks beside English, by tag.
    """
    return {
        "parameters": [_row(parameter) for parameter in PARAMETERS.values()],
        "senses": {row.name: row.title for row in MODALITIES.values()},
        "reads": {row.name: row.reads for row in MODALITIES.values()},
        "emotions": {emotion.value: asdict(AFFECT[emotion]) | asdict(COLOURS[emotion]) for emotion in EMOTIONS},
        "choices": {"policy": _options(POLICY_WORDS), "preset": _options(PRESET_WORDS)},
        "languages": {tag: {key: table[key] for key in ("name", "dir")} for tag, table in languages().items()},
    }


def module() -> bytes:
    """Return the source of a JavaScript module that exports the vocabulary as VOCABULARY."""
    return f"export const VOCABULARY = {json.dumps(vocabulary(), allow_nan=False)};\n".encode()


def languages() -> dict[str, Any]:
    """Return the table of each language beside English by its tag: every file in static/languages is one.

    Returns:
        tables with "name" (in the language itself), "dir" ("ltr" or "rtl"), "page" (the page's own texts) and "device"
        (what the device says, with {names} where values stand); the last two by the English text.
    """
    folder = resources.files("soundit_edge.page") / "static" / "languages"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda entry: entry.name)
    return {PurePath(entry.name).stem: json.loads(entry.read_text("utf-8")) for entry in files}


def _row(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "title": parameter.title,
        "help": parameter.help,
        "unit": parameter.unit,
        "digits": parameter.digits,
        "low": parameter.low,
        "high": parameter.high,
        "steps": parameter.steps,
        "scale": parameter.slider or parameter.scale,
        "gauge": None if parameter.gauge is None else asdict(parameter.gauge),
    }


def _options(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "title": name.capitalize(), "help": sentence} for name, sentence in words.items()]
