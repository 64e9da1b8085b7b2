"""The set that the device starts with, and what it starts with where that cannot be loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio

from soundit_edge.daemon.updates.first_set import load_first
from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.update.sets.store import SetStore
from tests.daemon.updates.room import at_home
from tests.fakes.loaded_set import Loads
from tests.update.made_sets import make_set

ONE, TWO = make_set(1), make_set(2)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> SetStore:
    """A device that uses the second set, and could go back to the first one."""
    async with at_home(tmp_path) as home:
        for made in (ONE, TWO):
            home.begin(made)
            home.store.commit(made.set_id)
        return home.store


def test_the_set_in_use_is_loaded(store: SetStore) -> None:
    active, loaded = load_first(store, Loads(), ["face"])
    assert (active.set_id, active.remark, loaded.models.folder) == (TWO.set_id, "", store.folder_of(TWO.set_id))


def test_one_that_cannot_be_loaded_any_more_is_given_up_with_one_line(store: SetStore) -> None:
    loads = Loads()
    loads.broken.add(store.folder_of(TWO.set_id))
    active, loaded = load_first(store, loads, ["face"])
    assert (active.set_id, loaded.models.folder) == (ONE.set_id, store.folder_of(ONE.set_id))
    assert active.remark.startswith(f"The model set {TWO.set_id} cannot be used any more: ")
    assert store.current() == ONE.set_id


def test_a_fault_that_is_not_the_sets_leaves_it_in_use(store: SetStore) -> None:
    """Such as a model of the user's own, which is loaded with every set."""
    loads = Loads()
    loads.broken |= {store.folder_of(made.set_id) for made in (ONE, TWO)}
    with pytest.raises(InferenceError):
        load_first(store, loads, ["face"])
    assert (store.current(), store.refused()) == (TWO.set_id, {})
