"""Distorted views of all clips as pictures, kept on disk: made once, learnt from by every run.

A view is one training window of every clip, float16 [clips, frames, bands], in a file of its own; the same clips and
the same number of a view give the same file. What the device would hear of the clips, undistorted and at its three
speeds, is kept beside them for scoring.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from soundit_edge.senses.voice.log_mel import BANDS, FRAMES, log_mel
from soundit_edge.senses.voice.sense import SPEEDS, versions
from tools.train.voice.data import Clip, windows
from tools.train.voice.distort import Distorter

Pictures = npt.NDArray[np.float16]

RECIPE: Final = 1
"""Of the views: to be counted up where the distortions change, so that old views are not learnt from."""
COUNT: Final = 8


def folder_of(clips: Sequence[Clip], cache: Path) -> Path:
    """Return where the views of these clips are."""
    content = hashlib.sha256(b"".join(clip.speech.tobytes() for clip in clips)).hexdigest()[:12]
    return cache / f"voice_views{RECIPE}_{content}"


def make_view(clips: Sequence[Clip], number: int, cache: Path) -> Path:
    """Make one view, where it is not there yet, and return its file."""
    path = folder_of(clips, cache) / f"view{number}.npy"
    if not path.is_file():
        distorter = Distorter(np.random.default_rng([RECIPE, number]))
        pictures = np.empty((len(clips), FRAMES, BANDS), np.float16)
        for i, clip in enumerate(tqdm(clips, desc=path.stem, mininterval=10)):
            pictures[i] = distorter.unmasked(clip.speech)
        _write(path, pictures)
    return path


def views(clips: Sequence[Clip], cache: Path, count: int = COUNT) -> list[Pictures]:
    """Return views of clips, made where they are not there yet: `count` times [clips, frames, bands]."""
    return [np.load(make_view(clips, number, cache), mmap_mode="r") for number in range(count)]


def heard(clips: Sequence[Clip], cache: Path) -> tuple[Pictures, npt.NDArray[np.int64]]:
    """Return what the device hears of clips: pictures [n, frames, bands], and of which clip at which speed each is.

    The second array is int64 [n, 2]: the clip's place in `clips`, and that of the speed, 0 being the speaker's own.
    """
    path, of_path = (folder_of(clips, cache) / name for name in ("heard.npy", "heard_of.npy"))
    if not (path.is_file() and of_path.is_file()):
        pictures, of = [], []
        for i, clip in enumerate(tqdm(clips, desc="heard", mininterval=10)):
            for speed, version in enumerate(versions(clip.speech, SPEEDS)):
                for window in windows(version):
                    pictures.append(log_mel(window).astype(np.float16))
                    of.append((i, speed))
        _write(path, np.stack(pictures))
        _write(of_path, np.array(of, dtype=np.int64))
    return np.load(path, mmap_mode="r"), np.load(of_path)


def _write(path: Path, array: npt.NDArray[np.generic]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, array)
    os.replace(partial, path)
