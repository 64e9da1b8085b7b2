"""The pages of docs/howto as what they are: a list of places, each a new file or an edit, that are put into a copy."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = "soundit_edge"
RUN: Final = (sys.executable, "-m", PACKAGE)
"""Runs the copy in whose folder it is started."""

_PLACE: Final = re.compile(r"^## \d+\. (\S+)\n```(python|js|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """One file that a page makes or changes.

    Attributes:
        path: of the file, from the root of the checkout.
        kind: "python" or "js", a whole new file, or "diff", hunks parted by @@, whose lines begin with a space, + or -.
        text: the block below the heading.
    """

    path: str
    kind: str
    text: str


def places(name: str) -> list[Place]:
    """Return what the page of that name, such as "effect", says is to be done."""
    text = (ROOT / f"docs/howto/{name}.md").read_text(encoding="utf-8")
    return [Place(*found) for found in _PLACE.findall(text)]


def build(folder: Path, *names: str) -> None:
    """Copy the package into `folder`, and do there what pages say, one after the other."""
    shutil.copytree(ROOT / PACKAGE, folder / PACKAGE, ignore=shutil.ignore_patterns("*.pyc.*"))
    (folder / "models").symlink_to(ROOT / "models")
    for place in (place for name in names for place in places(name)):
        file = folder / place.path
        if place.kind != "diff":
            assert not file.exists(), f"{place.path} is there already"
            file.write_text(place.text, encoding="utf-8")
        else:
            file.write_text(edited(file.read_text(encoding="utf-8"), place.text), encoding="utf-8")


def edited(text: str, diff: str) -> str:
    """Return a text with the hunks of a diff in it; what a hunk says was there has to stand there once."""
    for hunk in re.split(r"^@@\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or line for line in lines if line[0] in " -\n")
        after = "".join(line[1:] or line for line in lines if line[0] in " +\n")
        assert text.count(before) == 1, f"stands there {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    return text


def module_of(place: Place) -> ModuleType:
    """Return a new file of a page as an imported module."""
    name = ".".join(Path(place.path).with_suffix("").parts)
    module = sys.modules[name] = ModuleType(name)  # pydantic looks its annotations up there
    exec(compile(place.text, f"docs/howto: {place.path}", "exec"), module.__dict__)
    return module
