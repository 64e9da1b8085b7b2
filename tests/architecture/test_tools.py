"""Tools and benches fit the package, those too that need what is not installed here: nothing is imported to see it."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("soundit_edge", "tools", "benches")
FILES = sorted(path for folder in ("tools", "benches") for path in (ROOT / folder).rglob("*.py"))
TOOLS = [path for path in FILES if path.is_relative_to(ROOT / "tools")]


def name_of(path: Path) -> str:
    """Return the dotted name of a module of the checkout."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] in ("__init__", "__main__") else parts)


def file_of(module: str) -> Path | None:
    """Return the file of a module, or a folder of modules without a file; None where there is no such module."""
    path = ROOT.joinpath(*module.split("."))
    return next((p for p in (path / "__init__.py", path.with_suffix(".py"), path) if p.exists()), None)


@functools.cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names that a module has once it is imported, wherever it binds them outside functions and classes."""
    if path.is_dir():
        return frozenset()
    found: set[str] = set()
    todo: list[ast.stmt] = list(ast.parse(path.read_text()).body)
    while todo:
        node = todo.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(alias.asname or alias.name).partition(".")[0] for alias in names}
        found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        todo += [child for child in ast.walk(node) if isinstance(child, ast.stmt) and child is not node]
    return frozenset(found)


def missing(path: Path) -> Iterator[str]:
    """Give each import of ours in a file that leads to no module, or to a name that its module lacks."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            wanted = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in wanted:
            if module.partition(".")[0] not in OURS:
                continue
            there = file_of(module)
            if there is None:
                yield f"no module {module}"
            elif name and name not in names_in(there) and file_of(f"{module}.{name}") is None:
                yield f"no {name} in {module}"


def test_what_tools_and_benches_import_is_there() -> None:
    assert [f"{path.relative_to(ROOT)}: {fault}" for path in FILES for fault in missing(path)] == []


def test_an_import_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        "import numpy\nimport tools.nowhere\nfrom tools.train import common, nothing\n"
        "def f():\n    from soundit_edge.errors import SounditError, Gone\n"
    )
    assert sorted(missing(path)) == [
        "no Gone in soundit_edge.errors",
        "no module tools.nowhere",
        "no nothing in tools.train",
    ]


def test_a_tool_says_its_own_name_in_its_help() -> None:
    for path in TOOLS:
        for name in re.findall(r'tool_parser\("(.*?)"', path.read_text()):
            main = path.parent / "__main__.py"
            package = main.is_file() and f"from {name_of(path)} import main" in main.read_text()
            assert name == (name_of(main) if package else name_of(path)), path


def test_every_tool_can_be_run_by_its_name() -> None:
    for path in TOOLS:
        text = path.read_text()
        if "\ndef main(" in text:
            main = path.parent / "__main__.py"
            by_package = main.is_file() and f"from {name_of(path)} import main" in main.read_text()
            assert by_package != ('\nif __name__ == "__main__":\n    sys.exit(main())\n' in text), path


def test_no_tool_changes_where_python_looks_for_modules() -> None:
    assert [path for path in TOOLS if "sys.path" in path.read_text()] == []


def test_every_folder_of_tools_is_a_package() -> None:
    assert [path.parent for path in TOOLS if not (path.parent / "__init__.py").is_file()] == []


def test_tools_and_benches_stay_outside_the_wheel() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert targets["packages"] == ["soundit_edge"]
    assert set(targets["force-include"]) == {"models", "benches/reference"}  # data, and no program
