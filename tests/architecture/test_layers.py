"""The floors of the house: a module imports from its own floor or from below, as docs/architecture.md draws them."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "soundit_edge"
FLOORS: Final = (
    (
        "errors",
        "clock",
        "threads",
        "mailbox",
        "signals",
        "text",
        "paths",
        "files",
        "formats",
        "journal",
        "process",
        "logfile",
        "console",
    ),
    ("emotion", "modalities", "tables", "parameters"),
    ("settings",),
    ("inference", "media"),
    ("audio",),
    ("capture",),
    ("senses",),
    ("perception",),
    ("music",),
    ("film",),
    ("bench",),
    ("control",),
    ("trials",),
    ("page", "integrations", "update"),
    ("daemon",),
    ("doctor",),
    ("support",),
    ("cli",),
    ("__main__",),
)
MUSIC_FLOORS: Final = (
    ("score", "general_midi", "ensemble", "source"),
    ("analysis", "synth"),
    ("track", "track_info", "load", "mix"),
    ("director",),
    ("compose",),
    ("morph",),
    ("player", "render", "library"),
)
STRANGERS: Final = ({"senses", "music"}, {"page", "integrations"})
"""Rooms that know nothing of each other."""
MAX_FILES: Final = 16


def imports_of(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, by its dotted name without the package's own."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE.name:
            module = node.module.removeprefix(PACKAGE.name).lstrip(".")
            for name in node.names:
                submodule = f"{module}.{name.name}".lstrip(".")
                place = PACKAGE / Path(*submodule.split("."))
                yield submodule if place.is_dir() or place.with_suffix(".py").is_file() else module
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] == PACKAGE.name:
                    yield name.name.removeprefix(PACKAGE.name).lstrip(".")


def modules() -> Iterator[tuple[Path, tuple[str, ...]]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield path, parts[:-1] if parts[-1] == "__init__" else parts


def heights(floors: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {name: floor for floor, names in enumerate(floors) for name in names}


def climbing(floors: tuple[tuple[str, ...], ...], depth: int, room: tuple[str, ...]) -> list[str]:
    height, wrong = heights(floors), []
    for path, parts in modules():
        if len(parts) <= depth or parts[:depth] != room:
            continue
        for imported in imports_of(path):
            there = tuple(imported.split("."))
            if (
                imported
                and len(there) > depth
                and there[:depth] == room
                and height[there[depth]] > height[parts[depth]]
            ):
                wrong.append(f"{path.relative_to(ROOT)} imports {imported}")
    return wrong


def test_imports_only_go_down() -> None:
    assert climbing(FLOORS, 0, ()) == []


def test_imports_inside_music_only_go_down() -> None:
    assert climbing(MUSIC_FLOORS, 1, ("music",)) == []


def test_rooms_that_know_nothing_of_each_other() -> None:
    for path, parts in modules():
        for imported in imports_of(path):
            assert {parts[:1], tuple(imported.split(".")[:1])} not in [
                {(a,), (b,)} for a, b in map(sorted, STRANGERS)
            ], f"{path.relative_to(ROOT)} imports {imported}"


def test_no_module_imports_one_that_imports_it() -> None:
    """No circles, also none inside a room."""
    leads_to: dict[str, set[str]] = defaultdict(set)
    for path, parts in modules():
        if parts:
            leads_to[".".join(parts)] |= {name for name in imports_of(path) if name}
    seen: dict[str, bool] = {}

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name in seen:
            return
        for there in sorted(leads_to.get(name, ())):
            walk(there, (*way, name))
        seen[name] = True

    for name in sorted(leads_to):
        walk(name, ())


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent for path, _ in modules())
    assert {str(folder): n for folder, n in counts.items() if n > MAX_FILES} == {}


def test_no_public_class_name_stands_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path, parts in modules():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(".".join(parts))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert twice == {}
