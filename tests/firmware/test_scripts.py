"""The scripts of both images: a shell can read them, and the Raspberry Pi's do on made-up boards what they say."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.firmware.layers import FIRMWARE, RPI, read_layer

PROGRAMS = "usr/lib/soundit-image"
SHELL = [FIRMWARE / "image/init", *sorted(FIRMWARE.glob("image/*.sh"))]


def program(layer: str, name: str) -> Path:
    return read_layer(RPI / f"layer/{layer}.yaml").overlay / PROGRAMS / name


SOUND_CARD = program("soundit-edge", "sound-card")
KEEP_SLOT = program("soundit-slots", "keep-slot")
FIRST_BOOT = SOUND_CARD.parents[1] / "soundit-edge/first-boot"
HOTSPOT = program("soundit-hotspot", "hotspot")
SCREEN = program("soundit-hotspot", "screen")


@pytest.mark.parametrize("path", [*SHELL, SOUND_CARD, KEEP_SLOT, FIRST_BOOT], ids=lambda path: path.name)
def test_the_shell_can_read_it(path: Path) -> None:
    done = subprocess.run(["sh", "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


CARDS = {
    "hdmi": " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n",
    "jack": " 1 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n                      bcm2835 Headphones\n",
    "dac": " 2 [sndrpihifiberry]: RPi-simple - snd_rpi_hifiberry_dac\n                      snd_rpi_hifiberry_dac\n",
}


@pytest.mark.parametrize(
    ("cards", "chosen"),
    [
        (["hdmi", "jack", "dac"], 'slave.pcm "dmix:CARD=sndrpihifiberry,RATE=48000"'),
        (["hdmi", "jack"], 'slave.pcm "dmix:CARD=Headphones,RATE=48000"'),
        (["hdmi"], 'defaults.pcm.card "vc4hdmi0"'),
    ],
)
def test_the_best_sound_card_is_chosen(tmp_path: Path, cards: list[str], chosen: str) -> None:
    text = choose(tmp_path, "".join(CARDS[name] for name in cards), "")
    assert chosen in text
    assert "capture" not in text


def test_the_microphone_may_be_on_another_card(tmp_path: Path) -> None:
    pcms = "02-00: HifiBerry DAC : : playback 1\n10-00: USB Audio : USB Audio : capture 1\n"
    assert 'capture.pcm { type plug slave.pcm "dsnoop:CARD=10" }' in choose(tmp_path, CARDS["dac"], pcms)


def test_without_a_sound_card_alsa_is_left_as_it_is(tmp_path: Path) -> None:
    assert choose(tmp_path, "--- no soundcards ---\n", "") == ""


def choose(folder: Path, cards: str, pcms: str) -> str:
    (folder / "cards").write_text(cards)
    (folder / "pcms").write_text(pcms)
    files = {"CARDS": "cards", "PCMS": "pcms", "CONF": "conf"}
    subprocess.run([SOUND_CARD], cwd=folder, env=os.environ | files, capture_output=True, check=True)
    return (folder / "conf").read_text()


@pytest.mark.parametrize(("serial", "name"), [(b"10000000abcdef12\0", "soundit-cdef12\n"), (b"\0", "")])
def test_the_host_has_a_name_by_the_boards_serial_number(tmp_path: Path, serial: bytes, name: str) -> None:
    Board.command(tmp_path / "hostname", 'echo "$1" >name')
    (tmp_path / "serial").write_bytes(serial)
    (tmp_path / "name").touch()
    variables = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SERIAL": "serial"}
    subprocess.run([FIRST_BOOT], cwd=tmp_path, env=variables, capture_output=True, check=True)
    assert (tmp_path / "name").read_text() == name


class Board:
    """A board on trial: stand-ins for systemctl and rpi-slot-tryboot, and the number that the firmware leaves."""

    def __init__(self, folder: Path, *, tried: bytes, active: str = "true", restarts: int = 0) -> None:
        (folder / "bin").mkdir()
        self.command(folder / "bin/systemctl", f'[ "$1" = show ] && echo {restarts} || {active}')
        self.command(folder / "bin/rpi-slot-tryboot", "echo boot_partition=3")
        (folder / "tried").write_bytes(tried)
        self.autoboot = folder / "autoboot.txt"
        self.autoboot.write_text("boot_partition=2\n")
        self.environment = os.environ | {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "TRIED": "tried",
            "AUTOBOOT": "autoboot.txt",
            "CHECKS": "2",
            "PAUSE_S": "0",
        }
        self.folder = folder

    @staticmethod
    def command(path: Path, line: str) -> None:
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def run(self) -> int:
        command = subprocess.run([KEEP_SLOT], cwd=self.folder, env=self.environment, capture_output=True, check=False)
        return command.returncode


YES, NO = b"\0\0\0\1", b"\0\0\0\0"


def test_a_system_on_trial_that_plays_is_kept(tmp_path: Path) -> None:
    board = Board(tmp_path, tried=YES)
    assert board.run() == 0
    assert board.autoboot.read_text() == "boot_partition=3\n"
    assert not list(tmp_path.glob("*.part"))


def test_a_system_that_is_not_on_trial_changes_nothing(tmp_path: Path) -> None:
    board = Board(tmp_path, tried=NO, active="false")
    assert board.run() == 0
    assert board.autoboot.read_text() == "boot_partition=2\n"


@pytest.mark.parametrize(("active", "restarts"), [("false", 0), ("true", 1)])
def test_a_system_on_trial_that_does_not_play_is_given_up(tmp_path: Path, active: str, restarts: int) -> None:
    board = Board(tmp_path, tried=YES, active=active, restarts=restarts)
    assert board.run() == 1
    assert board.autoboot.read_text() == "boot_partition=2\n"


def test_a_device_whose_trial_failed_starts_again_and_so_goes_back() -> None:
    unit = (KEEP_SLOT.parents[1] / "systemd/system/soundit-slots.service").read_text()
    assert "FailureAction=reboot\n" in unit


@pytest.fixture
def hotspot() -> dict[str, Any]:
    return runpy.run_path(str(HOTSPOT))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A board's file system, with its serial number as the device tree has it."""
    (tmp_path / "proc/device-tree").mkdir(parents=True)
    (tmp_path / "proc/device-tree/serial-number").write_bytes(b"10000000abcdef12\0")
    (tmp_path / "etc/soundit-edge").mkdir(parents=True)
    (tmp_path / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    return tmp_path


def configuration(root: Path) -> str:
    return (root / "run/soundit-image/comitup.conf").read_text()


def test_each_device_has_a_password_of_its_own_and_keeps_it(hotspot: dict[str, Any], root: Path) -> None:
    hotspot["main"](root)
    first = configuration(root)
    hotspot["main"](root)
    assert configuration(root) == first
    (root / "var/lib/soundit-image/hotspot.key").unlink()
    hotspot["main"](root)
    assert configuration(root) != first
    assert (root / "run/soundit-image/comitup.conf").stat().st_mode & 0o777 == 0o600
    assert (root / "var/lib/soundit-image/hotspot.key").stat().st_mode & 0o777 == 0o600


def test_the_maker_can_print_the_password_of_a_serial_number(hotspot: dict[str, Any], root: Path) -> None:
    (root / "etc/soundit-edge/hotspot.key").write_bytes(b"the maker's")
    hotspot["main"](root)
    password = hotspot["password_of"](b"the maker's", "10000000abcdef12")
    assert configuration(root) == f"ap_name: <hostname>\nap_password: {password}\n"
    assert not (root / "var").exists()


def test_a_password_has_only_characters_that_nobody_takes_for_another(hotspot: dict[str, Any]) -> None:
    passwords = {hotspot["password_of"](b"key", str(serial)) for serial in range(200)}
    assert len(passwords) == 200
    assert set("".join(passwords)) == {*hotspot["ALPHABET"], "-"}
    assert {len(password) for password in passwords} == {14}


def test_a_board_without_a_serial_number_has_a_password_all_the_same(hotspot: dict[str, Any], root: Path) -> None:
    (root / "proc/device-tree/serial-number").unlink()
    assert hotspot["serial_of"](root) == "0123456789abcdef0123456789abcdef"


def test_a_key_that_was_being_written_when_the_power_went_is_made_again(hotspot: dict[str, Any], root: Path) -> None:
    (root / "var/lib/soundit-image").mkdir(parents=True)
    (root / "var/lib/soundit-image/hotspot.key.part").write_bytes(b"half")
    hotspot["main"](root)
    assert len((root / "var/lib/soundit-image/hotspot.key").read_bytes()) == 32
    assert not list(root.glob("var/lib/soundit-image/*.part"))


def test_the_screen_shows_the_hotspot_and_the_code_and_nothing_of_a_claimed_device(root: Path) -> None:
    screen = runpy.run_path(str(SCREEN))
    assert "code" not in screen["text"](root, "")
    assert "hotspot" not in screen["text"](root, "")
    (root / "run/soundit-image").mkdir(parents=True)
    (root / "run/soundit-image/comitup.conf").write_text("ap_name: <hostname>\nap_password: ACDE-3467-FGHJ\n")
    shown = screen["text"](root, "ACDE-3467")
    assert "password ACDE-3467-FGHJ" in shown
    assert "enter the code ACDE-3467 on the page" in shown


def test_the_programs_of_the_image_need_only_the_systems_own_python() -> None:
    for path in (HOTSPOT, SCREEN):
        assert path.read_text().startswith("#!/usr/bin/python3\n")
        done = subprocess.run([sys.executable, "-I", "-c", f"import runpy; runpy.run_path({str(path)!r})"], check=False)
        assert done.returncode == 0
