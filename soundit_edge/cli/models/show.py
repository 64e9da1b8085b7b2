"""`soundit models list`: the model sets on this device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final, Literal

from soundit_edge import console
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.update.sets.active import open_store
from soundit_edge.update.sets.set_id import is_set_id
from soundit_edge.update.sets.store import SetStore

SHIPPED: Final = "shipped"
"""Stands for the shipped set where an id is asked for."""
Place = Literal["in use", "before", "tried", "shipped", "left over"]


@dataclass(frozen=True, slots=True)
class SetRow:
    """One set on the disk.

    Attributes:
        set: its id, or `SHIPPED`.
        place: what it is to the device.
        in_use: whether the device uses it, which the shipped set may be.
        release: its release; 0: it was never published.
        bytes: of all its files.
        notes: what was new in it.
        fault: why its manifest cannot be read, or "".
    """

    set: str
    place: Place
    in_use: bool
    release: int
    bytes: int
    notes: str
    fault: str = ""


def list_sets(as_json: bool) -> None:
    """Print the sets, and those that were refused."""
    store = open_store()
    rows, refused = list(set_rows(store)), store.refused()
    if as_json:
        for row in rows:
            console.json_result(asdict(row))
        for set_id, why in refused.items():
            console.json_result({"set": set_id, "refused": why})
        return
    for row in rows:
        mark = "*" if row.in_use else " "
        release = f"release {row.release}" if row.release else "not published"
        about = row.fault or row.notes
        console.result(f"{mark} {row.set:<24} {row.place:<9} {release:<14} {megabytes(row.bytes):>8}  {about}".rstrip())
    console.result("  (* is used" + ("; it is pinned)" if store.pinned() else ")"))
    for set_id, why in refused.items():
        console.result(f"  {set_id:<24} not taken again: {why}")


def set_rows(store: SetStore) -> Iterator[SetRow]:
    """Yield the sets on the disk: the one in use first, the shipped one last."""
    current, previous, trial = store.current(), store.previous(), store.trial()
    places: dict[str, Place] = {}
    if current is not None:
        places[current] = "in use"
    if previous is not None:
        places[previous] = "before"
    if trial is not None:
        places[trial.set] = "tried"
    for set_id in _on_disk(store):
        places.setdefault(set_id, "left over")
    for set_id, place in places.items():
        yield _row(store, set_id, place, in_use=set_id == current)
    yield _row(store, None, "shipped", in_use=current is None)


def megabytes(size: int) -> str:
    """Return a size for people."""
    return f"{size / 1e6:.1f} MB"


def _on_disk(store: SetStore) -> list[str]:
    try:
        return sorted(path.name for path in store.folder.iterdir() if is_set_id(path.name))
    except OSError:  # nothing was ever fetched
        return []


def _row(store: SetStore, set_id: str | None, place: Place, *, in_use: bool) -> SetRow:
    name = set_id or SHIPPED
    try:
        manifest = ModelSet(store.folder_of(set_id)).manifest
    except ModelSetError as error:
        return SetRow(name, place, in_use, 0, 0, "", str(error))
    return SetRow(name, place, in_use, manifest.release, sum(manifest.sizes().values()), manifest.notes)
