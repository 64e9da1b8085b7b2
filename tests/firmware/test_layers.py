"""The layers of the product's image have the form that rpi-image-gen reads, and all that they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.firmware.layers import BUILT_IN, CONFIGS, FIRMWARE, LAYERS, RPI, Layer, read_layer

ROOT = FIRMWARE.parent
FIELDS = re.compile(
    r"Layer-(Name|Category|Desc|Version|Requires|RequiresProvider)|VarPrefix|Var-\w+(-(Desc|Required|Valid|Set))?"
)


@pytest.fixture(params=LAYERS, ids=lambda path: path.stem)
def layer(request: pytest.FixtureRequest) -> Layer:
    return read_layer(request.param)


def package_list(path: Path) -> set[str]:
    return set(path.read_text().split())


def test_there_are_layers_and_a_configuration_for_both_boards() -> None:
    assert {path.stem for path in LAYERS} == {"soundit-boot", "soundit-edge", "soundit-hotspot", "soundit-slots"}
    assert {path.stem for path in CONFIGS} == {"soundit-common", "soundit-pi4", "soundit-pi5"}


def test_the_metadata_has_known_fields_and_what_every_layer_needs(layer: Layer) -> None:
    assert [field for field in layer.metadata if not FIELDS.fullmatch(field)] == []
    assert layer.name == layer.path.stem
    assert re.fullmatch(r"\d+\.\d+\.\d+", layer.metadata["Layer-Version"])
    assert layer.metadata["Layer-Desc"]
    assert set(layer.body) == {"mmdebstrap"}
    assert set(layer.body["mmdebstrap"]) <= {"packages", "customize-hooks", "cleanup-hooks"}


def test_each_variable_says_what_it_is_and_what_it_may_be(layer: Layer) -> None:
    names = {match[1] for field in layer.metadata if (match := re.fullmatch(r"Var-(\w+)", field))}
    described = {match[1] for field in layer.metadata if (match := re.match(r"Var-(\w+)-", field))}
    assert described == names
    assert not names or "VarPrefix" in layer.metadata
    for name in names:
        assert {f"Var-{name}-{part}" for part in ("Desc", "Required", "Valid", "Set")} <= set(layer.metadata)
        valid, value = layer.metadata[f"Var-{name}-Valid"], layer.metadata[f"Var-{name}"]
        assert not valid.startswith("keywords:") or value in valid.removeprefix("keywords:").split(",")


def test_what_a_layer_requires_is_one_of_ours_or_of_rpi_image_gen(layer: Layer) -> None:
    assert set(layer.requires) <= BUILT_IN | {path.stem for path in LAYERS}


def test_a_unit_that_is_enabled_is_in_the_overlay_or_of_a_package_that_is_installed(layer: Layer) -> None:
    units = layer.overlay / "usr/lib/systemd/system"
    enabled = re.findall(r"enable-units \"\$1\" ([\w. -]+)$", "\n".join(layer.hooks), re.MULTILINE)
    for name in " ".join(enabled).split():
        unit = units / (name if "." in name else f"{name}.service")
        assert unit.is_file() or name in layer.packages, name
        assert not unit.is_file() or "[Install]" in unit.read_text(), name


def test_every_program_that_a_unit_starts_is_in_the_overlay_and_can_be_run(layer: Layer) -> None:
    for unit in layer.overlay.glob("usr/lib/systemd/system/*.service"):
        (program,) = re.findall(r"^ExecStart=(\S+)", unit.read_text(), re.MULTILINE)
        path = layer.overlay / program.removeprefix("/")
        assert path.is_file(), program
        assert path.stat().st_mode & 0o111, program


def test_a_timer_starts_a_service_that_is_there(layer: Layer) -> None:
    for timer in layer.overlay.glob("usr/lib/systemd/system/*.timer"):
        assert timer.with_suffix(".service").is_file()


def test_what_is_kept_between_the_slots_is_named_as_the_image_layout_reads_it(layer: Layer) -> None:
    for conf in layer.overlay.glob("etc/rpi-image-gen/slot-shared.d/*.conf"):
        first, *paths = conf.read_text().splitlines()
        assert first == "Version=1"
        assert paths
        assert all(re.fullmatch(r"Path=/var/[\w/-]+", path) for path in paths)


def test_the_state_of_the_device_and_the_key_of_its_hotspot_are_kept_between_the_slots() -> None:
    shared = {
        line.removeprefix("Path=")
        for conf in (RPI / "layer").glob("*.d/customize.overlay/etc/rpi-image-gen/slot-shared.d/*.conf")
        for line in conf.read_text().splitlines()[1:]
    }
    assert {"/var/lib/soundit-edge", "/var/cache/soundit-edge", "/var/lib/soundit-image"} <= shared


def test_both_images_are_made_of_the_same_packages() -> None:
    emulated = package_list(ROOT / "packages.txt") | package_list(FIRMWARE / "packages.txt")
    product = read_layer(RPI / "layer/soundit-edge.yaml").packages
    assert emulated <= product
    of_a_board = {"espeak-ng", "libnss-myhostname", "python3-libcamera", "python3-lgpio", "python3-picamera2"}
    assert product - emulated == of_a_board


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_configuration_names_layers_and_variables_that_there_are(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    known = BUILT_IN | {layer.stem for layer in LAYERS}
    for section in ("device", "image"):
        assert content.get(section, {}).get("layer", "rpi5") in known
    assert set(content.get("layer", {}).values()) <= known
    if include := content.get("include"):
        assert (path.parent / include["file"]).is_file()
    ours = {read_layer(layer).metadata.get("VarPrefix"): layer for layer in LAYERS}
    for name in content.get("soundit", {}):
        assert f"Var-{name}" in read_layer(ours["soundit"]).metadata


def test_the_image_is_the_one_with_two_systems_and_a_partition_for_what_is_kept() -> None:
    content = yaml.safe_load((RPI / "config/soundit-common.yaml").read_text())
    assert content["image"]["layer"] == "image-rota"
    assert set(content["layer"].values()) >= {path.stem for path in LAYERS}
    assert content["packages"]["soundit"].endswith("_arm64.deb")
    assert "user1pass" not in content["device"]
