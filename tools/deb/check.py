"""Hold a Debian package against its bill of materials: CycloneDX as the schema has it, and everything inside named.

The bill is compared with the files as dpkg would unpack them, by the lists that the wheels came with, so that a part
that the build forgot to name is found.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urljoin

from packaging.utils import canonicalize_name

from soundit_edge.errors import SounditError
from tools.command import command, tool_parser
from tools.deb.sbom import OWN
from tools.deb.stage import BILL
from tools.deb.venv import VENV, is_model
from tools.lock.pins import pins
from tools.lock.wheels import LOCK

_SHARED: Final = re.compile(r"[^/]+\.libs/[^/]+\.so[^/]*|_soundfile_data/[^/]+\.so")
_SITE: Final = re.compile(re.escape(str(VENV.relative_to("/"))) + r"/lib/python3\.\d+/site-packages/")
SCHEMAS: Final = ("bom-1.6", "spdx", "jsf-0.82")
"""CycloneDX's schema and the two that it refers to: how the names of their files begin."""


class WrongBill(SounditError):
    """A package's bill of materials is no CycloneDX, or not what is inside. The text says what."""


@dataclass
class Contents:
    """What a package holds.

    Attributes:
        bill: the bill of materials.
        versions: the installed packages, by name.
        listed: the files that these say are theirs, from the folder of packages.
        files: the files that are there, from the folder of packages.
        models: SHA-256 of the shipped models in hexadecimal, by their names without ".tflite".
    """

    bill: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    models: dict[str, str] = field(default_factory=dict)


def contents(deb: Path) -> Contents:
    """Read a package.

    Raises:
        WrongBill: it is no package, or has no bill.
    """
    found = Contents()
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as unpacking:
        try:
            with tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive:
                for member in archive:
                    if member.isfile() and (stream := archive.extractfile(member)):
                        _take(found, member.name.removeprefix("./"), stream.read)
        except tarfile.TarError as error:
            raise WrongBill(f"{deb}: not a Debian package: {error}") from error
    if not found.bill:
        raise WrongBill(f"{deb}: {BILL} is missing")
    return found


def faults(found: Contents, hashes: set[str]) -> Iterator[str]:
    """Give what the bill does not say, or says wrongly, one line each.

    Args:
        found: what the package holds.
        hashes: SHA-256 of every wheel of the lock, in hexadecimal.
    """
    own, components = found.bill["metadata"]["component"], found.bill["components"]
    named = {c["name"]: c["version"] for c in (own, *components) if c.get("purl", "").startswith("pkg:pypi/")}
    for name in sorted(named.keys() ^ found.versions.keys()):
        yield f"{name}: {'not inside' if name in named else 'not in the bill'}"
    for name in sorted(named.keys() & found.versions.keys()):
        if named[name] != found.versions[name]:
            yield f"{name}: {found.versions[name]} inside, {named[name]} in the bill"
    for component in components:
        if "purl" in component and {h["content"] for h in component.get("hashes", [])}.isdisjoint(hashes):
            yield f"{component['name']}: its wheel's hash is not in the lock"
        if not component.get("licenses") and component["type"] == "library":
            yield f"{component['name']}: no licence"
    carried = {c["bom-ref"] for c in components if c["type"] == "library" and "purl" not in c}
    for path in sorted(carried ^ {path for path in found.files if _SHARED.fullmatch(path)}):
        yield f"{path}: {'not inside' if path in carried else 'not in the bill'}"
    models = {c["name"]: c["hashes"][0]["content"] for c in components if c["type"] == "machine-learning-model"}
    for name in sorted(models.keys() | found.models.keys()):
        if models.get(name) != found.models.get(name):
            yield f"{name}.tflite: {'another' if name in models else 'not'} in the bill"
    for path in sorted(path for path in found.files - found.listed if not is_model(path)):
        yield f"{path}: of no package in the bill"


def check_schema(bill: dict[str, Any], folder: Path) -> None:
    """Make sure that a bill is CycloneDX.

    Args:
        bill: the bill.
        folder: where the schemas of `SCHEMAS` lie.

    Raises:
        WrongBill: it is not, or a schema is missing.
    """
    schemas = importlib.import_module("jsonschema_rs")  # it has no types for mypy, and only developers have it
    texts = {}
    for name in SCHEMAS:
        path = next(folder.glob(f"{name}.*schema.json"), None)
        if path is None:
            raise WrongBill(f"{folder}: the schema {name} is missing")
        texts[path.name] = json.loads(path.read_text())
    bom = next(iter(texts.values()))
    # The schema names the others by their files, which need not be what these call themselves.
    registry = schemas.Registry([(urljoin(bom["$id"], file), text) for file, text in texts.items()])
    try:
        schemas.validator_for(bom, registry=registry, validate_formats=True).validate(bill)
    except schemas.ValidationError as error:
        place = "/".join(map(str, error.instance_path))
        raise WrongBill(f"the bill is no CycloneDX: {place}: {error.message[:300]}") from error


def _take(found: Contents, name: str, read: Any) -> None:
    if name == BILL:
        found.bill = json.loads(read())
    if not (match := _SITE.match(name)):
        return
    path = name[match.end() :]
    found.files.add(path)
    top, _, below = path.partition("/")
    if top.endswith(".dist-info") and below == "METADATA":
        headers = HeaderParser().parsestr(read().decode())
        found.versions[canonicalize_name(headers["Name"])] = headers["Version"]
    elif top.endswith(".dist-info") and below == "RECORD":
        found.listed.update(_listed(read().decode()))
    elif top == "soundit_edge" and below.startswith("models/") and path.endswith(".tflite"):
        found.models[PurePosixPath(path).stem] = hashlib.sha256(read()).hexdigest()


def _listed(record: str) -> Iterator[str]:
    for line in record.splitlines():
        path = line.rsplit(",", 2)[0].strip('"')
        parts = path.split("/")
        # What a wheel keeps in NAME.data/purelib or platlib is unpacked into the folder of packages itself.
        yield "/".join(parts[2:]) if len(parts) > 2 and parts[0].endswith(".data") else path


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.deb.check", __doc__)
    parser.add_argument("deb", type=Path, help="the package")
    parser.add_argument("--schema", type=Path, help="the folder of CycloneDX's schemas; not compared, if not given")
    options = parser.parse_args(arguments)
    found = contents(options.deb)
    if options.schema:
        check_schema(found.bill, options.schema)
    hashes = {sha256 for pin in pins(LOCK.read_text()) for sha256 in pin.hashes}
    if wrong := list(faults(found, hashes)):
        more = f"; {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise WrongBill(f"{options.deb}: {'; '.join(wrong[:5])}{more}")
    kinds = [component["type"] for component in found.bill["components"]]
    print(
        f"{options.deb.name}: the bill names all of it: {len(found.versions)} packages with {OWN}, "
        f"{sum('purl' not in c and c['type'] == 'library' for c in found.bill['components'])} libraries in wheels, "
        f"{kinds.count('machine-learning-model')} models, {len(found.files)} files; "
        f"{'valid CycloneDX 1.6' if options.schema else 'its schema was not asked'}"
    )


if __name__ == "__main__":
    sys.exit(main())
