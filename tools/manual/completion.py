"""Completion for bash, zsh and fish: plain scripts that know all commands, so that a key press starts no Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tools.manual.commands import Command

_HEADER: Final = "# Completion of soundit, made by `make man` from its help."


def bash(commands: Sequence[Command]) -> str:
    """Return a script for bash-completion."""
    cases = "\n".join(
        f"        '{command.path}') below='{' '.join(command.below)}' options='{' '.join(_names(command))}' ;;"
        for command in commands
    )
    return f"""{_HEADER}
_soundit() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} place=soundit below options word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$place $word" in
            {_places(commands)}) place="$place $word" ;;
        esac
    done
    case $place in
{cases}
    esac
    [[ $current == -* ]] && below=$options
    mapfile -t COMPREPLY < <(compgen -W "$below" -- "$current")
}}
complete -o default -F _soundit soundit
"""


def zsh(commands: Sequence[Command]) -> str:
    """Return a function for zsh's completion, to lie in a folder of its `fpath` as `_soundit`."""
    titles = {command.path: command.title for command in commands}
    cases = "\n".join(
        f"        {_quoted(command.path)})\n"
        f"            below=({_described((name, titles[f'{command.path} {name}']) for name in command.below)})\n"
        f"            options=({_described((n, o.help) for o in command.switches for n in o.names)}) ;;"
        for command in commands
    )
    return f"""#compdef soundit
{_HEADER}
_soundit() {{
    local place=soundit word
    local -a below options
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        case "$place $word" in
            {_places(commands)}) place="$place $word" ;;
        esac
    done
    case $place in
{cases}
    esac
    if [[ ${{words[CURRENT]}} == -* ]]; then
        _describe option options
    elif (( $#below )); then
        _describe command below
    else
        _files
    fi
}}
_soundit "$@"
"""


def fish(commands: Sequence[Command]) -> str:
    """Return a script for fish."""
    lines = [
        _HEADER,
        "function __soundit_at",
        "    set -l place soundit",
        "    for word in (commandline -opc)[2..-1]",
        '        switch "$place $word"',
        f"            case {' '.join(_quoted(command.path) for command in commands[1:])}",
        '                set place "$place $word"',
        "        end",
        "    end",
        '    test "$place" = "$argv"',
        "end",
    ]
    titles = {command.path: command.title for command in commands}
    for command in commands:
        at = f"complete -c soundit -n '__soundit_at {command.path}'"
        lines += [f"{at} -f -a {name} -d {_quoted(titles[f'{command.path} {name}'])}" for name in command.below]
        for option in command.switches:
            kinds = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
            lines.append(f"{at} {kinds}{' -r' if option.value else ''} -d {_quoted(option.help)}")
    return "\n".join(lines) + "\n"


SHELLS: Final[dict[str, Callable[[Sequence[Command]], str]]] = {
    "soundit.bash": bash,
    "_soundit": zsh,
    "soundit.fish": fish,
}
"""What makes each script, by the name of its file."""


def _names(command: Command) -> list[str]:
    return [name for option in command.switches for name in option.names]


def _places(commands: Sequence[Command]) -> str:
    return "|".join(_quoted(command.path) for command in commands[1:])


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "'\\''") + "'"


def _described(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(_quoted(f"{name}:{text}") for name, text in pairs)
