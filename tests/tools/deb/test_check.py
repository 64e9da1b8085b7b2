"""A package's bill of materials is held against what is inside: each part that is missing on either side is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from tests.tools.deb.made import WHEN, a_root, add_package
from tools.deb.build import pack
from tools.deb.check import WrongBill, check_schema, contents, faults, main
from tools.deb.stage import BILL, level
from tools.manual.manual import manual

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
HASHES = {canonicalize_name("reed-pipe"): "a" * 64, canonicalize_name("tone"): "b" * 64}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    manual(tmp_path / "manual")
    return a_root(tmp_path, tmp_path / "manual", HASHES)


def site(root: Path) -> Path:
    (found,) = root.glob("usr/lib/soundit-edge/venv/lib/*/site-packages")
    return found


def packed(root: Path) -> Path:
    level(root, WHEN)
    path = root.parent / "x.deb"
    pack(root, path, WHEN)
    return path


def found_faults(root: Path) -> list[str]:
    return list(faults(contents(packed(root)), set(HASHES.values())))


def edit_bill(root: Path, edit: Callable[[Any], None]) -> None:
    bill = json.loads((root / BILL).read_text())
    edit(bill)
    (root / BILL).write_text(json.dumps(bill))


def test_a_bill_as_the_build_writes_it_is_complete(root: Path) -> None:
    assert found_faults(root) == []


def test_what_is_inside_and_not_in_the_bill_is_named(root: Path) -> None:
    add_package(site(root), "late", "1.0")
    for path in ("late.libs/liblate-5e6b81c2.so.1", "soundit_edge/models/late.tflite", "stray.py"):
        (site(root) / path).parent.mkdir(exist_ok=True)
        (site(root) / path).write_bytes(b"late")
    assert found_faults(root) == [
        "late: not in the bill",
        "late.libs/liblate-5e6b81c2.so.1: not in the bill",
        "late.tflite: not in the bill",
        "late.libs/liblate-5e6b81c2.so.1: of no package in the bill",
        "soundit_edge/models/late.tflite: of no package in the bill",
        "stray.py: of no package in the bill",
    ]


def test_what_is_in_the_bill_and_not_inside_is_named(root: Path) -> None:
    shutil.rmtree(site(root) / "tone-2.0.dist-info")
    (site(root) / "tone.py").unlink()
    shutil.rmtree(site(root) / "tone.libs")
    assert found_faults(root) == ["tone: not inside", "tone.libs/libavcodec-5e6b81c2.so.62.28.102: not inside"]


def test_another_version_another_model_another_wheel_and_no_licence_are_named(root: Path) -> None:
    def edit(bill: Any) -> None:
        by_name = {component["name"]: component for component in bill["components"]}
        by_name["reed-pipe"]["version"] = "1.3"
        by_name["tone"]["hashes"][0]["content"] = "c" * 64
        del by_name["libavcodec"]["licenses"]

    edit_bill(root, edit)
    (site(root) / "soundit_edge/models/ear.tflite").write_bytes(b"another")
    assert found_faults(root) == [
        "reed-pipe: 1.2 inside, 1.3 in the bill",
        "tone: its wheel's hash is not in the lock",
        "libavcodec: no licence",
        "ear.tflite: another in the bill",
    ]


def test_the_tool_says_in_one_line_what_is_wrong(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(packed(root))]) == 2
    said = capsys.readouterr().err
    assert "reed-pipe: its wheel's hash is not in the lock; tone: its wheel's" in said
    (root / BILL).unlink()
    with pytest.raises(WrongBill, match="is missing"):
        contents(packed(root))
    (tmp_path / "x.deb").write_text("no package")
    with pytest.raises(WrongBill, match="not a Debian package"):
        contents(tmp_path / "x.deb")


def test_a_bill_is_compared_with_the_schema(tmp_path: Path) -> None:
    """The whole schema is CycloneDX's own, which `make test-deb` fetches; this one asks for a number alone."""
    refers = {"$ref": "spdx.SNAPSHOT.schema.json"}
    texts = {
        "bom-1.6": {"$id": "http://soundit.invalid/bom", "properties": {"version": refers}},
        "spdx": {"$id": "http://soundit.invalid/spdx", "type": "integer"},
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.SNAPSHOT.schema.json").write_text(json.dumps(text))
    with pytest.raises(WrongBill, match=r"the schema jsf-0\.82 is missing"):
        check_schema({"version": 1}, tmp_path)
    (tmp_path / "jsf-0.82.schema.json").write_text(json.dumps({"$id": "http://soundit.invalid/jsf"}))
    check_schema({"version": 1}, tmp_path)
    with pytest.raises(WrongBill, match="no CycloneDX: version: "):
        check_schema({"version": "one"}, tmp_path)
