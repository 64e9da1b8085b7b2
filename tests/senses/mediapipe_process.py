"""One of MediaPipe's own pipelines, asked in a process of its own: it prints, starts threads and takes 300 MB."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

Picture = npt.NDArray[np.uint8]

ROOT: Final = Path(__file__).resolve().parents[2]
MISSING: Final = 77
"""What a script ends with where MediaPipe has no pipelines."""


def ask(module: str, pictures: Sequence[Picture], folder: Path) -> list[dict[str, npt.NDArray[Any]]]:
    """The arrays that `python -m MODULE PICTURES.npz ANSWERS.npz` finds in each picture."""
    pytest.importorskip("matplotlib", reason="MediaPipe cannot be imported without it")
    questions, answers = folder / "pictures.npz", folder / "answers.npz"
    np.savez(questions, *pictures)
    done = subprocess.run(
        [sys.executable, "-m", module, str(questions), str(answers)],
        cwd=ROOT,
        env={**os.environ, "MPLCONFIGDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == MISSING:
        pytest.skip("MediaPipe's own pipeline is not installed for this Python")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, npt.NDArray[Any]]] = [{} for _ in pictures]
    with np.load(answers) as arrays:
        for key, array in arrays.items():
            number, name = key.split(" ")
            found[int(number)][name] = array
    return found


def answer(questions: str, answers: str, find: Callable[[Picture], dict[str, npt.NDArray[Any]]]) -> None:
    """Write what is found in each picture, in the process that is asked."""
    with np.load(questions) as pictures:
        found = [find(pictures[f"arr_{number}"]) for number in range(len(pictures))]
    np.savez(answers, **{f"{number} {name}": one[name] for number, one in enumerate(found) for name in one})
