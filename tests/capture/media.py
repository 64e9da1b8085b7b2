"""Media files made for a test: films, sounds and pictures with known content."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

Picture = Callable[[float], npt.NDArray[np.uint8]]


def tone(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.3) -> npt.NDArray[np.float32]:
    phase = 2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate
    return np.asarray(level * np.sin(phase), np.float32)


def moving_bar(size: tuple[int, int]) -> Picture:
    """A white bar that moves over noise, so that every frame costs some bytes."""
    width, height = size
    noise = np.random.default_rng(0).integers(0, 255, (height // 2, width, 3)).astype(np.uint8)

    def picture(t: float) -> npt.NDArray[np.uint8]:
        rgb = np.zeros((height, width, 3), np.uint8)
        rgb[height // 2 : 2 * (height // 2)] = np.roll(noise, round(100 * t), axis=1)
        rgb[:, round(60 * t) % width] = 255
        return rgb

    return picture


def film(
    path: Path,
    *,
    seconds: float = 2.0,
    fps: Fraction = Fraction(25),
    size: tuple[int, int] = (160, 120),
    picture: Picture | None = None,
    sound: npt.NDArray[np.float32] | None = None,
    rate: int = 48_000,
    codecs: tuple[str, str] = ("mpeg4", "aac"),
) -> Path:
    """Write a film whose frame `i` shows `picture(i / fps)`, with a mono sound track if there is one."""
    picture = picture or moving_bar(size)
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codecs[0], rate=fps)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        audio: Any = container.add_stream(codecs[1], rate=rate, layout="mono") if sound is not None else None
        for i in range(round(seconds * fps)):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture(float(i / fps)), format="rgb24")))
        container.mux(video.encode())
        if audio is not None and sound is not None:
            for start in range(0, len(sound), 1024):
                block = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], format="fltp", layout="mono")
                block.sample_rate, block.pts = rate, start
                container.mux(audio.encode(block))
            container.mux(audio.encode())
    return path


def still(path: Path, size: tuple[int, int] = (320, 240)) -> Path:
    """A picture of noise, by the suffix of its name."""
    noise = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
    assert cv2.imwrite(str(path), noise)
    return path
