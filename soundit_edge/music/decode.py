"""Any sound file as samples: soundfile reads what it can, PyAV (FFmpeg's libraries) the rest."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.music.format import CHANNELS, RATE, Stereo

log = logging.getLogger(__name__)

RATES: Final = (8_000, 192_000)
"""Samples a second that a file may have, from and to."""
MOST_CHANNELS: Final = 8
LONGEST_S: Final = 3_600.0
"""Seconds; a longer file would not fit into a small computer's memory."""
LOUDEST: Final = 8.0
"""Samples of a float file are clipped to this: +18 dB over full scale, beyond which they are no sound but damage."""
DAMAGED_PACKETS: Final = 25
"""After so many packets in a row that cannot be decoded, the file is given up."""

_SIDE: Final = 0.7071  # a channel in the middle or behind, 3 dB down on both sides (ITU-R BS.775)
_LEFT: Final = (1.0, 0.0)
_RIGHT: Final = (0.0, 1.0)
_MIDDLE: Final = (_SIDE, _SIDE)
_BEHIND: Final = ((_SIDE, 0.0), (0.0, _SIDE))
_BASS: Final = (0.0, 0.0)  # a low-frequency effect is left out, as everywhere
_DOWNMIX: Final[dict[int, tuple[tuple[float, float], ...]]] = {
    1: ((1.0, 1.0),),
    2: (_LEFT, _RIGHT),
    3: (_LEFT, _RIGHT, _MIDDLE),
    4: (_LEFT, _RIGHT, *_BEHIND),
    5: (_LEFT, _RIGHT, _MIDDLE, *_BEHIND),
    6: (_LEFT, _RIGHT, _MIDDLE, _BASS, *_BEHIND),
    7: (_LEFT, _RIGHT, _MIDDLE, _BASS, _MIDDLE, *_BEHIND),
    8: (_LEFT, _RIGHT, _MIDDLE, _BASS, *_BEHIND, *_BEHIND),
}
"""What each channel, in the order of WAVE and FFmpeg, adds to left and right."""

Channels = npt.NDArray[np.float32]


class TrackError(SounditError):
    """A file is no music that can be played. The message names it."""


def decode(path: Path) -> Stereo:
    """The sound of a file, float32 [n, 2], n >= 1, finite, at `RATE`.

    What a truncated or damaged file still holds is given. Samples that are no numbers count as silence. More than two
    channels are mixed down (ITU-R BS.775), and no louder than the loudest of them.

    Raises:
        TrackError: the file is missing or empty, holds no sound, or one out of the limits above.
    """
    if path.is_dir():
        raise TrackError(f"{path}: a folder, not a sound file")
    if not path.is_file():
        raise TrackError(f"{path}: no such file")
    if path.stat().st_size == 0:
        raise TrackError(f"{path}: the file is empty")
    try:
        channels, rate = _by_soundfile(path) or _by_av(path)
    except OSError as error:
        raise TrackError(f"{path}: cannot be read ({error.strerror or error})") from error
    if not len(channels):
        raise TrackError(f"{path}: damaged, there is no sound in it")
    if not np.isfinite(channels).all():
        log.warning("%s: holds samples that are no numbers; they are left silent", path)
        np.nan_to_num(channels, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    np.clip(channels, -LOUDEST, LOUDEST, out=channels)
    return resampled(mixed_down(channels), rate)


def mixed_down(channels: Channels) -> Stereo:
    """float32 [n, 1 to 8] as float32 [n, 2]."""
    if channels.shape[1] == CHANNELS:
        return np.ascontiguousarray(channels)
    weights = np.array(_DOWNMIX[channels.shape[1]], dtype=np.float32)
    return np.ascontiguousarray(channels @ (weights / weights.sum(axis=0)))


def resampled(samples: Stereo, rate: int) -> Stereo:
    """float32 [n, 2] of `rate` at `RATE`; at least one sample."""
    if rate == RATE:
        return samples
    import soxr

    # A very short sound may end inside the filter: with silence behind it, it comes out.
    padded = np.concatenate([samples, np.zeros((rate // 100, CHANNELS), dtype=np.float32)])
    out: Stereo = soxr.resample(padded, rate, RATE, quality="VHQ")
    return out[: max(1, round(len(samples) * RATE / rate))]


def _check(path: Path, rate: int, channels: int, seconds: float) -> None:
    low, high = RATES
    if not low <= rate <= high:
        raise TrackError(f"{path}: {rate} samples a second; it takes {low} to {high}")
    if not 1 <= channels <= MOST_CHANNELS:
        raise TrackError(f"{path}: {channels} channels; it takes 1 to {MOST_CHANNELS}")
    if seconds > LONGEST_S:
        raise TrackError(f"{path}: {seconds / 60:.0f} minutes long; it takes {LONGEST_S / 60:.0f} at most")


def _by_soundfile(path: Path) -> tuple[Channels, int] | None:
    """Samples [n, channels] and their rate; None where libsndfile cannot read the file, or not to its end."""
    import soundfile

    try:
        with soundfile.SoundFile(os.fsencode(path)) as file:
            # A damaged header gives no rate, and the length of a stream may be unknown.
            if not file.frames or not file.samplerate:
                return None
            _check(path, file.samplerate, file.channels, min(file.frames / file.samplerate, 1e9))
            if file.format == "MP3" and not _states_length(path):
                return None
            channels: Channels = file.read(dtype="float32", always_2d=True)
            if len(channels) < file.frames:
                log.warning("%s: truncated, it holds %d of %d samples", path, len(channels), file.frames)
            return channels, file.samplerate
    except (soundfile.SoundFileError, TypeError):  # it takes "x.raw" for headerless samples, and asks for their rate
        return None


def _states_length(path: Path) -> bool:
    """Whether the first frame of an MP3 file says how many there are; else libsndfile takes a guess for the truth."""
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3":  # tags come first; their size is in seven bits a byte
            file.seek(10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=False)))
        else:
            file.seek(0)
        frame = file.read(256)
    return b"Xing" in frame or b"Info" in frame


def _by_av(path: Path) -> tuple[Channels, int]:
    """Samples [n, channels] and their rate.

    Raises:
        TrackError: FFmpeg's libraries find no sound in the file either.
    """
    import av

    try:
        # By an absolute path, or FFmpeg takes "12:30.mp3" for a protocol; and a playlist must not lead elsewhere.
        options = {"protocol_whitelist": "file"}
        with av.open(str(path.absolute()), options=options, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise TrackError(f"{path}: there is no sound in this file")
            return _decoded(path, container)
    except (av.error.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrackError(f"{path}: not a sound file ({reason})") from None


def _decoded(path: Path, container: Any) -> tuple[Channels, int]:
    import av

    stream = container.streams.audio[0]
    pieces: list[Channels] = []
    rate = count = failed = 0
    resampler: Any = None
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
            failed = 0
        except av.error.FFmpegError:
            failed += 1
            if failed > DAMAGED_PACKETS:
                break
            continue
        for frame in frames:
            if resampler is None:
                rate = frame.sample_rate
                _check(path, rate, len(frame.layout.channels), 0.0)
                resampler = av.AudioResampler("fltp", frame.layout, rate)
            for piece in resampler.resample(frame):
                pieces.append(piece.to_ndarray())
                count += piece.samples
                _check(path, rate, 1, count / rate)
    if not pieces:
        raise TrackError(f"{path}: damaged, no sound in it can be decoded")
    return np.ascontiguousarray(np.concatenate(pieces, axis=1).T, dtype=np.float32), rate
