"""`soundit models verify`: every file against its checksum, every model against its golden answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from soundit_edge import console
from soundit_edge.cli.models.show import SHIPPED, set_rows
from soundit_edge.errors import SounditError
from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.text import known_names
from soundit_edge.update.failure import SetDamagedError
from soundit_edge.update.sets.active import open_store
from soundit_edge.update.sets.store import SetStore
from soundit_edge.update.sets.verify import verify_file, verify_set


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What was found of one file or model.

    Attributes:
        set: its set.
        what: the file, or "NAME answers as it should".
        good: whether it is right.
        text: what is wrong, or how well it fits.
    """

    set: str
    what: str
    good: bool
    text: str


def verify(wanted: str | None, as_json: bool) -> bool:
    """Print a line for each file and model of a set; return whether all is right.

    Args:
        wanted: an id, or "shipped"; None: the set in use, and the shipped one.
        as_json: print each as a line of JSON.

    Raises:
        SounditError: there is no such set.
    """
    store = open_store()
    good = True
    for name in _names(store, wanted):
        verdicts = []
        for verdict in _verdicts(store, name):
            verdicts.append(verdict)
            if as_json:
                console.json_result(asdict(verdict))
            else:
                console.result(f"{'ok ' if verdict.good else 'BAD'}  {verdict.set}  {verdict.what}  {verdict.text}")
        if not all(verdict.good for verdict in verdicts):
            good = False
            console.say(_remedy(store, name))
    return good


def _names(store: SetStore, wanted: str | None) -> list[str]:
    current = store.current() or SHIPPED
    if wanted is None:
        return list(dict.fromkeys((current, SHIPPED)))
    there = [row.set for row in set_rows(store)]
    if wanted not in there:
        raise SounditError(f"there is no set {wanted!r} on this device{known_names(wanted, there)}")
    return [wanted]


def _verdicts(store: SetStore, name: str) -> Iterator[FileVerdict]:
    set_id = None if name == SHIPPED else name
    folder = store.folder_of(set_id)
    try:
        models = ModelSet(folder)
    except ModelSetError as error:
        yield FileVerdict(name, "set.json", False, str(error))
        return
    faults = dict(_faults(models, folder))
    for file in models.manifest.sums():
        yield FileVerdict(name, file, file not in faults, faults.get(file, "is as its manifest says"))
    if set_id is not None and not faults:
        try:
            verify_set(folder, set_id)
        except SetDamagedError as error:
            yield FileVerdict(name, "set.json", False, str(error))
    for model, entry in models.manifest.models.items():
        if faults.keys().isdisjoint(entry.files):
            yield _answer(models, name, model)


def _faults(models: ModelSet, folder: Path) -> Iterator[tuple[str, str]]:
    sizes = models.manifest.sizes()
    for file, sha256 in models.manifest.sums().items():
        try:
            verify_file(folder / file, sha256, sizes.get(file))
        except SetDamagedError as error:
            yield file, str(error)


def _answer(models: ModelSet, name: str, model: str) -> FileVerdict:
    try:
        steps = models.check_golden(model, models.load(model))
    except InferenceError as error:
        return FileVerdict(name, model, False, str(error))
    tolerance = models.entry(model).golden.tolerance
    return FileVerdict(name, model, True, f"answers as it should ({steps} steps off, {tolerance} are allowed)")


def _remedy(store: SetStore, name: str) -> str:
    if name == SHIPPED:
        return "the shipped models are damaged: install soundit again; fetched ones are used where there are any"
    if name == store.current():
        return f"the set {name} is damaged: run soundit models rollback, then soundit models update --again"
    return f"the set {name} is damaged, and is not used; the next update fetches what it needs"
