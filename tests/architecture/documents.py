"""The commands, paths and links that a document names."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("benches", "docs", "models", "scripts", "soundit_edge", "tests", "tools")

_FENCED: Final = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN: Final = re.compile(r"`([^`]+)`")
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_PATH: Final = re.compile(rf"(?<![\w./$-])(?:{'|'.join(FOLDERS)})/[\w./*{{}},-]*[\w*}}/]")
_MODULE_FILE: Final = re.compile(r"(?<![\w./{}*-])\w[\w/]*/\w+\.py\b")


def tracked() -> list[str]:
    """Return the paths of all files of the checkout that git has or would take, from its root; none outside of git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return sorted({name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()})


def text_of(path: Path) -> str:
    """Return what a document claims of today: of the change log only what is not released yet."""
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":
        text = text.split("\n## ", 2)[1]
    return text


def codes(text: str) -> Iterator[str]:
    """Give each piece of code in Markdown on one line: the lines of blocks, without comments, and the spans."""
    for block in _FENCED.findall(text):
        yield from (line.split("  #")[0].strip() for line in block.splitlines())
    for span in _SPAN.findall(_FENCED.sub("", text)):
        yield " ".join(span.split())


def links(text: str) -> Iterator[str]:
    """Give each place in the checkout that Markdown links to or shows as a picture."""
    for target in _LINK.findall(_FENCED.sub("", text)):
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def paths(text: str) -> Iterator[str]:
    """Give each path in the checkout that a text names, with its stars and braces; NAME stands for any name."""
    yield from (path for path in _PATH.findall(text) if not re.search(r"[A-Z]{2,}", path))


def module_files(text: str) -> Iterator[str]:
    """Give each Python file that a text names with its folder, from the root or from anywhere below it."""
    yield from _MODULE_FILE.findall(text)


def expanded(path: str) -> list[str]:
    """Return the paths that one with braces stands for, as a shell would."""
    found = re.search(r"\{([^{}]*)\}", path)
    if found is None:
        return [path]
    before, after = path[: found.start()], path[found.end() :]
    return [end for choice in found[1].split(",") for end in expanded(before + choice + after)]
