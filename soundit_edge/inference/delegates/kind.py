"""What a kind of accelerator is: how its library is found, and which files of a model set run on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from soundit_edge.inference.models import ModelSet


@dataclass(frozen=True, slots=True)
class DelegateKind:
    """One kind of accelerator.

    Attributes:
        name: in the settings, and as a resource of the scheduler.
        runtimes: the names of the runtimes that may carry it, in the order in which they are tried.
        find_library: returns the path of the library, given the one that the user has chosen ("" for none); raises
            `DelegateError` where there is none.
        model_files: returns the files that it can run by the name of their model, for a model set; raises
            `DelegateError` where there are none.
    """

    name: str
    runtimes: tuple[str, ...]
    find_library: Callable[[str], Path]
    model_files: Callable[[ModelSet], Mapping[str, Path]]
