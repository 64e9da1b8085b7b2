"""Python's collector of garbage, kept from what all tests share and from what earlier ones have left: a plug-in."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have the collector leave alone whatever there is once the tests have been found.

    Thousands of tests and every module are a million objects, and none of them is ever garbage. To look through them
    takes a third of a second each time, in the middle of whatever is tested: an event loop looks blocked meanwhile.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Have it leave alone, too, what stays of the tests of a file, such as their reports and a browser's objects."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()
