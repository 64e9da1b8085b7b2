"""What `soundit morph` does: the morph engine on a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from soundit_edge import console
from soundit_edge.audio.format import RATE
from soundit_edge.audio.wav import WavFile
from soundit_edge.console import progress_bar
from soundit_edge.emotion import Emotion, emotion_named
from soundit_edge.errors import SounditError
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.load import load
from soundit_edge.music.render.automation import Automation, read_journey
from soundit_edge.music.render.track import RenderedBlock, Shift, render_journey, render_mood, render_shift
from soundit_edge.music.track import Track
from soundit_edge.text import presentable


class MorphError(SounditError):
    """The options of the command do not go together."""


def morph_file(
    source: Path,
    out: Path,
    tempo: float | None = None,
    semitones: float | None = None,
    mood: str | None = None,
    journey: Path | None = None,
) -> None:
    """Play a sound file once into a 24-bit WAV file, with a progress bar on stderr where that is a terminal.

    Args:
        source: the sound file.
        out: the WAV file. It appears when it is whole; until then, and if anything fails, what was there stays.
        tempo: ratio, 2 is twice as fast; None: as the mood has it, or 1.
        semitones: transposition; None: as the mood has it, or 0.
        mood: name of an emotion that the director shall make of it; None: tempo and transposition alone.
        journey: a CSV file in place of all three.

    Raises:
        SounditError: a file cannot be read, understood or written, or the options make no sense.
    """
    # The ranges are the engine's own.
    MusicTarget(tempo=1.0 if tempo is None else tempo, semitones=semitones or 0.0)
    if journey is not None and not (tempo is None and semitones is None and mood is None):
        raise MorphError("--journey takes the place of --tempo, --semitones and --mood: its columns say the same")
    emotion = None if mood is None else emotion_named(mood, "--mood: ")
    if out.suffix.lower() != ".wav":
        raise MorphError(f"{out}: the output is a WAV file, so its name has to end in .wav")
    for taken in filter(None, (source, journey)):
        if out.exists() and taken.exists() and os.path.samefile(out, taken):
            raise MorphError(f"{out}: this is the input, which is never overwritten; give another name after -o")
    way = None if journey is None else read_journey(journey)
    track = load(source).track
    sink = WavFile(out)
    try:
        with progress_bar() as progress:
            bar = progress.add_task(source.name, total=1.0)
            for piece in _pieces(track, tempo, semitones, emotion, way):
                sink.write(piece.samples)
                progress.update(bar, completed=piece.done)
        sink.close()
    finally:
        sink.discard()
    console.result(f"{presentable(out)}: {sink.written / RATE:.2f} s")


def _pieces(
    track: Track, tempo: float | None, semitones: float | None, mood: Emotion | None, journey: Automation | None
) -> Iterator[RenderedBlock]:
    if journey is not None:
        return render_journey(track, journey)
    if mood is not None:
        return render_mood(track, mood, tempo, semitones)
    shift = Shift(1.0 if tempo is None else tempo, semitones or 0.0)
    return render_shift(track, lambda t: shift)
