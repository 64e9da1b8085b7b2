"""Decodes a still picture, also one that its file stores in tiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.frame_converter import MAX_SIDE, upright
from soundit_edge.media.heif import Grid, grid_of
from soundit_edge.media.packets import all_packets

Image = npt.NDArray[np.uint8]


def still_picture(path: Path, container: Any, stream: Any) -> Image:
    """Return the picture of a file, uint8 [height, width, 3].

    Args:
        path: the file.
        container: the opened file (PyAV).
        stream: its video stream.

    Raises:
        av.error.FFmpegError, StopIteration, ValueError: the picture is damaged.
    """
    if (grid := grid_of(path)) is not None:
        return _assembled(container, grid)
    # Without this option a truncated JPEG is decoded with its lower half grey.
    if stream.codec_context.name == "mjpeg":
        stream.codec_context.options = {"err_detect": "explode"}
    return upright(next(container.decode(stream)))


def _assembled(container: Any, grid: Grid) -> Image:
    tiles = {stream.id: stream for stream in container.streams.video}
    missing = [number for number in grid.tiles if number not in tiles or tiles[number].codec_context is None]
    if missing:
        raise ValueError(f"{len(missing)} of its {len(grid.tiles)} tiles cannot be decoded")
    images: dict[int, Image] = {}
    for packet in all_packets(container, *(tiles[number] for number in set(grid.tiles))):
        for frame in packet.decode():
            images[packet.stream.id] = frame.to_ndarray(format="rgb24")
    rows = [grid.tiles[k : k + grid.columns] for k in range(0, len(grid.tiles), grid.columns)]
    try:
        whole = np.vstack([np.hstack([images[number] for number in row]) for row in rows])[: grid.height, : grid.width]
    except KeyError as error:
        raise ValueError(f"its tile {error} is missing") from None
    scale = min(1.0, MAX_SIDE / max(whole.shape[:2]))
    if scale < 1.0:
        size = max(1, round(whole.shape[1] * scale)), max(1, round(whole.shape[0] * scale))
        whole = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.ascontiguousarray(np.rot90(whole, grid.turns))
