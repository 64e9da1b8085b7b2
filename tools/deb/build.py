"""Build the Debian package of what is committed, for a release of Debian and an architecture.

Wheels are fetched by the hashes of requirements.lock and kept in .cache/deb; what is for another architecture or
another Python is built as well as this machine's own. The same commit gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename

from soundit_edge import __version__
from soundit_edge.errors import SounditError
from soundit_edge.files import replacing, write_whole
from tools.command import command, tool_parser
from tools.deb.control import write_control
from tools.deb.packages import packages
from tools.deb.sbom import OWN
from tools.deb.stage import BILL, level, stage_files, stage_manual, stage_papers
from tools.deb.target import MACHINE_OF, PYTHON_OF, Target, here
from tools.deb.venv import is_model, make_venv, unpack
from tools.lock.fetch import fetch
from tools.lock.pins import environment
from tools.lock.runtime import DATA_ONLY, closure, excluded
from tools.lock.wheels import ROOT

CACHE = ROOT / ".cache" / "deb"
DATA_PYTHON = "3.11"
"""The Python whose wheel of MediaPipe the models are taken from: newer ones have none, and they are the same in all."""


class CannotBuild(SounditError):
    """The package cannot be built. The text says why."""


def build(target: Target, output: Path, commit: str = "HEAD") -> Path:
    """Build one package into a folder, its bill of materials beside it, and return its path.

    Args:
        target: what it is for.
        output: the folder; made where it is missing.
        commit: what to build, as git names it.

    Raises:
        CannotBuild: this is no checkout, a program is missing, or packages need what is not in the lock.
        NoWheel: a wheel is missing, or its hash is not in the lock.
        UnknownLibrary: a wheel carries a library whose licence is not known.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        source, root = Path(work) / "source", Path(work) / "root"
        _run("git", "archive", "--output", f"{work}/source.tar", commit)
        with tarfile.open(f"{work}/source.tar") as archive:
            archive.extractall(source, filter="data")
        when = int(_run("git", "log", "-1", "--format=%ct", commit))
        site = make_venv(root, target)
        hashes = _install(site, source, target, when)
        stage_files(root, source)
        # By the commands of what is committed, which need not be those of this process.
        _run(sys.executable, "-m", "tools.manual", f"{work}/manual", folder=source)
        stage_manual(root, Path(work) / "manual")
        stage_papers(root, source, site, target, hashes, when)
        write_control(root, target, source / "scripts/deb")
        level(root, when)
        path = output / target.file_name
        with replacing(path, ".deb") as part:
            pack(root, part, when)
        write_whole(path.with_suffix(".cdx.json"), (root / BILL).read_bytes())
    return path


def check_complete(site: Path, target: Target) -> None:
    """Make sure that all that the packages in a folder need on a target is in it.

    Raises:
        CannotBuild: something is missing; the text names it.
    """
    installed = {package.name: package for package in packages(site)}

    def requires(name: str) -> list[Requirement]:
        package = installed.get(canonicalize_name(name))
        return package.requires if package else []

    of = [environment(target.python, target.machine)]
    needed = closure([Requirement(OWN)], requires, of, excluded() | {DATA_ONLY})
    if missing := needed - installed.keys():
        raise CannotBuild(f"{', '.join(sorted(missing))}: not in runtime.txt; run python -m tools.lock.runtime")


def _install(site: Path, source: Path, target: Target, when: int) -> dict[NormalizedName, str]:
    """Unpack all wheels, and return their hashes."""
    lock, wheels = source / "requirements.lock", CACHE / "wheels"
    wheels.mkdir(exist_ok=True)
    names = (source / "runtime.txt").read_text().split()
    fetched = fetch(lock, target.python, wheels, target.machine, names)
    for wheel in fetched:
        unpack(wheels / wheel.file, site)
    models = fetch(lock, DATA_PYTHON, wheels, target.machine, [DATA_ONLY])
    for wheel in models:
        unpack(wheels / wheel.file, site, is_model)
    unpack(_own_wheel(source, when), site)
    check_complete(site, target)
    return {parse_wheel_filename(wheel.file)[0]: wheel.sha256 for wheel in (*fetched, *models)}


def _own_wheel(source: Path, when: int) -> Path:
    folder = source / "dist"
    _run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)),
        SOURCE_DATE_EPOCH=str(when),
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def pack(root: Path, path: Path, when: int) -> None:
    """Pack a folder, with its DEBIAN inside, into a package.

    Args:
        root: the folder; see `stage.level`.
        path: the package to write.
        when: the time of what is built, in seconds since 1970.

    Raises:
        CannotBuild: it cannot be written, or dpkg-deb finds a fault with what is in DEBIAN.
    """
    # One thread: how many there are decides where xz begins a new block, and that changes the bytes. The lowest level
    # takes a fifth of the default's time.
    options = ["--root-owner-group", "-Zxz", "-z1", "--threads-max=1", "--build"]
    _run("dpkg-deb", *options, str(root), str(path), SOURCE_DATE_EPOCH=str(when))


def _run(*words: str, folder: Path | None = None, **variables: str) -> str:
    """Run a program in a folder (the checkout), with some variables, and return what it prints.

    Raises:
        CannotBuild: it is not there, or it failed.
    """
    try:
        done = subprocess.run(
            words, cwd=folder or ROOT, env=os.environ | variables, capture_output=True, text=True, check=True
        )
    except FileNotFoundError as error:
        raise CannotBuild(f"{words[0]} is missing: run `make deb`, which installs it") from error
    except subprocess.CalledProcessError as error:
        raise CannotBuild(f"{words[0]} failed: {' '.join(error.stderr.split())[-400:]}") from error
    return done.stdout


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.deb", __doc__)
    release, architecture = here()
    parser.add_argument("--debian", choices=PYTHON_OF, default=release, help=f"the release ({release})")
    parser.add_argument(
        "--architecture", choices=MACHINE_OF, default=architecture, help=f"the machine ({architecture})"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="the folder to write to (dist)")
    parser.add_argument("--commit", default="HEAD", help="what to build, as git names it (HEAD)")
    options = parser.parse_args(arguments)
    if changed := _run("git", "status", "--porcelain", "--untracked-files=no"):
        print(f"not in the package, being uncommitted: {len(changed.splitlines())} changed files", file=sys.stderr)
    path = build(Target(__version__, options.debian, options.architecture), options.output, options.commit)
    size = path.stat().st_size / 1e6
    print(f"{path}: {size:.0f} MB, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
