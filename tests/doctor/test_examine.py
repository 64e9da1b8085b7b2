"""The doctor runs its checks side by side, and never fails: neither over a broken world nor by a check's own defect."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.doctor import checks
from soundit_edge.doctor.checks import accelerator, camera, card, clock, disk, groups, network, power, service
from soundit_edge.doctor.examine import examine, found
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.registry import SUBJECTS, all_checks
from soundit_edge.doctor.summary import as_object, is_well
from soundit_edge.doctor.surroundings import Surroundings, output_of
from soundit_edge.errors import SounditError
from tests.doctor.world import World

OF_FILES = (
    accelerator.CORAL_ON_USB,
    camera.CAMERA,
    card.CHECK,
    clock.CHECK,
    disk.MEMORY,
    groups.CHECK,
    network.CHECK,
    power.TEMPERATURE,
    power.POWER,
    service.SERVICE,
)
FILES = (
    "dev/video0",
    "etc/resolv.conf",
    "proc/device-tree/model",
    "proc/meminfo",
    "proc/net/ipv6_route",
    "proc/net/route",
    "proc/vmstat",
    "run/systemd/system/x",
    "sys/block/mmcblk0/device/life_time",
    "sys/block/mmcblk0/device/pre_eol_info",
    "sys/bus/usb/devices/1-1/idVendor",
    "sys/class/hwmon/hwmon0/name",
    "sys/class/net/eth0/flags",
    "sys/class/thermal/thermal_zone0/temp",
    "sys/devices/platform/soc/soc:firmware/get_throttled",
    "sys/fs/ext4/sda1/errors_count",
)


def raising(error: Exception) -> Check:
    def look(here: Surroundings) -> Iterator[Finding]:
        yield Finding("before", "ok", "seen")
        raise error

    return Check("broken", look)


@pytest.mark.parametrize(
    ("error", "state"),
    [(SounditError("no"), "bad"), (OSError(5, "Input/output error"), "bad"), (ZeroDivisionError("x"), "note")],
)
def test_a_check_that_fails_is_a_finding_and_keeps_what_it_had_found(
    world: World, error: Exception, state: str
) -> None:
    first, second = found(raising(error), world.surroundings)
    assert (first.subject, second.subject, second.state) == ("before", "broken", state)


def test_a_check_that_hangs_is_given_up_and_the_others_are_not_kept_waiting(world: World) -> None:
    let_go = threading.Event()

    def hang(here: Surroundings) -> list[Finding]:
        let_go.wait()
        return []

    slow = Check("slow", hang, limit_s=0.01)
    quick = Check("quick", lambda here: [Finding("quick", "ok", "here")])
    try:
        first, second = examine(world.surroundings, [slow, quick])
    finally:
        let_go.set()
    assert (first.state, "no answer" in first.text) == ("note", True)
    assert second.text == "here"


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(FILES), st.one_of(st.text(max_size=80), st.binary(max_size=80))), st.text())
def test_no_check_fails_over_whatever_the_kernel_says(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str | bytes], said: str
) -> None:
    world = World(tmp_path_factory.mktemp("world"))
    for path, content in files.items():
        world.write(path).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    world.said = dict.fromkeys(("vcgencmd", "systemctl", "timedatectl"), said)
    for check in OF_FILES:
        list(check.look(world.surroundings))


def test_no_check_fails_where_files_are_folders_and_folders_are_files(world: World) -> None:
    for path in FILES:
        (world.root / path).mkdir(parents=True)
    for check in OF_FILES:
        list(check.look(world.surroundings))
    flat = World(world.root / "flat")
    for top in ("dev", "etc", "proc", "run", "sys"):
        flat.write(top)
    for check in OF_FILES:
        list(check.look(flat.surroundings))


def test_every_check_has_another_subject() -> None:
    subjects = [check.subject for check in all_checks()]
    assert len(set(subjects)) == len(subjects) > len(SUBJECTS)


def test_every_file_of_the_checks_is_in_the_registry() -> None:
    folder = Path(checks.__file__ or "").parent
    assert {path.stem for path in folder.glob("*.py")} == {*SUBJECTS, "__init__"}


def test_a_package_that_is_missing_is_a_finding_and_the_other_checks_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "soundit_edge.doctor.checks.camera", None)
    first, second = all_checks(["camera", "card"])
    (finding,) = found(first, world.surroundings)
    assert (finding.subject, finding.state) == ("packages", "bad")
    assert "is missing or broken" in finding.text
    assert [one.state for one in found(second, world.surroundings)] == ["ok"]


def test_the_object_for_programs() -> None:
    findings = [Finding("a", "ok", "x"), Finding("b", "note", "y", "do")]
    assert is_well(findings)
    whole = as_object(findings)
    assert set(whole) == {"format", "version", "well", "findings"}
    assert whole["findings"][1] == {"subject": "b", "state": "note", "text": "y", "mend": "do"}
    assert not is_well([*findings, Finding("c", "bad", "z")])


def test_commands_that_are_missing_fail_or_hang_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert output_of(("no-such-command-at-all",)) is None
    assert output_of(("false",)) is None
    assert output_of(("echo", "well")) == "well\n"
    monkeypatch.setattr("soundit_edge.doctor.surroundings.COMMAND_S", 0.01)
    assert output_of(("sleep", "5")) is None
