"""Wheels are unpacked into the environment as they are: no byte code, no programs of others, nothing outside."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools.deb.target import Target
from tools.deb.venv import OddWheel, is_model, make_venv, unpack


def a_wheel(folder: Path, *names: str) -> Path:
    """Make a wheel with files of these names, each of which holds its name."""
    path = folder / "reed-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name in names:
            wheel.writestr(name, name)
    return path


def unpacked(tmp_path: Path, *names: str) -> set[str]:
    site = tmp_path / "venv" / "site"
    site.mkdir(parents=True)
    unpack(a_wheel(tmp_path, *names), site)
    return {str(path.relative_to(tmp_path / "venv")) for path in (tmp_path / "venv").rglob("*") if path.is_file()}


def test_packages_and_metadata_come_and_programs_do_not(tmp_path: Path) -> None:
    data = "reed-1.0.data"
    names = ["reed/__init__.py", "reed-1.0.dist-info/METADATA"]
    byte_code = "reed/__pycache__/__init__.cpython-311.pyc"
    others = [byte_code, f"{data}/scripts/reed", f"{data}/data/share/man/man1/reed.1", f"{data}/headers/reed.h"]
    assert unpacked(tmp_path, *names, *others, f"{data}/purelib/reed_extra.py") == {
        "site/reed/__init__.py",
        "site/reed-1.0.dist-info/METADATA",
        "site/reed_extra.py",
    }


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside", "reed/../../outside.py", "r.data/purelib/../../x"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OddWheel, match="leads out"):
        unpacked(tmp_path, name)
    assert not (tmp_path / "venv" / "outside.py").exists()


def test_two_wheels_with_the_same_file_are_refused(tmp_path: Path) -> None:
    unpacked(tmp_path, "cv2/__init__.py")
    with pytest.raises(OddWheel, match=r"cv2/__init__\.py is another package's"):
        unpack(a_wheel(tmp_path, "cv2/__init__.py"), tmp_path / "venv" / "site")


def test_of_mediapipe_only_models_are_taken() -> None:
    assert is_model("mediapipe/modules/face_landmark/face_landmark.tflite")
    assert is_model("mediapipe-0.10.18.dist-info/LICENSE")
    for name in (
        "mediapipe/python/_framework_bindings.so",
        "mediapipe-0.10.18.dist-info/RECORD",
        "mediapipe/__init__.py",
    ):
        assert not is_model(name)


@pytest.mark.parametrize(("debian", "python"), [("12", "3.11"), ("13", "3.13")])
def test_the_environment_runs_debians_python_wherever_it_was_built(tmp_path: Path, debian: str, python: str) -> None:
    site = make_venv(tmp_path, Target("1.0", debian, "arm64"))
    venv = site.parents[2]
    interpreter = (venv / "bin" / "python").readlink()
    assert (venv / "bin" / interpreter).resolve() == (tmp_path / "usr/bin" / f"python{python}").resolve()
    assert site.parent.name == f"python{python}"
    program = (venv / "bin" / "soundit").read_text()
    assert program.startswith("#!/usr/lib/soundit-edge/venv/bin/python\n")
    assert str(tmp_path) not in program + (venv / "pyvenv.cfg").read_text()
    compile(program, "soundit", "exec")
