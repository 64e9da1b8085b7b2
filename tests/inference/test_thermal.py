"""The box's temperature, from fake files: what is warm slows the senses down, what is rubbish does not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.inference.thermal import MIN_SHARE, THROTTLED_SHARE, Thermal


def zone(root: Path, number: int, content: str | bytes) -> None:
    folder = root / f"sys/class/thermal/thermal_zone{number}"
    folder.mkdir(parents=True)
    (folder / "temp").write_bytes(content if isinstance(content, bytes) else content.encode())


def flags(root: Path, content: str) -> None:
    folder = root / "sys/devices/platform/soc/soc:firmware"
    folder.mkdir(parents=True)
    (folder / "get_throttled").write_text(content)


def test_a_box_without_thermometers_does_all(tmp_path: Path) -> None:
    thermal = Thermal(tmp_path)
    assert (thermal.temperature(), thermal.is_throttled(), thermal.share()) == (None, False, 1.0)


def test_the_warmest_counts(tmp_path: Path) -> None:
    zone(tmp_path, 0, "41000\n")
    zone(tmp_path, 1, "77500\n")
    assert Thermal(tmp_path).temperature() == 77.5
    assert Thermal(tmp_path).share() == pytest.approx((1 + MIN_SHARE) / 2)


@pytest.mark.parametrize(("celsius", "share"), [(20, 1.0), (70, 1.0), (85, MIN_SHARE), (120, MIN_SHARE)])
def test_the_warmer_the_less(tmp_path: Path, celsius: int, share: float) -> None:
    zone(tmp_path, 0, f"{1000 * celsius}\n")
    assert Thermal(tmp_path).share() == pytest.approx(share)


@pytest.mark.parametrize("content", ["", "warm", "-273150", "999999999", b"\xff\xfe\x00", "4 1", "nan"])
def test_rubbish_does_not_count(tmp_path: Path, content: str | bytes) -> None:
    zone(tmp_path, 0, content)
    assert Thermal(tmp_path).temperature() is None
    zone(tmp_path, 1, "30000")
    assert Thermal(tmp_path).temperature() == 30.0


@pytest.mark.parametrize(
    ("word", "throttled"),
    [("0", False), ("50005\n", True), ("0x8\n", True), ("2", True), ("50000", False), ("1", False), ("rubbish", False)],
)
def test_the_firmwares_flags(tmp_path: Path, word: str, throttled: bool) -> None:
    """What was so since the start (the upper bits), and too little voltage (bit 0), do not slow the senses down."""
    flags(tmp_path, word)
    thermal = Thermal(tmp_path)
    assert thermal.is_throttled() == throttled
    assert thermal.share() == (THROTTLED_SHARE if throttled else 1.0)
