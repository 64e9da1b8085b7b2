"""The doctor's checks of heat, power, cards, memory, devices and their groups, over files that stand for a computer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from soundit_edge.audio import portaudio
from soundit_edge.doctor.checks import accelerator, camera, card, disk, groups, power, sound
from tests.doctor.world import STRANGER, World, member

FLAGS = power.FLAGS


def test_without_a_thermometer_the_heat_is_unknown_and_that_is_well(world: World) -> None:
    (finding,) = world.look(power.TEMPERATURE)
    assert (finding.state, finding.text) == ("ok", "unknown: there is no thermometer")


@pytest.mark.parametrize(("millidegrees", "state"), [("48000", "ok"), ("78000", "note"), ("91000", "bad")])
def test_heat(world: World, millidegrees: str, state: str) -> None:
    world.write("sys/class/thermal/thermal_zone0/temp", f"{millidegrees}\n")
    (finding,) = world.look(power.TEMPERATURE)
    assert finding.state == state
    assert ("heat sink" in finding.mend) == (state != "ok")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("0", [("power", "ok")]),
        ("1", [("power", "bad")]),
        ("10000", [("power", "bad")]),
        ("4", [("power", "ok"), ("throttling", "bad")]),
        ("20000", [("power", "ok"), ("throttling", "note")]),
        ("50005", [("power", "bad"), ("throttling", "bad")]),
    ],
)
def test_the_firmware_says_of_too_little_voltage_and_of_throttling(
    world: World, word: str, said: list[tuple[str, str]]
) -> None:
    world.write(FLAGS, f"{word}\n")
    assert [(finding.subject, finding.state) for finding in world.look(power.POWER)] == said


def test_the_firmwares_own_command_is_asked_where_the_kernel_says_nothing(world: World) -> None:
    world.said["vcgencmd"] = "throttled=0x50000\n"
    assert world.look(power.POWER) == []  # no board that has a firmware of that kind
    world.write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    assert [finding.state for finding in world.look(power.POWER)] == ["bad", "note"]
    world.said["vcgencmd"] = "what?"
    assert world.look(power.POWER) == []


@pytest.mark.parametrize(("alarm", "state"), [("0", "ok"), ("1", "bad")])
def test_the_kernels_own_watch_over_the_voltage(world: World, alarm: str, state: str) -> None:
    world.write("sys/class/hwmon/hwmon2/name", "rpi_volt\n")
    world.write("sys/class/hwmon/hwmon2/in0_lcrit_alarm", f"{alarm}\n")
    assert world.states(power.POWER) == [state]


@pytest.mark.parametrize(
    ("life", "reserve", "state", "mentions"),
    [
        ("0x01 0x01", "0x01", "ok", "less than 10 %"),
        ("0x09 0x02", "0x01", "note", "about 90 %"),
        ("0x0b 0x02", "0x01", "bad", "used up"),
        ("0x02 0x01", "0x02", "bad", "four fifths of its spare blocks"),
        ("0x02 0x01", "0x03", "bad", "spare blocks are used up"),
        ("rubbish", "", "ok", "it does not say"),
    ],
)
def test_the_wear_of_a_card(world: World, life: str, reserve: str, state: str, mentions: str) -> None:
    world.write("sys/block/mmcblk0/device/life_time", f"{life}\n")
    world.write("sys/block/mmcblk0/device/pre_eol_info", f"{reserve}\n")
    (finding,) = world.look(card.CHECK)
    assert finding.state == state
    assert mentions in finding.text


def test_a_card_that_says_nothing_of_its_wear_is_well(world: World) -> None:
    world.write("sys/fs/ext4/mmcblk0p2/errors_count", "0\n")
    assert world.states(card.CHECK) == ["ok"]


def test_errors_of_a_file_system_are_bad(world: World) -> None:
    world.write("sys/fs/ext4/mmcblk0p2/errors_count", "3\n")
    (finding,) = world.look(card.CHECK)
    assert (finding.state, finding.text) == ("bad", "mmcblk0p2: the file system had 3 errors")


@pytest.mark.parametrize(("kilobytes", "state"), [("2000000", "ok"), ("200000", "note"), ("50000", "bad")])
def test_memory(world: World, kilobytes: str, state: str) -> None:
    world.write("proc/meminfo", f"MemTotal: 4000000 kB\nMemAvailable:   {kilobytes} kB\n")
    assert world.states(disk.MEMORY) == [state]


def test_programs_that_the_kernel_ended_for_want_of_memory_are_noted(world: World) -> None:
    world.write("proc/meminfo", "MemAvailable: 2000000 kB\n")
    world.write("proc/vmstat", "nr_free_pages 12\noom_kill 2\n")
    (finding,) = world.look(disk.MEMORY)
    assert finding.state == "note"
    assert "had to end 2 programs" in finding.text


@pytest.mark.parametrize("text", ["", "MemAvailable:", "MemAvailable: x kB"])
def test_memory_that_the_kernel_does_not_tell(world: World, text: str) -> None:
    world.write("proc/meminfo", text)
    assert world.states(disk.MEMORY) == ["ok"]


def test_a_camera_that_may_not_be_opened_is_bad_and_how_to_join_its_group_is_said(world: World) -> None:
    world.device("dev/video0")
    (finding,) = world.look(groups.CHECK)
    assert (finding.state, finding.text) == ("bad", "anna may not use the camera")
    assert finding.mend.startswith("sudo usermod -aG video anna")


def test_a_member_of_the_group_may_use_it(world: World) -> None:
    world.device("dev/video0")
    world.change(account=member())
    assert world.states(groups.CHECK) == ["ok"]


def test_a_group_that_was_joined_since_the_login_is_said(world: World) -> None:
    world.device("dev/video0")
    joined = member().listed
    world.change(account=replace(STRANGER, listed=joined))
    (finding,) = world.look(groups.CHECK)
    assert "log out and in again" in finding.mend
    assert "usermod" not in finding.mend


def test_the_services_user_is_looked_at_too(world: World) -> None:
    world.device("dev/snd/pcmC0D0p")
    world.change(account=member(), service=replace(STRANGER, name="soundit-edge", number=77))
    assert [finding.text for finding in world.look(groups.CHECK)] == [
        "anna may use what is plugged in",
        "soundit-edge may not use microphone and speaker",
    ]


def test_one_device_of_a_kind_that_may_be_used_is_enough(world: World) -> None:
    world.device("dev/video0")
    world.device("dev/video1", mode=0o666)
    assert world.states(groups.CHECK) == ["ok"]


def test_root_may_use_everything(world: World) -> None:
    world.device("dev/gpiochip0", mode=0)
    world.change(account=replace(STRANGER, number=0))
    assert world.states(groups.CHECK) == ["ok"]


def plug_coral(world: World, product: str = "9302") -> None:
    for name, text in (("idVendor", "18d1"), ("idProduct", product), ("busnum", "2"), ("devnum", "3")):
        world.write(f"sys/bus/usb/devices/2-1/{name}", f"{text}\n")
    world.device("dev/bus/usb/002/003")


def test_without_a_coral_nothing_is_said_of_one(world: World) -> None:
    plug_coral(world, product="0001")
    assert world.look(accelerator.CORAL_ON_USB) == []


def test_a_coral_without_its_library(world: World) -> None:
    plug_coral(world)
    world.write("settings.toml", f'[inference]\naccelerator_library = "{world.root}/nowhere.so"\n')
    (finding,) = world.look(accelerator.CORAL_ON_USB)
    assert finding.state == "note"
    assert "there is no such library" in finding.text
    assert "docs/accelerators.md" in finding.mend


def test_a_coral_that_may_not_be_used(world: World) -> None:
    plug_coral(world)
    world.write("settings.toml", f'[inference]\naccelerator_library = "{world.write("libedgetpu.so")}"\n')
    (finding,) = world.look(accelerator.CORAL_ON_USB)
    assert (finding.state, "plugdev" in finding.mend) == ("bad", True)
    world.change(account=member())
    assert world.states(accelerator.CORAL_ON_USB) == ["ok"]


def test_no_camera_is_well_because_there_is_a_stand_in(world: World) -> None:
    (finding,) = world.look(camera.CAMERA)
    assert (finding.state, finding.text) == ("ok", "none: the drawn demo stands in")


@pytest.mark.parametrize(("plugged", "there"), [("video0", "there is /dev/video0"), ("", "no camera is connected")])
def test_a_camera_that_is_asked_for_and_not_there(world: World, plugged: str, there: str) -> None:
    world.write("settings.toml", "[device]\ncamera = 7\n")
    if plugged:
        world.device(f"dev/{plugged}")
    (finding,) = world.look(camera.CAMERA)
    assert finding.state == "bad"
    assert finding.text == f"camera 7 is asked for, and {there}"
    world.device("dev/video7")
    assert world.states(camera.CAMERA) == ["ok"]


def test_cameras_on_the_ribbon_cable_are_said(world: World) -> None:
    world.change(csi_cameras=lambda: ["imx708", "ov5647"])
    world.device("dev/video0")
    (finding,) = world.look(camera.CAMERA)
    assert (finding.state, finding.text) == ("ok", "csi:0 (imx708), csi:1 (ov5647), /dev/video0")


def test_a_camera_on_the_ribbon_cable_that_is_asked_for_and_not_there(world: World) -> None:
    world.write("settings.toml", '[device]\ncamera = "csi:1"\n[cameras.second]\nsource = "csi:0"\n')
    world.change(csi_cameras=lambda: ["imx708"])
    (finding,) = world.look(camera.CAMERA)
    assert (finding.state, finding.text) == ("bad", "camera csi:1 is asked for, and there is csi:0 (imx708)")
    assert "ribbon cable" in finding.mend
    world.change(csi_cameras=lambda: ["imx708", "ov5647"])
    assert world.states(camera.CAMERA) == ["ok"]


def test_a_further_camera_that_is_not_there_is_bad_and_one_in_the_network_is_not_asked(world: World) -> None:
    world.write("settings.toml", '[device]\ncamera = "rtsp://porch/1"\n[cameras.third]\nsource = 3\n')
    (finding,) = world.look(camera.CAMERA)
    assert finding.text == "camera 3 is asked for, and no camera is connected"


@pytest.mark.parametrize("subject", ["microphone", "speaker"])
def test_a_sound_device_that_is_asked_for_and_not_there(
    world: World, monkeypatch: pytest.MonkeyPatch, subject: str
) -> None:
    def refuse(kind: portaudio.Kind, name: str | None = None) -> portaudio.Device:
        raise portaudio.UnknownDevice(f"there is no {subject} called {name!r}")

    monkeypatch.setattr(portaudio, "find", refuse)
    monkeypatch.setattr(portaudio, "devices", lambda kind: [portaudio.Device(0, "hall", 2, 48_000.0)])
    check = sound.MICROPHONE if subject == "microphone" else sound.SPEAKER
    assert [finding.text for finding in world.look(check)] == ["hall"]
    world.change()  # which reads the settings again
    world.write("settings.toml", f'[device]\n{subject} = "attic"\n')
    (finding,) = world.look(check)
    assert finding.state == "bad"
    assert "attic" in finding.text
    assert f'{subject} = "auto"' in finding.mend


def test_a_disk_that_is_full_slow_or_read_only(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("STATE", "CACHE", "LIBRARY"):
        monkeypatch.setenv(f"SOUNDIT_{variable}", str(tmp_path / "root" / variable.lower()))
    world.write("settings.toml")
    assert set(world.states(disk.DISKS)) <= {"ok", "note"}  # a busy machine may be slow

    monkeypatch.setattr(disk, "seconds_to_write", lambda folder: 9.0)
    (finding,) = world.look(disk.DISKS)
    assert (finding.state, "took 9.0 s" in finding.text) == ("note", True)

    monkeypatch.setattr(disk, "seconds_to_write", lambda folder: 0.0)
    monkeypatch.setattr(disk, "FEW_FREE_MB", 1e12)
    assert world.states(disk.DISKS) == ["note"]
    monkeypatch.setattr(disk, "MIN_FREE_MB", 1e12)
    assert world.states(disk.DISKS) == ["bad"]

    def refuse(folder: Path) -> float:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(disk, "seconds_to_write", refuse)
    (finding,) = world.look(disk.DISKS)
    assert finding.state == "bad"
    assert finding.text.endswith("cannot be written: Read-only file system")


def test_looking_at_a_disk_leaves_no_file(tmp_path: Path) -> None:
    assert disk.seconds_to_write(tmp_path) >= 0
    assert list(tmp_path.iterdir()) == []
