"""What `soundit` understands: every command with its options, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from soundit_edge.cli.app import app


@dataclass(frozen=True)
class Option:
    """One option, or one argument, of a command.

    Attributes:
        names: how it is written, such as "--output" and "-o"; for an argument its name alone.
        value: what stands behind it, such as "FILE"; empty where nothing does.
        help: its help.
        is_argument: whether it is an argument.
    """

    names: tuple[str, ...]
    value: str
    help: str
    is_argument: bool


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        path: how it is called, such as "soundit library add".
        usage: what stands behind the path, such as "[OPTIONS] CLIP".
        help: paragraphs of its help.
        epilog: what its help ends with; may be empty.
        options: its options and arguments.
        below: the names of the commands in it; empty where it does something itself.
    """

    path: str
    usage: str
    help: tuple[str, ...]
    epilog: str
    options: tuple[Option, ...]
    below: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return the first sentence of the help, without its full stop."""
        return self.help[0].split(". ")[0].rstrip(".") if self.help else self.path

    @property
    def switches(self) -> list[Option]:
        """Return its options, without its arguments."""
        return [option for option in self.options if not option.is_argument]


def commands() -> list[Command]:
    """Return `soundit` itself and all commands below it, in the order of the help."""
    return list(_walk(typer.main.get_command(app), "soundit"))


def _walk(command: Any, path: str) -> Iterator[Command]:
    # Typer's classes of commands are private, so they are asked by what Click's documented ones have.
    context = typer.Context(command, info_name=path)
    below = getattr(command, "commands", {})
    options = tuple(_option(p) for p in command.get_params(context) if not getattr(p, "hidden", False))
    usage = " ".join(command.collect_usage_pieces(context)).replace("{", "").replace("}", "")
    paragraphs = tuple(" ".join(part.split()) for part in (command.help or "").split("\n\n") if part.strip())
    shown = {name: inner for name, inner in below.items() if not inner.hidden}
    yield Command(path, usage, paragraphs, command.epilog or "", options, tuple(shown))
    for name, inner in shown.items():
        yield from _walk(inner, f"{path} {name}")


def _option(parameter: Any) -> Option:
    if parameter.param_type_name == "argument":
        return Option((parameter.metavar or parameter.name.upper(),), "", parameter.help or "", True)
    value = "" if parameter.is_flag else parameter.metavar or parameter.name.upper()
    return Option((*parameter.opts, *parameter.secondary_opts), value, parameter.help or "", False)
