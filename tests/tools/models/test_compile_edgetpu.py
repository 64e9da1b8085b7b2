"""Models are compiled for an Edge TPU all together, whole or not at all; a stand-in takes the compiler's place."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import ModelSet, default_folder
from tools.models.compile_edgetpu import COMPILER, EDGETPU_MANIFEST, main
from tools.models.graph import parse
from tools.models.register import register

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
SHOWS_VERSION = "if '--version' in sys.argv: print('Edge TPU Compiler version 16.0'); sys.exit()\n"
OBEYS = """
out = pathlib.Path(sys.argv[sys.argv.index('--out_dir') + 1])
models = [pathlib.Path(a) for a in sys.argv[1:] if a.endswith('.tflite')]
(pathlib.Path(__file__).parent / 'calls').open('a').write(' '.join(m.stem for m in models) + '\\n')
for m in models:
    (out / (m.stem + '_edgetpu.tflite')).write_bytes(b'compiled ' + m.read_bytes())
"""
FAILS = "print('Internal compiler error. Aborting!', file=sys.stderr); sys.exit(1)\n"
WRITES_NOTHING = "print('Compilation child process completed.')\n"

Compiler = Callable[[str], Path]


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """Put a stand-in with this behaviour on the PATH; gives the folder in which it writes down its calls."""
    folder = tmp_path / "bin"

    def install(behaviour: str) -> Path:
        folder.mkdir(exist_ok=True)
        program = folder / COMPILER
        program.write_text(f"#!{sys.executable}\nimport pathlib, sys\n{SHOWS_VERSION}{behaviour}")
        program.chmod(0o755)
        return folder

    monkeypatch.setenv("PATH", str(folder))
    return install


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_all_models_are_compiled_in_one_call_the_most_called_first(compiler: Compiler, tmp_path: Path) -> None:
    folder, out = compiler(OBEYS), tmp_path / "edgetpu"
    assert main([]) == 0
    [call] = (folder / "calls").read_text().splitlines()
    assert call.split() == ["face_expression", "face_expression_fer", "body_motion", "voice_emotion"]
    manifest = json.loads((out / EDGETPU_MANIFEST).read_text())
    assert manifest["set"] == hashlib.sha256((default_folder() / MANIFEST).read_bytes()).hexdigest()
    assert manifest["compiler"] == "Edge TPU Compiler version 16.0"
    assert list(manifest["models"]) == call.split()
    for entry in manifest["models"].values():
        assert hashlib.sha256((out / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert set(content(out)) == {EDGETPU_MANIFEST, *(entry["file"] for entry in manifest["models"].values())}


def test_the_compiler_gets_all_constants_inside_the_flatbuffer(compiler: Compiler, tmp_path: Path) -> None:
    """It is older than the converters that write them behind it, and would find weights without content."""
    compiler(OBEYS)
    assert main([]) == 0
    manifest = json.loads((tmp_path / "edgetpu" / EDGETPU_MANIFEST).read_text())
    compiled = tmp_path / "edgetpu" / manifest["models"]["face_expression"]["file"]
    source = tmp_path / "source.tflite"
    source.write_bytes(compiled.read_bytes().removeprefix(b"compiled "))
    assert all(buffer.offset == 0 for buffer in parse(source).buffers)
    models = ModelSet(default_folder())
    assert models.check_golden("face_expression", Model(source)) == 0


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [(FAILS, "Internal compiler error. Aborting!"), (WRITES_NOTHING, "wrote nothing for face_expression")],
)
def test_what_fails_leaves_the_old_models_as_they_were(
    behaviour: str, said: str, compiler: Compiler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compiler(OBEYS)
    assert main([]) == 0
    before = content(tmp_path / "edgetpu")
    compiler(behaviour)
    assert main([]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert content(tmp_path / "edgetpu") == before
    shutil.rmtree(tmp_path / "edgetpu")
    assert main([]) == 2
    assert not (tmp_path / "edgetpu").exists()


def test_new_models_take_the_place_of_the_old_ones(compiler: Compiler, tmp_path: Path) -> None:
    compiler(OBEYS)
    assert main([]) == 0
    old = set(content(tmp_path / "edgetpu"))
    compiler(OBEYS.replace("b'compiled '", "b'again '"))
    assert main([]) == 0
    assert set(content(tmp_path / "edgetpu")) & old == {EDGETPU_MANIFEST}
    assert len(content(tmp_path / "edgetpu")) == len(old)


def test_without_a_compiler_one_line_says_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "x86-64 Debian" in line
    assert not (tmp_path / "edgetpu").exists()


def test_a_damaged_model_is_not_compiled(
    compiler: Compiler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compiler(OBEYS)
    folder = tmp_path / "set"
    folder.mkdir()
    shutil.copy(default_folder() / "face_expression.tflite", folder)
    register(folder, "face_expression", LABELS)
    path = folder / "face_expression.tflite"
    path.write_bytes(path.read_bytes()[:-1] + b"\x55")
    assert main(["--set", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert "damaged" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_set_of_which_nothing_maps_is_not_compiled(
    compiler: Compiler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compiler(OBEYS)
    folder = tmp_path / "set"
    folder.mkdir()
    labels = ModelSet(default_folder()).entry("lips_words").labels
    shutil.copy(default_folder() / "lips_words.tflite", folder)
    register(folder, "lips_words", labels)
    assert main(["--set", str(folder)]) == 2
    assert "no model of this set" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    compiler: Compiler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compiler(OBEYS)
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file" / "x")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert str(tmp_path / "file") in line
