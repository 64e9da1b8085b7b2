"""The bill of materials: CycloneDX as its schema wants it, everything in it, and the same bytes each time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from tests.tools.deb.made import a_site, sha256
from tools.deb.libraries import libraries
from tools.deb.packages import packages
from tools.deb.sbom import sbom

TYPES = {"application", "library", "machine-learning-model"}


def bill(site: Path) -> str:
    hashes = {canonicalize_name("reed-pipe"): "a" * 64}
    return sbom(packages(site), libraries(site), site / "soundit_edge" / "models", hashes, 1_700_000_000)


@pytest.fixture
def read(tmp_path: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(bill(a_site(tmp_path)))
    return parsed


def test_it_has_what_the_schema_asks_for(read: dict[str, Any]) -> None:
    assert (read["bomFormat"], read["specVersion"], read["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", read["serialNumber"])
    assert read["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    everything = [read["metadata"]["component"], *read["components"]]
    references = [component["bom-ref"] for component in everything]
    assert len(set(references)) == len(references)
    for component in everything:
        assert component["type"] in TYPES
        assert component["name"]
        for stated in component.get("hashes", []):
            assert stated["alg"] == "SHA-256"
            assert re.fullmatch(r"[0-9a-f]{64}", stated["content"])
        assert all(list(licence) == ["expression"] for licence in component.get("licenses", []))
    for dependency in read["dependencies"]:
        assert {dependency["ref"], *dependency["dependsOn"]} <= set(references)


def test_packages_their_libraries_and_the_models_are_in_it(read: dict[str, Any]) -> None:
    by_name = {component["name"]: component for component in read["components"]}
    assert set(by_name) == {"reed-pipe", "tone", "libavcodec", "ear"}
    assert by_name["reed-pipe"]["purl"] == "pkg:pypi/reed-pipe@1.2"
    assert by_name["reed-pipe"]["hashes"][0]["content"] == "a" * 64
    assert by_name["tone"]["licenses"] == [{"expression": "Apache-2.0"}]
    assert by_name["libavcodec"]["version"] == "62.28.102"
    assert by_name["ear"]["hashes"][0]["content"] == sha256(b"model")
    assert read["metadata"]["component"]["type"] == "application"


def test_it_says_who_needs_whom(read: dict[str, Any]) -> None:
    needs = {dependency["ref"]: dependency["dependsOn"] for dependency in read["dependencies"]}
    assert needs["pkg:pypi/soundit-edge@0.1.0"] == ["pkg:pypi/reed-pipe@1.2"]
    assert needs["pkg:pypi/tone@2.0"] == []


def test_the_same_contents_are_the_same_bytes_and_others_are_another_bill(tmp_path: Path) -> None:
    one, same = a_site(tmp_path / "a"), a_site(tmp_path / "b")
    assert bill(one) == bill(same)
    (same / "soundit_edge" / "models" / "ear.tflite").write_bytes(b"another")
    assert json.loads(bill(one))["serialNumber"] != json.loads(bill(same))["serialNumber"]
