"""What can be run in the checkout: `soundit`, the tools and benches, and the targets of the Makefile."""

from __future__ import annotations

import ast
import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer

from soundit_edge.cli.app import app
from tests.architecture.documents import ROOT

SOUNDIT: Final[Any] = typer.main.get_command(app)
_EXIT_AT_ONCE: Final = {"--help", "-h"}


def faults(code: str) -> list[str]:
    """Return what is wrong with the commands in a piece of code of a document; nothing where it is none of ours."""
    code = re.sub(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv(?:-train)?/bin/|\$\(BIN\)/)?", "", code)
    # Optional parts are options all the same; "…" stands for what was said before.
    words = words_of(code.replace("[", " ").replace("]", " ").replace("…", " "))
    match words:
        case ["soundit", *rest]:
            return _soundit_faults(rest)
        case ["make", *rest]:
            return [f"make {word}" for word in rest if "=" not in word and word not in targets()]
        case ["python" | "python3", "-m", module, *rest] if module.partition(".")[0] in ("tools", "benches"):
            path = file_of(module)
            return _script_faults(path, rest) if path is not None else [f"python -m {module}"]
        case ["python" | "python3", path, *rest] if path.endswith(".py"):
            return _script_faults(ROOT / path, rest)
        case [path, *rest] if path.endswith(".py") and rest and (ROOT / path).is_file():
            return _script_faults(ROOT / path, rest)
        case [option, *_] if re.fullmatch(r"--[a-z][a-z-]+", option):
            return [] if option in all_options() else [option]
    return []


def words_of(code: str) -> list[str]:
    """Return the words of a command as a shell would see them; of what is none, such as one quote alone, none."""
    try:
        return shlex.split(code)
    except ValueError:
        return []


def file_of(module: str) -> Path | None:
    """Return the file that `python -m MODULE` runs; None where it runs none."""
    path = ROOT.joinpath(*module.split("."))
    main = path / "__main__.py"
    if main.is_file():
        named = re.search(r"^from (\S+) import main$", main.read_text(), re.MULTILINE)
        return ROOT.joinpath(*named[1].split(".")).with_suffix(".py") if named else main
    script = path.with_suffix(".py")
    return script if script.is_file() and 'if __name__ == "__main__"' in script.read_text() else None


def targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@functools.cache
def options_of(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the options that a tool or bench declares, and the words that may come first where they are a choice."""
    options, choices = set(_EXIT_AT_ONCE), set[str]()
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args:
            names = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if call.func.attr == "add_argument":
                options |= {name for name in names if name.startswith("-")}
                if names and not names[0].startswith("-"):
                    choices |= {c for k in call.keywords if k.arg == "choices" for c in _strings(k.value)}
            elif call.func.attr == "add_parser":
                choices |= set(names)
    return frozenset(options), frozenset(choices)


@functools.cache
def all_options() -> frozenset[str]:
    """Return the options of `soundit` and of all tools and benches, for those that a document names alone."""
    found = {option for command in _soundit_commands(SOUNDIT) for option in _options(command)}
    for folder in ("tools", "benches"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= options_of(path)[0]
    return frozenset(found)


def _script_faults(path: Path, words: list[str]) -> list[str]:
    if not path.is_file():
        return [str(path)]
    options, choices = options_of(path)
    bad = [word for word in words if word.startswith("-") and word.split("=")[0] not in options]
    first = words[0] if words else ""
    if choices and re.fullmatch(r"[a-z_0-9]+", first) and first not in choices:
        bad.append(first)
    return [f"{path.name} {word}" for word in bad]


def _soundit_faults(words: list[str]) -> list[str]:
    command, name = SOUNDIT, "soundit"
    while words and not words[0].startswith("-") and getattr(command, "commands", None):
        several, *words = words
        missing = [one for one in several.split("|") if one not in command.commands]
        if missing:
            return [f"{name} {one}" for one in missing]
        name, command = f"{name} {several}", command.commands[several.split("|")[0]]
    known = _options(command)
    return [f"{name} {w}" for w in words if re.match(r"--?[a-z]", w) and w.split("=")[0] not in known]


def _soundit_commands(command: Any) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _soundit_commands(below)


def _options(command: Any) -> set[str]:
    return _EXIT_AT_ONCE | {option for p in command.params for option in (*p.opts, *p.secondary_opts)}


def _strings(node: ast.expr) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
