"""scripts/install.sh: whatever stops it, what was installed goes on as it was; Python and pip are stand-ins."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = ("soundit-edge.service", "soundit-first-boot.service", "soundit-update.service", "soundit-update.timer")


class Computer:
    """A checkout, and a folder that stands for the file system."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.system = folder / "checkout", folder / "system"
        self.program = self.system / "opt/soundit-edge"
        for name in ("scripts/install.sh", "scripts/locked.sh", "requirements.lock", "runtime.txt", "pyproject.toml"):
            self._write(name, (ROOT / name).read_text())
        for unit in UNITS:
            self._write(f"systemd/{unit}", "ExecStart=/usr/lib/soundit-edge/venv/bin/soundit run\n")
        for name in ("soundit", "soundit-edge.environment", "soundit-edge.sysusers", "60-soundit-edge.rules"):
            self._write(f"systemd/{name}", "/usr/lib/soundit-edge/environment\n")
        for name in ("soundit_edge/__init__.py", "models/set.json", "benches/reference/x.json"):
            self._write(name, "")
        self.python = folder / "python3"
        shutil.copy(Path(__file__).with_name("stub_python.sh"), self.python)
        self.python.chmod(0o755)
        self.system.mkdir()

    def _write(self, name: str, text: str) -> None:
        path = self.checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def install(self, *options: str, fails: str = "", code: int = 0) -> str:
        """Run the script, and return what it says."""
        words = ["sh", str(self.checkout / "scripts/install.sh"), *options]
        if "--uninstall" not in options and "--python" not in options:
            words += ["--python", str(self.python)]
        env = {"PATH": os.environ["PATH"], "DESTDIR": str(self.system)} | ({"STUB_FAILS": fails} if fails else {})
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stderr
        return done.stderr

    def change(self) -> None:
        """Make the checkout another version."""
        self._write("soundit_edge/__init__.py", "# newer\n")

    def files(self) -> dict[str, str]:
        """Return all files of the system, with what is in them; links as where they lead."""
        paths = [path for path in self.system.rglob("*") if path.is_symlink() or path.is_file()]
        return {
            str(path.relative_to(self.system)): os.readlink(path) if path.is_symlink() else path.read_text()
            for path in paths
        }


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_it_installs_the_program_its_units_and_only_what_the_device_needs(computer: Computer) -> None:
    computer.install()
    venv = computer.program / "current" / "venv"
    assert os.access(venv / "bin" / "soundit", os.X_OK)
    lock = (venv / "installed.lock").read_text()
    assert "numpy==" in lock
    assert "--hash=sha256:" in lock
    assert not any(name in lock for name in ("\npytest==", "\nmypy==", "\nmediapipe=="))
    assert lock.count("\n--") == 0
    assert sum(not line.startswith(" ") for line in lock.splitlines()) >= len(
        (ROOT / "runtime.txt").read_text().split()
    )
    for unit in UNITS:
        text = (computer.system / "etc/systemd/system" / unit).read_text()
        assert text == "ExecStart=/opt/soundit-edge/current/venv/bin/soundit run\n"
    command = computer.system / "usr/local/bin/soundit"
    assert os.access(command, os.X_OK)
    assert "/usr/lib/" not in command.read_text() + (computer.program / "current" / "environment").read_text()


def test_run_again_it_changes_nothing(computer: Computer) -> None:
    computer.install()
    before = computer.files()
    assert "installed already" in computer.install(fails="* -m venv *")
    assert computer.files() == before


def test_an_upgrade_leaves_one_version(computer: Computer) -> None:
    computer.install()
    old = (computer.program / "current").readlink()
    computer.change()
    computer.install()
    (version,) = (computer.program / "versions").iterdir()
    assert (computer.program / "current").readlink() == Path("versions") / version.name != old


@pytest.mark.parametrize(
    "fails",
    ["* -m venv *", "pip install*tools.lock", "pip wheel*", "pip install*runtime.lock", "*whl", "soundit --version"],
)
def test_what_fails_in_the_middle_leaves_what_was_there(computer: Computer, fails: str) -> None:
    computer.install()
    before = computer.files()
    computer.change()
    computer.install(fails=fails, code=1)
    assert computer.files() == before
    computer.install()
    assert computer.files() != before


def test_a_run_that_was_cut_off_is_begun_once_more(computer: Computer) -> None:
    computer.install()
    current = (computer.program / "current").resolve()
    shutil.copytree(current, current.with_name("half"))
    (computer.program / "current").unlink()  # as if the power went before the link was turned
    (current / "venv/bin/soundit").unlink()
    computer.install()
    assert (computer.program / "current/venv/bin/soundit").exists()
    assert [path.name for path in (computer.program / "versions").iterdir()] == [current.name]


def test_two_runs_at_once_do_not_meet(computer: Computer) -> None:
    computer.install()
    with subprocess.Popen(
        ["flock", str(computer.program / "lock"), "sh", "-c", "echo held; read -r _"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert "another run" in computer.install(code=2)


def test_uninstalled_it_is_gone_and_what_it_remembers_goes_only_when_asked(computer: Computer) -> None:
    state = computer.system / "var/lib/soundit-edge/settings.toml"
    state.parent.mkdir(parents=True)
    state.write_text("volume = 1\n")
    computer.install()
    computer.install("--uninstall")
    assert list(computer.files()) == ["var/lib/soundit-edge/settings.toml"]
    computer.install("--uninstall")
    computer.install("--uninstall", "--purge")
    assert computer.files() == {}


def test_a_dry_run_and_the_help_change_nothing(computer: Computer) -> None:
    assert "would install" in computer.install("--dry-run")
    computer.install("--help")
    assert list(computer.system.iterdir()) == []


@pytest.mark.parametrize("options", [("--whatever",), ("--purge",), ("--python",), ("--uninstall", "--dry-run")])
def test_odd_options_are_one_line_and_code_2(computer: Computer, options: tuple[str, ...]) -> None:
    assert "install: " in computer.install(*options, code=2)
    assert list(computer.system.iterdir()) == []


def test_what_is_missing_is_named_before_the_work(computer: Computer) -> None:
    assert "3.11, 3.12 or 3.13" in computer.install(fails="*version_info*", code=2)
    assert "PortAudio is missing" in computer.install(fails="*portaudio*", code=2)
    assert list(computer.system.iterdir()) == []
