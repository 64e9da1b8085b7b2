"""A film written into another container with silence for its sound, and streams to be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from soundit_edge.audio.format import RATE
from soundit_edge.film.container.carried import carried
from soundit_edge.film.container.encode import code
from soundit_edge.film.container.mux import write_film
from soundit_edge.film.container.probe import examine

FPS = 25


def rewritten(source: Path, suffix: str, seconds: float = 1.0) -> tuple[Path, list[str]]:
    """Return the film in another container, and what was lost on the way, in words."""
    work = source.with_name(f"{source.name}.work")
    work.mkdir(exist_ok=True)
    out = work / f"out{suffix}"
    silence = np.zeros((round(seconds * RATE), 2), np.float32)
    plan = carried(source, suffix)
    lost = write_film(examine(source), plan, out, code([silence], work / "sound"), seconds, lambda t: None)
    return out, [*plan.lost, *lost]


def pictures(
    path: Path,
    codec: str = "libx264",
    *,
    seconds: float = 1.0,
    tag: str | None = None,
    size: tuple[int, int] = (64, 64),
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    extra: Callable[[Any, Any], Sequence[Any]] = lambda out, video: (),
    **settings: Any,
) -> Path:
    """Write a film of noise without sound.

    Args:
        path: the file, its container by its suffix.
        codec: FFmpeg's name of the coder.
        seconds: how long it is.
        tag: the codec's four characters.
        size: width and height.
        pix_fmt: FFmpeg's name of the form of its points.
        options: of the coder.
        extra: is called with the container and the picture's stream before any packet is written; returns packets of
            streams that it has added.
        settings: what is set of the picture's codec context.
    """
    silent = {"x265-params": "log-level=none:pools=1"} if codec == "libx265" else {}
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream(codec, rate=FPS, options={**silent, **(options or {})})
        video.width, video.height = size
        video.pix_fmt = pix_fmt
        for name, value in settings.items():
            setattr(video.codec_context, name, value)
        if tag is not None:
            video.codec_context.codec_tag = tag
        packets = list(extra(out, video))
        for i in range(round(seconds * FPS)):
            image = np.random.default_rng(i).integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, FPS)
            packets += video.encode(frame)
        packets += video.encode()
        packets.sort(key=lambda packet: float((packet.dts or 0) * packet.time_base))
        for packet in packets:
            out.mux(packet)
    return path


def remuxed(source: Path, path: Path, tag: str | None = None, **settings: Any) -> Path:
    """Copy the picture of a film into another container, where some of its codec parameters may be others."""
    with av.open(str(source)) as film, av.open(str(path), "w") as out:
        video = film.streams.video[0]
        new: Any = out.add_stream_from_template(video, opaque=True)
        for name, value in settings.items():
            setattr(new.codec_context, name, value)
        if tag is not None:
            new.codec_context.codec_tag = tag
        for packet in film.demux(video):
            if packet.size:
                packet.stream = new
                out.mux(packet)
    return path


def tag(path: Path) -> str:
    """Return the four characters by which a file names its picture's codec."""
    with av.open(str(path)) as film:
        return film.streams.video[0].codec_context.codec_tag


def frames(path: Path) -> list[Any]:
    """Decode all frames of a film."""
    with av.open(str(path)) as film:
        return list(film.decode(video=0))
