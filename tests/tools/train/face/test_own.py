"""A network of a user's own pictures, from the folder to the reading. Slow: it trains, converts and quantises."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.local import installed, local_set
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.sense import FaceSense
from tools.models.check_int8 import check

ROOT = Path(__file__).resolve().parents[4]
PYTHON = ROOT / ".venv-train/bin/python"
LABELS = {"beams=happy": Emotion.HAPPY, "wince": Emotion.SAD}

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="no training environment (sh scripts/setup_train.sh makes it)"
)


def train(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), "-m", "tools.train.face", "--data", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def take_pictures(folder: Path) -> None:
    """Six drawn pictures of each label, some of them large, some tight, one without a face."""
    rng = np.random.default_rng(0)
    for label, pose in LABELS.items():
        (folder / label).mkdir(parents=True)
        for i in range(6):
            picture = draw(POSES[pose], i / 4)
            if i == 2:
                picture = np.asarray(cv2.resize(picture[100:420, 180:460], (64, 73), interpolation=cv2.INTER_AREA))
            cv2.imwrite(str(folder / label / f"{i}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        cv2.imwrite(str(folder / label / "none.png"), rng.integers(0, 255, (200, 200), dtype=np.uint8))


def test_a_folder_of_pictures_becomes_a_reading(tmp_path: Path) -> None:
    take_pictures(tmp_path / "pictures")
    done = train(tmp_path / "pictures", "--epochs", "4")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "no face in 1 of 7 pictures" in done.stderr
    assert "pictures that were held out" in done.stderr
    [(name, entry)] = installed().items()
    assert (name, entry.labels) == ("face_own", sorted(LABELS))
    assert entry.bytes <= 1_000_000
    local = local_set()
    assert local is not None
    assert check(local.folder / entry.file)["SOFTMAX"] == 1
    for label, pose in LABELS.items():
        reading = FaceSense(ModelSet(default_folder()), local).read(Frame(0.0, draw(POSES[pose], 0.1)))
        assert reading is not None
        assert reading.detail["own"] == label.split("=")[0]


def test_a_folder_that_cannot_be_used_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "pictures/happy").mkdir(parents=True)
    done = train(tmp_path / "pictures")
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert "at least two labels" in last
    assert str(tmp_path / "pictures") in last
    assert installed() == {}
