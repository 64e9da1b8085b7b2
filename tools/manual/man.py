"""The manual page: roff, as man(7) describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soundit_edge.cli.app import USAGE_ERROR
from tools.manual.commands import Command, Option


def page(commands: Iterable[Command], version: str) -> str:
    """Return the manual page of all commands, the first of which is `soundit` itself."""
    program, *below = commands
    return "\n".join(_lines(program, below, version)) + "\n"


def escaped(text: str) -> str:
    """Return text so that roff prints it as it is, wherever it stands."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("~", r"\(ti").replace("^", r"\(ha")
    return rf"\&{text}" if text.startswith((".", "'")) else text


def _lines(program: Command, below: list[Command], version: str) -> Iterator[str]:
    yield f'.TH SOUNDIT 1 "" "soundit {escaped(version)}" "User Commands"'
    # A word such as a long list of choices must be broken rather than stand out of the line.
    yield from (".nh", ".ad l", ".SH NAME")
    yield rf"soundit \- {escaped(program.title[0].lower() + program.title[1:])}"
    yield ".SH SYNOPSIS"
    yield r".B soundit"
    yield escaped(program.usage)
    yield ".SH DESCRIPTION"
    yield from _paragraphs((*program.help, program.epilog))
    yield ".SH OPTIONS"
    yield from _options(program.options)
    yield ".SH COMMANDS"
    for command in below:
        yield f".SS {escaped(command.path)} {escaped(command.usage)}".rstrip()
        yield from _paragraphs((*command.help, command.epilog))
        yield from _options(command.options)
    yield ".SH EXIT STATUS"
    states = (
        ("0", "All went well."),
        ("1", "The answer is no, such as that of the doctor where something is missing."),
        (str(USAGE_ERROR), "It could not be done; one line on the standard error says why."),
        ("130", "It was interrupted."),
    )
    for code, text in states:
        yield from (".TP", f".B {code}", escaped(text))
    yield from (".SH FILES", "The settings are in the file that", r".B soundit settings \-\-path", "names.")


def _paragraphs(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in filter(None, paragraphs):
        yield from (".PP", escaped(paragraph))


def _options(options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        yield ".TP"
        names = ", ".join(rf"\fB{escaped(name)}\fR" for name in option.names)
        yield rf"{names} \fI{escaped(option.value)}\fR" if option.value else names
        yield escaped(option.help)
