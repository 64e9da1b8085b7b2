"""The project's own promises: one lock that installs everything, no registry named, no data."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from soundit_edge.update import clock
from soundit_edge.update.clock import built_time

ROOT = Path(__file__).resolve().parents[2]
EXCLUDED = set((ROOT / "excluded.txt").read_text().split())


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_pip_misses_exactly_what_was_excluded() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    missing = set(re.findall(r"requires ([\w-]+), which is not installed", done.stdout))
    assert missing <= EXCLUDED, done.stdout
    others = [line for line in done.stdout.splitlines() if "which is not installed" not in line]
    assert others in ([], ["No broken requirements found."]), others


def test_every_line_of_the_lock_is_hashed_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    names = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    assert len(names) > 40
    assert not EXCLUDED & set(names)
    assert "://" not in lock
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_no_file_names_a_registry_or_a_path_of_this_machine() -> None:
    hosts = re.compile(
        "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "deb" + r"\.debian\.org", "registry" + r"\.npmjs"])
    )
    here = str(ROOT.parent) + "/"
    for path in committed_files():
        if path.suffix in {".py", ".md", ".toml", ".txt", ".lock", ".sh", ".json", ".html", ".css", ".js", ""}:
            text = path.read_text(errors="ignore")
            assert not hosts.search(text), path
            assert here not in text, path


def test_a_package_knows_when_it_was_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same again where the time is given; a checkout that is installed to be edited is no package."""
    hook = object.__new__(runpy.run_path(str(ROOT / "hatch_build.py"))["BuildTimeHook"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    packed: dict[str, dict[str, str]] = {"force_include": {}}
    hook.initialize("editable", packed)
    assert packed["force_include"] == {}
    hook.initialize("standard", packed)
    ((file, place),) = packed["force_include"].items()
    assert built_time(Path(file)) == 1_800_000_000
    assert ROOT / place == Path(clock.__file__).with_name("built.txt")
    hook.finalize("standard", packed, "")
    assert not Path(file).exists()


def test_no_data_is_committed() -> None:
    for path in committed_files():
        assert path.suffix not in {".npz", ".opus", ".mpg", ".mp4", ".wav", ".align"}, path
        assert path.stat().st_size < 3_000_000, path


def test_mediapipe_is_never_imported_by_the_package() -> None:
    for path in (ROOT / "soundit_edge").rglob("*.py"):
        assert not re.search(r"^\s*(import|from) mediapipe", path.read_text(), re.MULTILINE), path
