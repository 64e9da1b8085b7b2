"""The package as dpkg sees it: one set of bytes for one set of files, its fields, and nothing missing inside."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools.deb.made import TARGET, WHEN, a_root, a_site
from tools.deb import build
from tools.deb.build import CannotBuild, check_complete, pack
from tools.deb.control import SCRIPTS, control_text
from tools.deb.stage import UNIT_FOLDER, level
from tools.deb.target import PACKAGE, Target, here
from tools.manual.manual import manual

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual")
    manual(folder)
    return folder


def packed(root: Path) -> bytes:
    level(root, WHEN)
    path = root.parent / "x.deb"
    pack(root, path, WHEN)
    return path.read_bytes()


def field(deb: Path, name: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", deb, name], capture_output=True, text=True, check=True).stdout.strip()


def test_the_same_files_are_the_same_bytes_whoever_builds_when(tmp_path: Path, made: Path) -> None:
    one = packed(a_root(tmp_path / "a", made))
    before = os.umask(0o077)
    try:
        root = a_root(tmp_path / "b", made)
    finally:
        os.umask(before)
    # Another order in the folder, other times, other modes but for who may run it.
    shutil.copytree(root, root.with_name("copy"), symlinks=True)
    for path in (root.with_name("copy") / "usr/share/doc").rglob("*"):
        os.utime(path, (1, 1))
    assert packed(root) == one
    assert packed(root.with_name("copy")) == one
    (root / "usr/lib/soundit-edge/environment").write_text("another")
    assert packed(root) != one


def test_what_is_where_and_with_which_mode(tmp_path: Path, made: Path) -> None:
    root = a_root(tmp_path, made)
    packed(root)
    listed = subprocess.run(
        ["dpkg-deb", "-c", root.parent / "x.deb"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    modes = {line.split()[5].removeprefix("."): line.split()[0] for line in listed}
    assert all(line.split()[1] == "root/root" for line in listed)
    assert modes["/usr/bin/soundit"] == "-rwxr-xr-x"
    for place in (
        f"/{UNIT_FOLDER}/soundit-edge.service",
        f"/{UNIT_FOLDER}/soundit-update.timer",
        "/usr/lib/sysusers.d/soundit-edge.conf",
        "/usr/lib/udev/rules.d/60-soundit-edge.rules",
        "/usr/share/man/man1/soundit.1.gz",
        "/usr/share/bash-completion/completions/soundit",
        "/usr/share/zsh/vendor-completions/_soundit",
        "/usr/share/fish/vendor_completions.d/soundit.fish",
        *(f"/usr/share/doc/soundit-edge/{name}" for name in ("copyright", "changelog.gz", "soundit-edge.cdx.json")),
    ):
        assert modes[place] == "-rw-r--r--", place
    assert not [place for place in modes if place.startswith(("/etc", "/var", "/opt", "/usr/local"))]
    assert not [place for place in modes if place.endswith(".pyc")]


def test_the_fields_are_those_that_apt_needs(tmp_path: Path, made: Path) -> None:
    root = a_root(tmp_path, made)
    packed(root)
    deb = root.parent / "x.deb"
    assert (field(deb, "Package"), field(deb, "Version"), field(deb, "Architecture")) == (
        PACKAGE,
        "0.1.0+deb12",
        "amd64",
    )
    assert "python3 (>= 3.11), python3 (<< 3.12)" in field(deb, "Depends")
    assert int(field(deb, "Installed-Size")) > 10
    control = subprocess.run(["dpkg-deb", "-I", deb], capture_output=True, text=True, check=True).stdout
    assert all(name in control for name in (*SCRIPTS, "md5sums"))
    assert "conffiles" not in control, "nothing lies in /etc: the settings are the device's own"
    assert '"0.1.0+deb12"' in (root / "DEBIAN/preinst").read_text()


def test_another_release_wants_its_own_python() -> None:
    assert "python3 (>= 3.13), python3 (<< 3.14)" in control_text(Target("1.0", "13", "arm64"), 1)
    assert "Architecture: arm64\n" in control_text(Target("1.0", "13", "arm64"), 1)


def test_versions_are_ordered_as_they_came() -> None:
    versions = ["0.1.0.dev1", "0.1.0rc1", "0.1.0", "0.1.1", "0.10.0"]
    debs = [Target(version, debian, "amd64").deb_version for version in versions for debian in ("12", "13")]
    for older, newer in itertools.pairwise(debs):
        subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=True)


def test_a_package_that_needs_what_is_not_inside_is_not_built(tmp_path: Path) -> None:
    site = a_site(tmp_path)
    check_complete(site, TARGET)
    (site / "tone-2.0.dist-info").rename(tmp_path / "gone")
    check_complete(site, TARGET)  # only an extra names it
    (site / "reed_pipe-1.2.dist-info").rename(tmp_path / "gone_too")
    with pytest.raises(CannotBuild, match=r"^reed-pipe: not in runtime\.txt"):
        check_complete(site, TARGET)


def test_a_program_that_is_missing_or_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotBuild, match=r"dpkg-deb failed: .*no-such"):
        pack(tmp_path / "no-such", tmp_path / "x.deb", WHEN)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotBuild, match="dpkg-deb is missing"):
        pack(tmp_path, tmp_path / "x.deb", WHEN)


def test_what_is_built_is_what_is_committed_or_a_line_says_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert build.main(["--output", str(tmp_path / "dist")]) == 2
    assert "git failed: " in capsys.readouterr().err
    assert not list(tmp_path.glob("dist/*"))


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ({"ID": "debian", "VERSION_ID": "13"}, "aarch64", ("13", "arm64")),
        ({"ID": "debian", "VERSION_ID": "11"}, "x86_64", ("12", "amd64")),
        ({"ID": "debian"}, "x86_64", ("12", "amd64")),  # testing has no number
        ({"ID": "ubuntu", "VERSION_ID": "13"}, "riscv64", ("12", "amd64")),
    ],
)
def test_a_package_for_this_computer_is_meant_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, system: dict[str, str], machine: str, expected: tuple[str, str]
) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert here() == expected
