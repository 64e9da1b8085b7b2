"""The pieces of `benches/ears.py`: composed as `soundit compose` does it, as sound and as notes."""

from __future__ import annotations

import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from benches.ears_mix import mix_figures
from benches.ears_notes import note_figures, read_notes
from benches.ears_truth import heard, truth
from soundit_edge.audio.decode import decode
from soundit_edge.audio.format import RATE
from soundit_edge.audio.wav import WavFile
from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.palettes import ensemble_of
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.render.composition import OfflineBrief, bars, render
from soundit_edge.music.render.midi import write_midi

PIECE_S: Final = 60.0
LONG_S: Final = 600.0
"""Of the notes whose form is looked at: a piece of 60 s has two or three sections."""
REAL_FROM_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece, and what was measured of it.

    Attributes:
        mood: the emotion's name; "" of a real track.
        name: of the seed, or of the track.
        ensemble: who plays.
        path: its sound.
        cpu_s: processor time that composing and rendering it took, without opening the synthesiser.
        mix: see `ears_mix.MixFigures`.
        notes: see `ears_notes.NoteFigures`; empty of a real track.
        truth, heard: tempo and key as they are, and as the product's analysis finds them (`ears_truth`); empty of a
            real track.
    """

    mood: str
    name: str
    ensemble: str
    path: str
    cpu_s: float
    mix: dict[str, float]
    notes: dict[str, float]
    truth: dict[str, Any] = field(default_factory=dict)
    heard: dict[str, Any] = field(default_factory=dict)


def composed(emotion: Emotion, seed: int, ensemble: Ensemble | None, folder: Path) -> Piece:
    """Compose a piece of `PIECE_S`, write it, and measure it."""
    chosen = ensemble or ensemble_of(seed)
    stem = folder / f"{emotion}-{seed}-{chosen}"
    wish = OfflineBrief(emotion)
    synth = open_synth()
    sink = WavFile(stem.with_suffix(".wav"))
    began = time.process_time()
    blocks = []
    for block in render(seed, wish, PIECE_S, synth, chosen):
        blocks.append(block)
        sink.write(block)
    cpu_s = time.process_time() - began
    sink.close()
    synth.close()
    notes = []
    for name, seconds in ((".mid", PIECE_S), (".long.mid", LONG_S)):
        write_midi(stem.with_suffix(name), bars(seed, OfflineBrief(emotion), seconds, chosen))
        notes.append(read_notes(stem.with_suffix(name)))
    samples = np.concatenate(blocks)
    return Piece(
        str(emotion),
        str(seed),
        str(chosen),
        str(stem.with_suffix(".wav")),
        cpu_s,
        asdict(mix_figures(samples)),
        asdict(note_figures(*notes)),
        truth(list(bars(seed, OfflineBrief(emotion), PIECE_S, chosen))),
        heard(samples),
    )


def real(track: Path, folder: Path) -> Piece:
    """Cut `PIECE_S` out of a real track, write it, and measure it."""
    out = folder / f"real-{track.stem}.wav"
    samples = decode(track)[round(REAL_FROM_S * RATE) : round((REAL_FROM_S + PIECE_S) * RATE)]
    soundfile.write(out, samples, RATE, subtype="PCM_24")
    return Piece("", track.stem, "", str(out), 0.0, asdict(mix_figures(samples)), {})


def composed_all(wanted: list[tuple[Emotion, int]], ensemble: Ensemble | None, folder: Path, jobs: int) -> list[Piece]:
    """Compose them all, `jobs` at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(jobs) as pool:
        tasks = [pool.submit(composed, emotion, seed, ensemble, folder) for emotion, seed in wanted]
        pieces = [task.result() for task in tasks]
    return pieces


def real_all(tracks: list[Path], folder: Path, count: int) -> list[Piece]:
    """Cut and measure the first `count` real tracks that are long enough; those of an earlier run are read again."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces: list[Piece] = []
    for track in tracks:
        if len(pieces) == count:
            break
        kept = folder / f"real-{track.stem}.json"
        if not kept.is_file():
            if soundfile.info(track).duration < REAL_FROM_S + PIECE_S:
                continue
            kept.write_text(json.dumps(asdict(real(track, folder))))
        values: dict[str, Any] = json.loads(kept.read_text())
        pieces.append(Piece(**values))
    return pieces
