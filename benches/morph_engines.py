"""The engines that are compared: ours, and what else one could use. Each makes of 48 kHz stereo the same again."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.morph.stretch.loop import Loop
from soundit_edge.music.morph.stretch.resampler import Resampler
from soundit_edge.music.morph.stretch.stretch import LONG, Stretch

Change = tuple[float, float]
"""A tempo ratio and a transposition in semitones."""
SEED_CHUNK: Final = 1024


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine.

    Attributes:
        name: what the table calls it.
        morph: the samples at a tempo and in a key, and the seconds of processor time that took.
        steps: the samples under changes that follow one another after so many samples each; None if it cannot.
    """

    name: str
    morph: Callable[[Stereo, float, float], tuple[Stereo, float]]
    steps: Callable[[Stereo, list[Change], int], Stereo] | None


def ours(samples: Stereo, tempo: float, semitones: float) -> tuple[Stereo, float]:
    """The stretch and pitch stages of our engine, the rest off; the onsets were found before the clock starts."""
    onsets = find_onsets(samples)
    began = time.thread_time()
    out = _ours(samples, onsets, [(tempo, semitones)], round(len(samples) / tempo))
    return out, time.thread_time() - began


def ours_steps(samples: Stereo, changes: list[Change], each: int) -> Stereo:
    return _ours(samples, find_onsets(samples), changes, each)


def _ours(
    samples: Stereo, onsets: np.ndarray[tuple[int, ...], np.dtype[np.int64]], changes: list[Change], each: int
) -> Stereo:
    stretch, resampler = Stretch(Loop(samples, LONG), onsets), Resampler()
    out = []
    for tempo, semitones in changes:
        up = 2.0 ** (semitones / 12)
        left = each
        while left:
            while not resampler.waiting:
                resampler.feed(stretch.hop(tempo / up).samples, up)
            out.append(resampler.take(min(left, resampler.waiting)))
            left -= len(out[-1])
    return np.concatenate(out)


def seed(samples: Stereo, tempo: float, semitones: float) -> tuple[Stereo, float]:
    """The reference project's method, written anew from its description: each chunk on its own through soxr."""
    began = time.thread_time()
    out = seed_steps(samples, [(tempo, semitones)], len(samples))
    return out, time.thread_time() - began


def seed_steps(samples: Stereo, changes: list[Change], each: int) -> Stereo:
    mono = samples.mean(axis=1)
    out = []
    for k in range(0, min(len(mono) - SEED_CHUNK, each * len(changes)), SEED_CHUNK):
        tempo, semitones = changes[k // each]
        chunk = soxr.resample(mono[k : k + SEED_CHUNK], RATE, RATE * 2.0 ** (semitones / 12))
        chunk = soxr.resample(chunk, RATE, RATE / tempo)
        out.append(np.resize(chunk, SEED_CHUNK))
    return np.repeat(np.concatenate(out)[:, np.newaxis], 2, axis=1).astype(np.float32)


def _command(*words: str) -> Callable[[Stereo, float, float], tuple[Stereo, float]]:
    """A command line tool; {in}, {out}, {time} (how much longer), {percent} (how much faster) and {semitones} are
    filled in. Its processor time is all of it, reading and writing the file included."""

    def morph(samples: Stereo, tempo: float, semitones: float) -> tuple[Stereo, float]:
        with tempfile.TemporaryDirectory() as folder:
            source, result = Path(folder, "in.wav"), Path(folder, "out.wav")
            soundfile.write(source, samples, RATE, subtype="PCM_24")
            values = {
                "in": str(source),
                "out": str(result),
                "time": f"{1 / tempo:.9f}",
                "percent": f"{100 * (tempo - 1):.6f}",
                "semitones": f"{semitones:g}",
            }
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([word.format(**values) for word in words], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            out, _ = soundfile.read(result, dtype="float32", always_2d=True)
        return out, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return morph


def engines() -> list[Engine]:
    """Ours, the reference project's, and those of the others that are installed."""
    found = [Engine("ours", ours, ours_steps)]
    if shutil.which("rubberband"):
        rubberband = _command("rubberband", "-q", "-3", "-t", "{time}", "-p", "{semitones}", "{in}", "{out}")
        found.append(Engine(f"Rubber Band R3 {_version('rubberband', '--version')}", rubberband, None))
    if shutil.which("soundstretch"):
        soundstretch = _command("soundstretch", "{in}", "{out}", "-tempo={percent}", "-pitch={semitones}")
        found.append(Engine(f"SoundTouch {_version('soundstretch')}", soundstretch, None))
    found.append(Engine("the seed's soxr chunks", seed, seed_steps))
    return found


def _version(*command: str) -> str:
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    number = re.search(r"\d+\.\d+(\.\d+)?", told.stdout + told.stderr)
    return number.group() if number else ""
