"""Whose each part is: every package and every library has a paragraph, and none is handed on unnamed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy
import pytest

from tests.tools.deb.made import a_site, add_package
from tools.deb.copyright import MAX_VERBATIM, copyright_text
from tools.deb.libraries import UnknownLibrary, libraries
from tools.deb.packages import packages


def paragraphs(site: Path) -> dict[str, str]:
    """Return the paragraphs of the file by the first file that each is about."""
    text = copyright_text(packages(site), libraries(site), "/usr/lib/site")
    blocks = text.rstrip("\n").split("\n\n")
    assert blocks[0].startswith("Format: https://")
    for block in blocks:
        assert all(re.match(r"[A-Z][\w-]*: \S|[ ]\S", line) for line in block.splitlines()), block
    found = {block.split("\n")[0].removeprefix("Files: "): block for block in blocks[1:]}
    assert all("\nCopyright: " in block and "\nLicense: " in block for block in found.values())
    return found


def test_every_package_and_every_library_has_its_paragraph(tmp_path: Path) -> None:
    found = paragraphs(a_site(tmp_path))
    assert set(found) == {
        "*",
        "usr/lib/site/reed_pipe-1.2.dist-info/*",
        "usr/lib/site/tone-2.0.dist-info/*",
        "usr/lib/site/tone.libs/libavcodec-5e6b81c2.so.62.28.102",
    }
    reed = found["usr/lib/site/reed_pipe-1.2.dist-info/*"]
    assert "\n usr/lib/site/reed_pipe.py" in reed
    assert "\nCopyright: 2024 Ada Example\n" in reed
    assert "\n .\n Permission is hereby granted.\n" in reed
    assert "/usr/share/common-licenses/Apache-2.0" in found["usr/lib/site/tone-2.0.dist-info/*"]
    assert "License: LGPL-2.1-or-later" in found["usr/lib/site/tone.libs/libavcodec-5e6b81c2.so.62.28.102"]


def test_of_a_long_licence_it_is_said_where_it_lies(tmp_path: Path) -> None:
    site = a_site(tmp_path)
    add_package(site, "long", "1", "License-Expression: MIT", licence="All of it.\n" * MAX_VERBATIM)
    long = paragraphs(site)["usr/lib/site/long-1.dist-info/*"]
    assert "All of it" not in long
    assert " The text is in /usr/lib/site/long-1.dist-info/licenses/LICENSE." in long


@pytest.mark.parametrize("name", ["libmystery-5e6b81c2.so.1", "mystery.so", "libavcodec.so.1"])
def test_a_library_that_nobody_knows_stops_the_build(tmp_path: Path, name: str) -> None:
    site = a_site(tmp_path)
    (site / "tone.libs" / name).write_bytes(b"")
    with pytest.raises(UnknownLibrary, match=name):
        list(libraries(site))


@pytest.mark.parametrize(
    ("file", "name", "version"),
    [
        ("libopenblas64_p-r0-0cf96a72.3.23.dev.so", "openblas64_p", "3.23"),
        ("libcrypto-8c1ab3ad.so.1.1", "crypto", "1.1"),
        ("libxcb-shm-0be6dfbf.so.0.0.0", "xcb-shm", "0.0.0"),
        ("libx265-f5385bb8.so.216", "x265", "216"),
    ],
)
def test_a_library_is_known_by_its_file(tmp_path: Path, file: str, name: str, version: str) -> None:
    (tmp_path / "x.libs").mkdir()
    (tmp_path / "x.libs" / file).write_bytes(b"")
    assert [(found.name, found.version) for found in libraries(tmp_path)] == [(name, version)]


def test_the_packages_of_the_lock_all_have_a_licence_and_so_have_their_libraries(tmp_path: Path) -> None:
    runtime = (Path(__file__).parents[3] / "runtime.txt").read_text().split()
    site = Path(numpy.__file__).parents[1]
    assert [package.name for package in packages(site) if package.name in runtime and not package.licence] == []
    for path in site.glob("*.libs/*"):
        if path.parent.stem.replace("_", "-") in runtime:
            (tmp_path / path.parent.name).mkdir(exist_ok=True)
            (tmp_path / path.parent.name / path.name).touch()
    assert len(list(libraries(tmp_path))) > 20
