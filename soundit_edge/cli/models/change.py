"""`soundit models rollback`, `pin` and `unpin`: changes of what is in use. A running device follows within seconds."""

from __future__ import annotations

from soundit_edge import console, paths
from soundit_edge.cli.models.show import SHIPPED
from soundit_edge.errors import SounditError
from soundit_edge.update.sets.active import open_store
from soundit_edge.update.sets.set_id import release_of
from soundit_edge.update.sets.store import SetStore


def roll_back(as_json: bool) -> None:
    """Go back to the set before, or to the shipped one.

    Raises:
        SounditError: a set is being tried, there is none to go back to, or the folder cannot be written.
    """
    store = _changeable_store()
    current, trial = store.current(), store.trial()
    if current is None:
        raise SounditError("the shipped models are in use: there are none to go back to")
    if trial is not None:
        raise SounditError(f"the set {trial.set} is being tried: wait until it is kept or dropped")
    back = store.roll_back("you went back from it")
    if as_json:
        console.json_result({"left": current, "set": back or SHIPPED})
        return
    there = "the shipped models are" if back is None else f"release {release_of(back)} ({back}) is"
    console.result(f"release {release_of(current)} ({current}) is left; {there} used, at once where the device runs")


def pin(*, pinned: bool, as_json: bool) -> None:
    """Let the set in use stay whatever is offered, or no longer.

    Raises:
        SounditError: the folder cannot be written, or this user has no place for one.
    """
    store = _changeable_store()
    store.pin(pinned=pinned)
    current = store.current() or SHIPPED
    if as_json:
        console.json_result({"set": current, "pinned": pinned})
    elif pinned:
        console.result(f"the set in use stays ({current}), whatever is offered; soundit models unpin takes that back")
    else:
        console.result("better sets are taken again")


def _changeable_store() -> SetStore:
    """Return the user's store of sets.

    Raises:
        NoHome: this user has no place for one: nothing could be changed.
    """
    paths.sets_folder()
    return open_store()
