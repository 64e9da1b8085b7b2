"""A lip reader of a user's own words, from the folder to the local model. Slow: it trains, converts and quantises."""

from __future__ import annotations

import shutil
import subprocess
from itertools import cycle
from pathlib import Path

import pytest

from soundit_edge.inference.local import installed
from soundit_edge.inference.models import ModelSet
from soundit_edge.paths import local_models_folder
from soundit_edge.senses.lips.recogniser import OWN, LipReader
from tools.data.mouth_clips import read_align
from tools.models.check_int8 import check

ROOT = Path(__file__).resolve().parents[4]
PYTHON = ROOT / ".venv-train/bin/python"

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="no training environment (sh scripts/setup_train.sh makes it)"
)


def train(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), "-m", "tools.train.lips", "--data", str(folder), "--epochs", "1"]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def take_clips(folder: Path, shared_data: Path, words: tuple[str, ...]) -> None:
    """GRID's clips of whole faces, their words called otherwise, in turn."""
    folder.mkdir()
    turns = cycle(words)
    for film in sorted((shared_data / "clips").glob("*.mpg")):
        shutil.copy(film, folder)
        times = read_align(shared_data / f"lips/grid_s1_align/{film.stem}.align")
        spoken = [(first, end) for first, end, word in times if word not in ("sil", "sp")]
        lines = [f"{1000 * a} {1000 * b} {next(turns)}\n" for a, b in spoken]
        (folder / f"{film.stem}.align").write_text("".join(lines))


def test_own_words_become_a_local_model(tmp_path: Path, shared_data: Path) -> None:
    take_clips(tmp_path / "own", shared_data, ("hallo", "danke"))
    done = train(tmp_path / "own")
    assert done.returncode == 0, done.stderr
    assert "wer_free" in done.stderr
    assert installed()[OWN].labels == ["sil", "danke", "hallo"]
    check(local_models_folder() / installed()[OWN].file)
    assert LipReader(ModelSet(local_models_folder()), OWN).labels == ("sil", "danke", "hallo")


def test_what_cannot_be_learnt_from_is_named(tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no clip" in train(tmp_path / "empty").stderr
    take_clips(tmp_path / "one", shared_data, ("hallo",))
    assert "two or more" in train(tmp_path / "one").stderr
    take_clips(tmp_path / "rare", shared_data, tuple(f"word{i}" for i in range(36)))
    done = train(tmp_path / "rare")
    assert done.returncode == 2
    assert "say it 5 times" in done.stderr
    assert installed() == {}
