"""What the device itself needs of the lock: all of it, on every machine and Python, and nothing of the tests."""

from __future__ import annotations

from packaging.requirements import Requirement

from tools.lock.pins import environment, pins
from tools.lock.runtime import NAMES, closure, names_text, own_requirements
from tools.lock.wheels import LOCK

ALL = [environment("3.11", "x86_64"), environment("3.13", "aarch64")]


def names(roots: list[str], *requires: tuple[str, str], without: tuple[str, ...] = ()) -> set[str]:
    def of(name: str) -> list[Requirement]:
        return [Requirement(text) for package, text in requires if package == name]

    return {*closure([Requirement(root) for root in roots], of, ALL, without)}


def test_the_file_is_what_the_packages_that_are_installed_here_say() -> None:
    assert NAMES.read_text() == names_text(), "after a change of the lock: python -m tools.lock.runtime"


def test_the_lock_has_all_of_it_and_nothing_for_developers_is_in_it() -> None:
    runtime = set(NAMES.read_text().split())
    assert runtime <= {pin.name for pin in pins(LOCK.read_text())}
    assert {"numpy", "lgpio", "tflite-runtime", "uvicorn"} <= runtime
    assert not runtime & {"pytest", "mypy", "hypothesis", "playwright", "scipy", "hatchling", "mediapipe", "jax"}
    assert {requirement.name for requirement in own_requirements()} - runtime == {"mediapipe"}


def test_what_is_needed_by_what_is_needed_is_found_and_circles_end() -> None:
    assert names(["a"], ("a", "B_c>=1"), ("b-c", "d"), ("d", "a"), ("other", "x")) == {"a", "b-c", "d"}


def test_a_marker_counts_on_any_machine_that_is_meant() -> None:
    on_arm, on_windows = "a ; platform_machine == 'aarch64'", "b ; sys_platform == 'win32'"
    assert names([on_arm, on_windows, "c ; python_version < '3.12'"]) == {"a", "c"}


def test_an_extra_is_followed_where_it_is_asked_for_even_later() -> None:
    wants = (("a", "x ; extra == 'more'"), ("b", "a[more]"))
    assert names(["a"], *wants) == {"a"}
    assert names(["a", "b"], *wants) == {"a", "b", "x"}


def test_what_is_left_out_leads_nowhere() -> None:
    assert names(["a"], ("a", "jax"), ("jax", "x"), without=("jax",)) == {"a"}
