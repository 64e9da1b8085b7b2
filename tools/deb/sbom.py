"""The bill of materials: all that is in the package, as CycloneDX 1.6 in JSON, the same bytes for the same contents."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from packaging.utils import NormalizedName, canonicalize_name

from tools.deb.libraries import Library
from tools.deb.packages import Package

Component = dict[str, Any]

OWN: Final = canonicalize_name("soundit-edge")


def sbom(
    packages: Iterable[Package],
    libraries: Iterable[Library],
    models: Path,
    hashes: Mapping[NormalizedName, str],
    when: int,
) -> str:
    """Return the bill of materials.

    Args:
        packages: all that are installed, the project's own among them.
        libraries: the libraries that they carry.
        models: the folder of the shipped models.
        hashes: SHA-256 of the wheels that were installed, in hexadecimal, by package.
        when: the time of what is built, in seconds since 1970.

    Returns:
        JSON.
    """
    by_name = {package.name: package for package in packages}
    own = by_name.pop(OWN)
    components = [_package(package, hashes.get(package.name)) for package in by_name.values()]
    components += map(_library, libraries)
    components += map(_model, sorted(models.glob("*.tflite")))
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": _package(own, None) | {"type": "application"},
        },
        "components": components,
        "dependencies": [_needs(package, by_name) for package in (own, *by_name.values())],
    }
    # Drawn from the contents, not by chance: another build of the same is the same bill.
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(bill, sort_keys=True))
    return json.dumps({"serialNumber": f"urn:uuid:{serial}", **bill}, indent=1) + "\n"


def _package(package: Package, sha256: str | None) -> Component:
    url = _purl(package)
    component: Component = {"type": "library", "bom-ref": url, "name": package.name, "version": package.version}
    if package.summary:
        component["description"] = package.summary
    if sha256 is not None:
        component["hashes"] = [{"alg": "SHA-256", "content": sha256}]
    if package.licence:
        component["licenses"] = [{"expression": package.licence}]
    return component | {"purl": url}


def _library(library: Library) -> Component:
    component = {"type": "library", "bom-ref": library.path, "name": f"lib{library.name}"}
    return (
        component
        | ({"version": library.version} if library.version else {})
        | {
            "description": f"carried in {library.path}",
            "licenses": [{"expression": library.licence}],
        }
    )


def _model(path: Path) -> Component:
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{path.name}",
        "name": path.stem,
        "hashes": [{"alg": "SHA-256", "content": content}],
    }


def _needs(package: Package, there: Mapping[NormalizedName, Package]) -> dict[str, Any]:
    """Return which of the packages that are there one of them names, whatever the markers: what is there is needed."""
    named = sorted({canonicalize_name(requirement.name) for requirement in package.requires} & there.keys())
    return {"ref": _purl(package), "dependsOn": [_purl(there[name]) for name in named]}


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"
