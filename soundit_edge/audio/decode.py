"""Decoding of any sound file, by its content: its name and the length that it states are not trusted.

FFmpeg's libraries decode, and libsndfile the files that FFmpeg does not know. libsndfile comes first for Vorbis and
Opus of one or two channels in Ogg, because it alone cuts both ends to the sample, as the Ogg pages say. (Ogg files of
more channels are FFmpeg's: libsndfile does not say which channel is which.)
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.errors import SounditError
from soundit_edge.media.container import MediaError, open_container, reason
from soundit_edge.media.decoder import chunks_of, decoded, readable, usable
from soundit_edge.media.downmix import Channels, to_stereo
from soundit_edge.media.parts import FilePart, open_part, parts_of
from soundit_edge.media.streams import choose_streams
from soundit_edge.text import presentable

RATES: Final = (8_000, 192_000)
"""Lowest and highest sample rate of a file, in samples per second."""
MAX_CHANNELS: Final = 8
MAX_S: Final = 3_600.0
"""Seconds; a longer file would not fit into a small computer's memory. It stands in the commands' help, too."""
MAX_MISSED_S: Final = 0.5
"""Where libsndfile finds this much less or more than FFmpeg counts, it has trusted a wrong statement of the file."""

_KIND: Final = "a sound file"
_AT_ONCE: Final = 100  # decoded frames: some two seconds


class TrackError(SounditError):
    """A file is no music that can be played. The message names it."""


class NotASong(TrackError):
    """A file is whole, and still nothing that is played as a song: it is too long, or silent."""


@dataclass(frozen=True, slots=True)
class _Survey:
    """What FFmpeg finds in a file before anything is decoded.

    Attributes:
        seconds: length of all packets together; 0.0 where the packets do not say.
        cut_by_pages: whether libsndfile is to decode the file first.
    """

    seconds: float
    cut_by_pages: bool


def decode(path: Path) -> Stereo:
    """Return the sound of a file, float32 [n, 2], n >= 1, finite, at `RATE`.

    A truncated or damaged file gives what can still be decoded; a file that is made of several (a chained Ogg, joined
    MP3s) gives all of them. Samples that are NaN count as silence. More than two channels are mixed down (ITU-R
    BS.775), no louder than the loudest of them.

    Raises:
        TrackError: the file is missing or empty, holds no sound, or exceeds the limits above.
    """
    try:
        parts: list[FilePart | None] = [*parts_of(path)] if path.is_file() else []
        surveys = [(part, _survey(path, part)) for part in parts or [None]]
        _check_length(path, sum(survey.seconds for _, survey in surveys if survey))
        stretches = [stretch for part, survey in surveys for stretch in _stretches(path, part, survey)]
    except MediaError as error:
        raise TrackError(str(error)) from None
    except OSError as error:
        raise TrackError(f"{presentable(path)}: cannot be read ({reason(error)})") from error
    if not stretches:
        raise TrackError(f"{presentable(path)}: damaged, no sound in it can be decoded")
    return stretches[0] if len(stretches) == 1 else np.concatenate(stretches)


def resampled(samples: Stereo, rate: int) -> Stereo:
    """Return float32 [n, 2] of `rate` at `RATE`; at least one sample."""
    if rate == RATE:
        return samples
    import soxr

    # A very short sound may end inside the filter: silence behind it pushes it out.
    padded = np.concatenate([samples, np.zeros((rate // 100, CHANNELS), dtype=np.float32)])
    out: Stereo = soxr.resample(padded, rate, RATE, quality="VHQ")
    return out[: max(1, round(len(samples) * RATE / rate))]


def _survey(path: Path, part: FilePart | None) -> _Survey | None:
    """Look through a file without decoding it; None where FFmpeg does not know it."""
    try:
        with open_container(path, part=part, kind=_KIND) as container:
            stream = _sound_of(path, container)
            ticks = sum(packet.duration or 0 for packet in readable(container.demux(stream)))
            codec = stream.codec_context
            cut = container.format.name == "ogg" and codec.name in ("vorbis", "opus") and codec.channels <= CHANNELS
            return _Survey(float(ticks * stream.time_base), cut)
    except MediaError:
        return None


def _sound_of(path: Path, container: Any) -> Any:
    streams = choose_streams(container)
    if streams.sound is None:
        codecs = streams.undecodable("audio")
        why = f"its sound is coded as {codecs}, which cannot be decoded here" if codecs else "there is no sound in it"
        raise TrackError(f"{presentable(path)}: {why}")
    return streams.sound


def _stretches(path: Path, part: FilePart | None, survey: _Survey | None) -> Iterator[Stereo]:
    """Decode a file, one array for each stretch of constant sample rate."""
    if survey is None or survey.cut_by_pages:
        samples = _by_libsndfile(path, part, survey)
        if samples is not None:
            yield samples
            return
    rate, seconds = 0, 0.0
    chunks: list[Stereo] = []
    with open_container(path, part=part, kind=_KIND) as container:
        for chunk in chunks_of(decoded(container.demux(_sound_of(path, container))), _AT_ONCE):
            if chunk.rate != rate and chunks:
                yield resampled(np.concatenate(chunks), rate)
                chunks = []
            rate = chunk.rate
            _check_format(path, rate, len(chunk.names))
            # What its packets say of their length may be wrong.
            seconds += len(chunk.samples) / rate
            _check_length(path, seconds)
            chunks.append(chunk.stereo)
    if chunks:
        yield resampled(np.concatenate(chunks), rate)


def _by_libsndfile(path: Path, part: FilePart | None, survey: _Survey | None) -> Stereo | None:
    """Decode a file; None where libsndfile cannot read it, or finds another length in it than FFmpeg has counted."""
    import soundfile

    try:
        with soundfile.SoundFile(os.fsencode(path) if part is None else open_part(path, part)) as file:
            seconds = file.frames / max(1, file.samplerate)  # a damaged header gives no rate
            if survey is not None and abs(seconds - survey.seconds) > MAX_MISSED_S:
                return None
            _check_length(path, seconds)
            _check_format(path, file.samplerate, file.channels)
            channels: Channels = file.read(dtype="float32", always_2d=True)
            names = ("",) * file.channels
            samples = to_stereo(usable(channels), names)
            return resampled(samples, file.samplerate) if len(samples) else None
    except (soundfile.SoundFileError, TypeError):  # TypeError: "x.raw" counts as headerless samples of unknown rate
        return None


def _check_length(path: Path, seconds: float) -> None:
    if seconds > MAX_S:
        minutes = math.ceil(seconds / 60)
        raise NotASong(f"{presentable(path)}: {minutes} minutes long; a track has {MAX_S / 60:.0f} minutes at most")


def _check_format(path: Path, rate: int, channels: int) -> None:
    low, high = RATES
    if not low <= rate <= high:
        raise TrackError(f"{presentable(path)}: {rate} samples a second; it takes {low} to {high}")
    if not 1 <= channels <= MAX_CHANNELS:
        raise TrackError(f"{presentable(path)}: {channels} channels; it takes 1 to {MAX_CHANNELS}")
