"""docs/panel.md against the code: its wiring on a real header, its settings, and what the light says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from gpiozero.pins.mock import MockFactory  # type: ignore[import-untyped]

from soundit_edge.integrations.panel.panel_settings import BUTTONS, KNOB, LAMPS
from soundit_edge.integrations.panel.signs import LOOKS
from soundit_edge.integrations.registry import settings_model

DOCUMENT: Final = (Path(__file__).resolve().parents[3] / "docs" / "panel.md").read_text()
WIRING: Final = re.findall(
    r"^\| (\w+)(?: \(of `\[privacy\]`\))? \| (\d+) \| [^|]+ \| (\d+) \|$", DOCUMENT, re.MULTILINE
)


def test_its_light_is_the_lights() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", DOCUMENT, re.MULTILINE)
    assert rows[1:] == [(look.words, look.meaning) for look in LOOKS.values()]


def test_its_wiring_is_that_of_a_header() -> None:
    board = MockFactory().board_info
    for name, pin, header in WIRING:
        assert [info.number for _, info in board.find_pin(int(pin))] == [int(header)], name
    for pin, header in re.findall(r"BCM (\d+) \(header (\d+)\)", DOCUMENT):
        assert [info.number for _, info in board.find_pin(int(pin))] == [int(header)]


def test_its_settings_are_valid_and_those_of_its_wiring() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    content = tomllib.loads(example)
    settings_model().model_validate(content)
    said = content["integrations"]["panel"] | content["privacy"]
    wired = {name: int(pin) for name, pin, _ in WIRING}
    assert wired == {name: said[name] for name in wired}
    assert wired.keys() == {*BUTTONS, *KNOB, *LAMPS, "light_pin"}
