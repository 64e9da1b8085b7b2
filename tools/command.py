"""What the command lines of all tools have in common: the tool's name in its help, and bad input as one line."""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable, Sequence

from soundit_edge.errors import SounditError

Main = Callable[[Sequence[str] | None], int | None]


def tool_parser(tool: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help names the tool as it is run, and keeps the lines of its description.

    Args:
        tool: what `python -m` is given, such as "tools.data.split".
        description: the module's docstring.
    """
    return argparse.ArgumentParser(
        prog=f"python -m {tool}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def command(main: Main) -> Callable[..., int]:
    """Make a tool's `main(arguments)` return its exit code: 2 for bad input, which is one line on stderr."""

    @functools.wraps(main)
    def guarded(arguments: Sequence[str] | None = None) -> int:
        try:
            return main(arguments) or 0
        except SounditError as error:
            print(error, file=sys.stderr)
            return 2

    return guarded
