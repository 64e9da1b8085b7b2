"""What a test leaves behind is found, whatever it is, and what is just ending is waited for."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.leaks import LeakWatch, schedule_normally
from tests.waiting import HANG_S


@pytest.fixture
def watch(tmp_path: Path) -> LeakWatch:
    watch = LeakWatch([tmp_path, tmp_path / "not there"])
    watch.begin()
    return watch


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not end by itself."""
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process
        process.kill()


def test_nothing_was_left_behind(watch: LeakWatch) -> None:
    assert watch.left_behind() == []


def test_a_thread(watch: LeakWatch) -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="forgotten", daemon=True)
    thread.start()
    (left,) = watch.left_behind(0.0)
    assert left.startswith("thread forgotten ")
    end.set()
    assert watch.left_behind() == [], "it is waited for"


def test_a_process(watch: LeakWatch, sleeper: subprocess.Popen[bytes]) -> None:
    assert watch.left_behind(0.0) == [f"process {sleeper.pid} (sleep 1000)"]
    sleeper.kill()
    assert watch.left_behind() == [], "it is waited for"


def test_a_process_whose_parent_has_ended(watch: LeakWatch) -> None:
    done = subprocess.run(["sh", "-c", "sleep 1000 >&- & echo $!"], stdout=subprocess.PIPE, text=True, check=True)
    orphan = psutil.Process(int(done.stdout))
    (left,) = watch.left_behind(0.0)
    assert left.startswith(f"process {orphan.pid} ")
    orphan.kill()
    orphan.wait(HANG_S)
    assert watch.left_behind() == []


def test_a_process_that_has_ended_but_was_not_asked_for_its_exit_code_is_none(watch: LeakWatch) -> None:
    process = subprocess.Popen(["false"])
    assert watch.left_behind() == []
    assert process.wait() == 1, "it still can be"


def test_a_socket_that_listens_and_both_ends_of_a_connection(watch: LeakWatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        (left,) = watch.left_behind(0.0)
        assert left.startswith(f"descriptor {server.fileno()}, socket:")
        with closing(socket.create_connection(server.getsockname())), closing(server.accept()[0]):
            assert len(watch.left_behind(0.0)) == 3
    assert watch.left_behind() == []


def test_an_open_file_and_one_in_its_place(watch: LeakWatch) -> None:
    one = os.open("/etc/passwd", os.O_RDONLY)
    assert watch.left_behind(0.0) == [f"descriptor {one}, /etc/passwd"]
    watch.begin()
    os.close(one)
    assert watch.left_behind() == []
    with open("/etc/group") as other:
        assert other.fileno() == one
        assert watch.left_behind(0.0) == [f"descriptor {one}, /etc/group"]


def test_a_file_outside_the_tests_own_folder(watch: LeakWatch, tmp_path: Path) -> None:
    (tmp_path / "soundit.wav").touch()
    (tmp_path / ".pytest_cache").mkdir()  # that is pytest's own
    assert watch.left_behind(0.0) == [f"file {tmp_path}/soundit.wav"]


def test_what_a_longer_lived_fixture_sets_up_is_granted(
    watch: LeakWatch, sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    with watch.granted():
        (tmp_path / "shared").touch()
    (tmp_path / "own").touch()
    assert watch.left_behind(0.0) == [f"file {tmp_path}/own", f"process {sleeper.pid} (sleep 1000)"]


def test_what_only_a_cycle_of_references_holds_is_not_left_behind(watch: LeakWatch) -> None:
    class Cycle:
        def __init__(self) -> None:
            self.ends = os.pipe()
            self.itself = self

        def __del__(self) -> None:
            for end in self.ends:
                os.close(end)

    Cycle()
    assert watch.left_behind() == []


LEAKING = """
import subprocess, threading, pytest

@pytest.fixture(scope="module")
def shared():
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process
        process.kill()

@pytest.fixture
def asks_late(request):
    return request.getfixturevalue("shared")

def test_thread():
    threading.Thread(target=threading.Event().wait, args=(5,), daemon=True).start()

def test_file():
    open("soundit.wav", "w").close()

def test_shared(asks_late):
    pass

def test_nothing():
    pass
"""


def test_a_real_time_priority_is_taken_back_from_all_threads() -> None:
    ask, started = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        ask.wait()

    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        pytest.skip("only root has real-time priority")
    thread = threading.Thread(target=wait)
    thread.start()
    try:
        started.wait(HANG_S)
        assert os.sched_getscheduler(thread.native_id or 0) == os.SCHED_FIFO  # it was passed on
        schedule_normally()
        assert {os.sched_getscheduler(number) for number in (0, thread.native_id or 0)} == {os.SCHED_OTHER}
    finally:
        ask.set()
        thread.join()


def test_whoever_leaves_something_behind_fails_and_nobody_else(tmp_path: Path) -> None:
    """With the fixture itself, in a pytest of its own that has little patience."""
    root = Path(__file__).parents[1]
    (tmp_path / "conftest.py").write_text(
        "from tests import leaks\n"
        "leaks.LeakWatch.left_behind.__defaults__ = (0.0,)\n"
        "pytest_plugins = ['tests.leak_check']\n"
    )
    (tmp_path / "test_leaking.py").write_text(LEAKING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--basetemp={tmp_path}/tmp", "test_leaking.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_S,
    )
    assert "4 passed, 2 errors" in done.stdout, done.stdout
    assert re.findall("ERROR at teardown of (.*?) ", done.stdout) == ["test_thread", "test_file"]
    assert "left behind: thread Thread-" in done.stdout
    assert f"left behind: file {tmp_path}/soundit.wav" in done.stdout
