"""Every dependency has a wheel for 64-bit Arm, on every Python; and a lock without one is seen, without the network."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.tools.lock.wheelhouse import ARM, PURE, pinned
from tools.lock.pins import pins
from tools.lock.wheels import LOCK, PYTHONS, TABLE, Wheel, faults, read_table, table_text

OURS = "a" * 64


def faults_of(lock: str, *wheels: Wheel) -> list[str]:
    return list(faults(list(pins(lock)), wheels))


def compiled(*tags: str) -> list[Wheel]:
    return [Wheel(OURS, f"soxr-1.1.0-{tag}.whl") for tag in tags]


def test_every_pinned_dependency_has_a_wheel_for_aarch64() -> None:
    found = list(faults(list(pins(LOCK.read_text())), read_table(TABLE.read_text())))
    assert found == [], "after a change of the lock: python -m tools.lock.aarch64 record"


def test_a_lock_whose_version_was_raised_has_no_wheel() -> None:
    lock, count = re.subn(r"^soxr==1\.1\.0", "soxr==1.1.1", LOCK.read_text(), flags=re.MULTILINE)
    assert count == 1
    found = faults_of(lock, *read_table(TABLE.read_text()))
    assert "soxr 1.1.1: no wheel for aarch64 and Python 3.11" in found
    assert all("soxr" in fault for fault in found)


def test_a_wheel_whose_hash_is_not_in_the_lock_is_none() -> None:
    wheels = read_table(TABLE.read_text())
    hashes = {wheel.sha256 for wheel in wheels}
    for pin in pins(LOCK.read_text()):
        found = list(faults([replace(pin, hashes=pin.hashes - hashes)], wheels))
        missing = [f"{pin.name} {pin.version}: no wheel for aarch64 and Python {p}" for p in PYTHONS if pin.is_for(p)]
        assert found[: len(missing)] == missing
        assert len(found) == len(missing) + len(wheels)


def test_every_requirement_of_the_lock_is_read() -> None:
    lock = LOCK.read_text()
    found = list(pins(lock))
    assert len(found) == len(re.findall(r"^[\w.-]+==", lock, re.MULTILINE))
    assert sum(len(pin.hashes) for pin in found) == lock.count("--hash=sha256:")
    assert all(pin.hashes and len(pin.requirement.specifier) == 1 for pin in found)


def test_a_wheel_for_any_machine_serves_every_python() -> None:
    assert faults_of(pinned("Mido==1.3.3", OURS), Wheel(OURS, f"mido-1.3.3-{PURE}.whl")) == []


def test_each_python_needs_its_own_wheel_of_compiled_code() -> None:
    lock = pinned("soxr==1.1.0", OURS)
    assert faults_of(lock, *compiled(*(f"cp3{minor}-cp3{minor}-{ARM}" for minor in (11, 12, 13)))) == []
    assert faults_of(lock, *compiled(f"cp311-cp311-{ARM}", f"cp313-cp313-{ARM}")) == [
        "soxr 1.1.0: no wheel for aarch64 and Python 3.12"
    ]


def test_one_wheel_of_the_stable_abi_serves_newer_pythons_only() -> None:
    lock = pinned("soxr==1.1.0", OURS)
    assert faults_of(lock, *compiled(f"cp311-abi3-{ARM}")) == []
    assert faults_of(lock, *compiled(f"cp312-abi3-{ARM}")) == ["soxr 1.1.0: no wheel for aarch64 and Python 3.11"]


@pytest.mark.parametrize("platform", ["manylinux_2_17_x86_64", "manylinux_2_37_aarch64", "musllinux_1_2_aarch64"])
def test_a_wheel_that_debian_12_on_arm_cannot_load_is_none(platform: str) -> None:
    found = faults_of(pinned("soxr==1.1.0", OURS), *compiled(f"cp311-abi3-{platform}"))
    assert found[:-1] == [f"soxr 1.1.0: no wheel for aarch64 and Python {python}" for python in PYTHONS]
    assert found[-1].endswith("the lock has no use for it")


def test_a_marker_decides_which_pythons_and_machines_need_a_wheel() -> None:
    lock = pinned("soxr==1.1.0 ; python_full_version < '3.13'", OURS)
    assert faults_of(lock, *compiled(f"cp311-cp311-{ARM}", f"cp312-cp312-{ARM}")) == []
    for marker in ("sys_platform == 'win32'", "platform_machine == 'x86_64'", "implementation_name == 'pypy'"):
        assert faults_of(pinned(f"soxr==1.1.0 ; {marker}", OURS)) == []
    lock = pinned("soxr==1.1.0 ; platform_machine == 'aarch64' and python_version < '3.12'", OURS)
    assert faults_of(lock) == ["soxr 1.1.0: no wheel for aarch64 and Python 3.11"]


def test_a_table_is_read_as_it_was_written() -> None:
    wheels = compiled(f"cp311-abi3-{ARM}", PURE)
    assert read_table(table_text(wheels)) == wheels
    assert table_text(read_table(TABLE.read_text())) == TABLE.read_text()
