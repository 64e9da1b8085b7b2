"""Which accelerator is installed, and what makes it another one that has to be tried anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.inference.delegates import edgetpu, installation, libraries
from soundit_edge.inference.delegates.compiled import COMPILED, set_digest
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.installation import find_installation
from soundit_edge.inference.delegates.registry import AUTOMATIC, KINDS
from soundit_edge.inference.interpreter import RUNTIMES
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.settings import InferenceSettings
from soundit_edge.tables.choices import ACCELERATOR_WORDS
from tests.inference.delegates.compiled import compile_for_edgetpu
from tests.inference.delegates.stand_in import MODEL, chosen, installed, model_set

AUTO = InferenceSettings()


@pytest.fixture
def coral(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library of an Edge TPU where the system's loader finds it."""
    (tmp_path / "lib").mkdir()
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere:{tmp_path / 'lib'}")
    library = tmp_path / "lib" / edgetpu.LIBRARIES[0]
    library.write_bytes(b"library")
    return library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where compiled models are looked for."""
    return tmp_path / "edgetpu"


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine may have one."""
    monkeypatch.setattr(libraries, "SYSTEM", ())


def refused(settings: InferenceSettings, models: ModelSet, *mentions: str) -> Failure:
    with pytest.raises(DelegateError) as caught:
        find_installation(settings, models)
    for mention in mentions:
        assert mention in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value.failure


def test_settings_and_registry_know_the_same_kinds() -> None:
    assert {*KINDS, installation.OFF, installation.AUTO} == {*ACCELERATOR_WORDS}
    assert AUTOMATIC.name in KINDS
    for kind in KINDS.values():
        assert set(kind.runtimes) == set(RUNTIMES)


def test_nothing_is_looked_for_where_it_is_switched_off(library: Path, models: ModelSet) -> None:
    settings = InferenceSettings(accelerator="off", accelerator_library=str(library))
    assert find_installation(settings, models) is None


def test_any_delegate_takes_the_sets_own_files(library: Path, models: ModelSet) -> None:
    found = installed(library, models, device="gpu")
    assert (found.library, found.options) == (library, {"device": "gpu"})
    assert found.files == {MODEL: models.folder / models.entry(MODEL).file}


def test_a_delegate_without_a_library_is_one_clear_line(models: ModelSet) -> None:
    assert refused(InferenceSettings(accelerator="external"), models, "accelerator_library") is Failure.ABSENT


def test_a_library_that_is_missing_is_one_clear_line(models: ModelSet, tmp_path: Path) -> None:
    assert refused(chosen(tmp_path / "none.so"), models, "none.so: there is no such library") is Failure.ABSENT


def test_a_folder_is_no_library(models: ModelSet, tmp_path: Path) -> None:
    refused(chosen(tmp_path), models, "there is no such library")


def test_an_edge_tpu_is_found_by_itself(coral: Path, folder: Path, models: ModelSet) -> None:
    compile_for_edgetpu(folder, models)
    found = find_installation(AUTO, models)
    assert found is not None
    assert (found.kind.name, found.library) == ("edgetpu", coral)
    assert found.files == {MODEL: folder / f"{MODEL}_edgetpu.tflite"}


def test_without_its_library_there_is_no_word_of_it(folder: Path, models: ModelSet) -> None:
    compile_for_edgetpu(folder, models)
    assert find_installation(AUTO, models) is None
    assert refused(InferenceSettings(accelerator="edgetpu"), models, "libedgetpu.so.1 is not installed")


def test_without_compiled_models_there_is_no_word_of_it(coral: Path, models: ModelSet) -> None:
    assert find_installation(AUTO, models) is None
    refused(InferenceSettings(accelerator="edgetpu"), models, "no models are compiled for it")


def test_a_library_that_was_chosen_has_to_be_there(folder: Path, models: ModelSet) -> None:
    compile_for_edgetpu(folder, models)
    refused(InferenceSettings(accelerator_library="/nowhere/lib.so"), models, "/nowhere/lib.so")


def test_a_compiled_folder_for_another_set_is_one_clear_line(
    coral: Path, folder: Path, models: ModelSet, tmp_path: Path
) -> None:
    other = model_set(tmp_path / "other", MODEL, "voice_emotion")
    compile_for_edgetpu(folder, other)
    assert refused(AUTO, models, "compiled from another set") is Failure.UNUSABLE


@pytest.mark.parametrize("content", ["", "rubbish", "[]", '{"set": "no digest"}', "\udcff"])
def test_a_compiled_manifest_of_rubbish_is_one_clear_line(
    coral: Path, folder: Path, models: ModelSet, content: str
) -> None:
    folder.mkdir()
    (folder / COMPILED).write_bytes(content.encode(errors="surrogateescape"))
    refused(AUTO, models, f"{COMPILED}: broken")


def test_a_compiled_model_outside_of_its_folder_is_not_taken(coral: Path, folder: Path, models: ModelSet) -> None:
    path = compile_for_edgetpu(folder, models)
    path.write_text(path.read_text().replace(f"{MODEL}_edgetpu.tflite", "../models/body_motion.tflite"))
    refused(AUTO, models, "broken")


def test_a_damaged_compiled_model_stays_on_the_cpu(
    coral: Path, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models = model_set(tmp_path / "two", MODEL, "voice_emotion")
    compile_for_edgetpu(folder, models, MODEL, "voice_emotion")
    (folder / f"{MODEL}_edgetpu.tflite").write_bytes(b"damaged")
    found = find_installation(AUTO, models)
    assert found is not None
    assert list(found.files) == ["voice_emotion"]
    (line,) = [record.getMessage() for record in caplog.records]
    assert f"{MODEL} stays on the CPU" in line
    (folder / "voice_emotion_edgetpu.tflite").unlink()
    refused(AUTO, models, "no compiled model is whole")


def test_a_compiled_model_that_the_set_does_not_have_is_not_taken(coral: Path, folder: Path, models: ModelSet) -> None:
    shipped = ModelSet(default_folder())
    path = compile_for_edgetpu(folder, shipped, MODEL, "voice_emotion")
    path.write_text(path.read_text().replace(set_digest(shipped), set_digest(models)))
    found = find_installation(AUTO, models)
    assert found is not None
    assert list(found.files) == [MODEL]


def _other_library(library: Path, models: ModelSet) -> None:
    library.write_bytes(library.read_bytes() + b"\0")


def _other_set(library: Path, models: ModelSet) -> None:
    path = models.folder / MANIFEST
    path.write_text(path.read_text().replace('"shipped"', '"another"'))


def _other_file(library: Path, models: ModelSet) -> None:
    path = models.folder / models.entry(MODEL).file
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.mark.parametrize("change", [_other_library, _other_set, _other_file])
def test_a_change_makes_the_verdict_void(
    library: Path, models: ModelSet, tmp_path: Path, change: Callable[[Path, ModelSet], None]
) -> None:
    own = Path(shutil.copy(library, tmp_path / "libown.so"))
    before = installed(own, models).key
    assert installed(own, models).key == before
    change(own, models)
    assert installed(own, models).key != before


def test_other_options_or_runtimes_make_the_verdict_void(
    library: Path, models: ModelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = installed(library, models).key
    assert installed(library, models, device="usb").key != before
    monkeypatch.setattr(installation, "_version", lambda package: "9.9")
    assert installed(library, models).key != before


def test_a_set_that_is_gone_is_one_clear_line(library: Path, models: ModelSet) -> None:
    (models.folder / models.entry(MODEL).file).unlink()
    refused(chosen(library), models, "it cannot be read", f"{MODEL}.tflite")
