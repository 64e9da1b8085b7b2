"""One of MediaPipe's own pipelines, asked in a process of its own: it prints, starts threads and takes 300 MB."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
MISSING: Final = 77
"""What a script ends with where MediaPipe has no pipelines."""


def ask(module: str, rgb: npt.NDArray[np.uint8], folder: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays that `python -m MODULE PICTURE.npy ANSWER.npz` finds in one picture."""
    pytest.importorskip("matplotlib", reason="MediaPipe cannot be imported without it")
    question, answer = folder / "picture.npy", folder / "answer.npz"
    np.save(question, rgb)
    done = subprocess.run(
        [sys.executable, "-m", module, str(question), str(answer)],
        cwd=ROOT,
        env={**os.environ, "MPLCONFIGDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == MISSING:
        pytest.skip("MediaPipe's own pipeline is not installed for this Python")
    assert done.returncode == 0, done.stderr
    with np.load(answer) as found:
        return dict(found)
