"""The units: valid for systemd, in a sandbox that it scores, and in keeping with what the program reads."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from soundit_edge import paths
from soundit_edge.daemon.ways.inputs import MAX_STEP_S

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "systemd"
PROGRAMS = ("usr/lib/soundit-edge/venv/bin/soundit", "usr/lib/soundit-edge/venv/bin/python")
MAX_EXPOSURE = {"soundit-edge.service": 15, "soundit-update.service": 13, "soundit-first-boot.service": 15}
"""Tenths of a point of `systemd-analyze security`; what real-time audio costs of it is said in the unit."""
TARGETS = [
    "sysinit",
    "basic",
    "multi-user",
    "shutdown",
    "network-pre",
    "network-online",
    "network",
    "time-sync",
    "sound",
    "timers",
    "sockets",
    "paths",
    "slices",
    "local-fs",
]

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, of Debian's package systemd"
)


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def setting(unit: str, name: str) -> list[str]:
    """All values of a setting of a unit."""
    return re.findall(rf"^{name}=(.*)$", (UNITS / unit).read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the units, what they run, and no more of systemd than their dependencies ask for."""
    root = tmp_path_factory.mktemp("root")
    folder = root / "usr/lib/systemd/system"
    folder.mkdir(parents=True)
    for unit in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        shutil.copy(unit, folder)
    for target in TARGETS:
        (folder / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n")
    for program in PROGRAMS:
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    return root


@pytest.mark.parametrize("unit", sorted(path.name for kind in ("service", "timer") for path in UNITS.glob(f"*.{kind}")))
def test_systemd_finds_nothing_to_say_of_a_unit(stage: Path, unit: str) -> None:
    done = analyze("verify", f"--root={stage}", "--man=no", f"/usr/lib/systemd/system/{unit}")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@pytest.mark.parametrize("mistake", ["Restrat=always", "WatchdogSec=soon"])
def test_a_mistake_in_a_unit_would_be_found(stage: Path, mistake: str) -> None:
    broken = stage / "usr/lib/systemd/system/broken.service"
    broken.write_text((UNITS / "soundit-edge.service").read_text().replace("[Service]\n", f"[Service]\n{mistake}\n"))
    try:
        assert analyze("verify", f"--root={stage}", "--man=no", "/usr/lib/systemd/system/broken.service").stderr
    finally:
        broken.unlink()


@pytest.mark.parametrize(("unit", "exposure"), MAX_EXPOSURE.items())
def test_a_unit_is_in_its_sandbox(unit: str, exposure: int) -> None:
    done = analyze("security", "--offline=true", f"--threshold={exposure}", UNITS / unit)
    assert done.returncode == 0, done.stdout


def test_a_unit_without_its_sandbox_would_be_found(tmp_path: Path) -> None:
    bare = tmp_path / "bare.service"
    bare.write_text("[Service]\nExecStart=/bin/true\nUser=soundit-edge\n")
    assert analyze("security", "--offline=true", "--threshold=20", bare).returncode != 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone has this call")
def test_memory_that_is_written_may_be_executed_where_a_microphone_needs_it() -> None:
    """A device without this has no microphone: cffi's callbacks need it, as the wheels of today are built."""
    assert setting("soundit-edge.service", "MemoryDenyWriteExecute") == ["no"]
    libc = "import ctypes; assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0"
    callback = "import cffi; cffi.FFI().callback('int(int)', lambda x: x)"
    done = subprocess.run([sys.executable, "-c", f"{libc}\n{callback}"], capture_output=True, check=False, timeout=600)
    assert b"MemoryError" in done.stderr or b"AssertionError" in done.stderr


def test_the_processor_may_be_read_where_models_run() -> None:
    """Seen in the emulated image: without /proc/cpuinfo, LiteRT for Arm makes no XNNPACK delegate and says little."""
    assert setting("soundit-edge.service", "ProcSubset") == ["all"]


def test_every_service_is_in_the_table_of_sandboxes() -> None:
    assert {path.name for path in UNITS.glob("*.service")} == set(MAX_EXPOSURE)


def test_every_path_of_the_service_lies_where_it_may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = dict(re.findall(r"^(\w+)=(.+)$", (UNITS / "soundit-edge.environment").read_text(), re.MULTILINE))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    places = [
        paths.settings_file(),
        paths.state_folder(),
        paths.sets_folder(),
        paths.tuf_folder(),
        paths.library_file(),
        paths.local_models_folder(),
        paths.edgetpu_folder(),
        paths.cache_folder(),
    ]
    writable = [*(f"/var/lib/{name}" for name in setting("soundit-edge.service", "StateDirectory")[0].split())]
    writable += [f"/var/cache/{name}" for name in setting("soundit-edge.service", "CacheDirectory")]
    assert [str(place) for place in places if not str(place).startswith(tuple(f"{one}/" for one in writable[:1]))] == [
        "/var/cache/soundit-edge"
    ]
    assert writable[-1] == "/var/cache/soundit-edge"
    assert paths.journal_socket() == Path("/run/systemd/journal/socket")
    assert variables["XDG_MUSIC_DIR"] in writable


def test_the_environment_names_every_variable_that_leads_to_something_written() -> None:
    named = set(re.findall(r'"(SOUNDIT_\w+|XDG_MUSIC_DIR)"', (ROOT / "soundit_edge/paths.py").read_text()))
    read = {"SOUNDIT_MODELS", "SOUNDIT_SOUNDFONT", "SOUNDIT_UPDATE_ROOT", "SOUNDIT_MEDIA"}
    variables = set(re.findall(r"^(\w+)=", (UNITS / "soundit-edge.environment").read_text(), re.MULTILINE))
    assert variables == named - read


def test_systemd_never_gives_up_and_waits_for_as_long_as_a_start_takes() -> None:
    assert setting("soundit-edge.service", "StartLimitIntervalSec") == ["0"]
    assert setting("soundit-edge.service", "Restart") == ["always"]
    assert float(setting("soundit-edge.service", "WatchdogSec")[0]) <= MAX_STEP_S


def test_the_groups_of_the_service_are_made_and_those_of_the_device_rules() -> None:
    users = (UNITS / "soundit-edge.sysusers").read_text()
    made = set(re.findall(r"^g (\S+)", users, re.MULTILINE))
    joined = set(re.findall(r"^m soundit-edge (\S+)", users, re.MULTILINE))
    assert set(setting("soundit-edge.service", "SupplementaryGroups")[0].split()) == made == joined
    assert set(re.findall(r'GROUP="(\w+)"', (UNITS / "60-soundit-edge.rules").read_text())) == made


def test_systemd_makes_the_user_and_the_groups(tmp_path: Path) -> None:
    if shutil.which("systemd-sysusers") is None:
        pytest.skip("needs systemd-sysusers")
    (tmp_path / "etc").mkdir()
    folder = tmp_path / "usr/lib/sysusers.d"
    folder.mkdir(parents=True)
    shutil.copy(UNITS / "soundit-edge.sysusers", folder / "soundit-edge.conf")
    done = subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    user = (tmp_path / "etc/passwd").read_text()
    assert re.search(r"^soundit-edge:x:\d+:\d+:.*:/var/lib/soundit-edge:/usr/sbin/nologin$", user, re.MULTILINE)
    for group in ("audio", "video", "gpio", "plugdev"):
        assert re.search(rf"^{group}:x:\d+:soundit-edge$", (tmp_path / "etc/group").read_text(), re.MULTILINE)


def test_the_rules_know_both_ids_of_a_coral_and_are_written_as_udev_reads_them() -> None:
    rules = (UNITS / "60-soundit-edge.rules").read_text()
    for vendor, product in (("1a6e", "089a"), ("18d1", "9302")):
        assert f'ATTR{{idVendor}}=="{vendor}", ATTR{{idProduct}}=="{product}"' in rules
    one = r'[A-Z]+(\{\w+\})?(==|=)"[^"]*"'
    for line in filter(None, (line.partition("#")[0].strip() for line in rules.splitlines())):
        assert re.fullmatch(rf"{one}(, {one})*", line), line


def test_the_command_uses_the_services_files_for_its_own_user_alone(tmp_path: Path) -> None:
    script = (UNITS / "soundit").read_text()
    tools = tmp_path / "bin"
    tools.mkdir()
    environment, program = tmp_path / "environment", tmp_path / "soundit"
    shutil.copy(UNITS / "soundit-edge.environment", environment)
    program.write_text('#!/bin/sh\necho "${SOUNDIT_STATE:-own} $*"\n')
    program.chmod(0o755)
    script = script.replace("/usr/lib/soundit-edge/environment", str(environment))
    script = script.replace("/usr/lib/soundit-edge/venv/bin/soundit", str(program))
    for user, state in (("soundit-edge", "/var/lib/soundit-edge/state"), ("ann", "own")):
        (tools / "id").write_text(f"#!/bin/sh\necho {user}\n")
        (tools / "id").chmod(0o755)
        done = subprocess.run(
            ["sh", "-c", script, "soundit", "models", "list"],
            env={"PATH": f"{tools}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout == f"{state} models list\n"
