"""The lines that the image adds to the Raspberry Pi's config.txt: its firmware ignores what it does not know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.firmware.layers import RPI, read_layer

LAYER = RPI / "layer/soundit-boot.yaml"
SNIPPETS = sorted(LAYER.with_suffix(".d").rglob("*.txt"))

GAIN = {"24db_digital_gain", "leds_off"}
CAMERA = {"rotation", "orientation", "media-controller", "cam0"}
OVERLAYS = {
    "hifiberry-amp100": {*GAIN, "slave", "auto_mute", "mute_ext_ctl"},
    "hifiberry-amp3": set(),
    "hifiberry-dac": set(),
    "hifiberry-dacplus-pro": {*GAIN, "slave"},
    "hifiberry-dacplus-std": GAIN,
    "hifiberry-dacplusadcpro": {*GAIN, "slave"},
    "i2s-dac": set(),
    "imx219": {*CAMERA, "vcm", "4lane"},
    "imx296": {*CAMERA, "clock-frequency", "always-on", "sync-sink"},
    "imx477": {*CAMERA, "always-on", "sync-source", "sync-sink", "link-frequency"},
    "imx500": {*CAMERA, "bypass-cache"},
    "imx519": {*CAMERA, "vcm"},
    "imx708": {*CAMERA, "vcm", "link-frequency"},
    "iqaudio-codec": set(),
    "iqaudio-dacplus": {"24db_digital_gain", "auto_mute_amp", "unmute_amp"},
    "justboom-dac": {"24db_digital_gain"},
    "max98357a": {"no-sdmode", "sdmode-pin"},
    "rpi-dacpro": {"24db_digital_gain"},
    "rpi-digiampplus": {"24db_digital_gain", "auto_mute_amp", "unmute_amp"},
}
"""Overlays and their parameters: arch/arm/boot/dts/overlays/README in Raspberry Pi's kernel (2026)."""
KEYS = {
    "boot_delay": {"0"},
    "camera_auto_detect": {"0", "1"},
    "disable_splash": {"1"},
}
"""What else may stand in config.txt: its reference in Raspberry Pi's documentation."""
DTPARAMS = {"audio": {"on", "off"}, "watchdog": {"on", "off"}}
"""Parameters of the base device tree: the first entry of the same README."""
FILTERS = {"all", "pi4", "pi5"}


def faults(text: str) -> list[str]:
    """Return the lines of a piece of config.txt that the firmware would not understand."""
    return [line for line in text.splitlines() if line and not line.startswith("#") and not is_known(line)]


def is_known(line: str) -> bool:
    if section := re.fullmatch(r"\[(\w+)\]", line):
        return section[1] in FILTERS
    key, _, value = line.partition("=")
    if key == "dtoverlay":
        name, *parameters = value.split(",")
        return name in OVERLAYS and {parameter.partition("=")[0] for parameter in parameters} <= OVERLAYS[name]
    if key == "dtparam":
        name, _, setting = value.partition("=")
        return setting in DTPARAMS.get(name, set())
    return value in KEYS.get(key, set())


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_every_line_is_understood(path: Path) -> None:
    text = path.read_text()
    assert faults(text) == []
    assert text.endswith("\n"), "the next snippet would go on in its last line"
    assert len(text) < 98 * 60
    assert all(len(line) <= 98 or line.startswith("#") for line in text.splitlines()), (
        "the firmware reads 98 characters"
    )


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_a_snippet_begins_for_all_boards_whatever_stands_before_it(path: Path) -> None:
    settings = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    assert settings[0] == "[all]"


@pytest.mark.parametrize(
    "line",
    ["dtoverlay=hifiberry-dacplus-stad", "dtoverlay=imx708,cam2", "dtparam=watchdog=1", "[pi6]", "camera_auto=1", "x"],
)
def test_a_line_that_the_firmware_would_ignore_is_seen(line: str) -> None:
    assert faults(f"# a comment\n[all]\n{line}\n") == [line]


@pytest.mark.parametrize("name", ["dac", "camera"])
def test_the_words_of_the_variable_are_the_files(name: str) -> None:
    metadata = read_layer(LAYER).metadata
    words = metadata[f"Var-{name}-Valid"].removeprefix("keywords:").split(",")
    files = {path.stem for path in (LAYER.with_suffix(".d") / name).glob("*.txt")}
    assert set(words) == files


def test_a_card_on_the_header_takes_the_place_of_the_headphone_jack() -> None:
    for path in (LAYER.with_suffix(".d") / "dac").glob("*.txt"):
        assert ("dtparam=audio=off" in path.read_text()) == (path.stem != "none")


@pytest.mark.parametrize(
    ("kind", "line"), [("dac", "| {what} | `{name}` | `{overlay}` |"), ("camera", "| {what} | `{name}` |")]
)
def test_the_document_has_each_card_and_each_camera(kind: str, line: str) -> None:
    document = (RPI.parents[1] / "docs/appliance-image.md").read_text().splitlines()
    for path in (LAYER.with_suffix(".d") / kind).glob("*.txt"):
        comment, *settings = path.read_text().splitlines()
        what = comment.removeprefix("# ").removesuffix(".")
        assert line.format(what=what, name=path.stem, overlay=settings[-1]) in document
