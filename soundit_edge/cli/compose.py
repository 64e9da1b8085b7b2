"""What `soundit compose` does: music for a mood, or for a journey through moods, as a file."""

from __future__ import annotations

import os
from pathlib import Path

from soundit_edge import console
from soundit_edge.audio.format import RATE
from soundit_edge.audio.wav import WavFile
from soundit_edge.console import progress_bar
from soundit_edge.emotion import Emotion, emotion_named
from soundit_edge.errors import SounditError
from soundit_edge.music.ensemble import AUTO, Ensemble, ensemble_named
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.render.automation import read_journey
from soundit_edge.music.render.composition import OfflineBrief, bars, render
from soundit_edge.music.render.midi import write_midi
from soundit_edge.text import presentable


class ComposeError(SounditError):
    """The options of the command make no sense."""


def compose_file(
    out: Path, mood: str | None, journey: Path | None, minutes: float, seed: int, palette: str = AUTO
) -> None:
    """Compose a piece and write it, with a progress bar on stderr where that is a terminal.

    Args:
        out: a WAV file (24 bit), or a MIDI file (the notes). It appears when it is whole; until then, and if anything
            fails, what was there stays.
        mood: name of an emotion; None: as the journey has it, or neutral.
        journey: a CSV file of moods over time.
        minutes: how long.
        seed: another number is another piece.
        palette: name of an ensemble, or of leaving it to the seed.

    Raises:
        SounditError: a file cannot be read, understood or written, or the options make no sense.
    """
    if journey is not None and mood is not None:
        raise ComposeError("--journey takes the place of --mood: its column mood says the same")
    emotion = Emotion.NEUTRAL if mood is None else emotion_named(mood, "--mood: ")
    kind = out.suffix.lower()
    if kind not in (".wav", ".mid"):
        raise ComposeError(f"{out}: the output is sound or notes, so its name has to end in .wav or .mid")
    if journey is not None and out.exists() and journey.exists() and os.path.samefile(out, journey):
        raise ComposeError(f"{out}: this is the journey, which is never overwritten; give another name after -o")
    try:
        ensemble = ensemble_named(palette)
    except ValueError:
        raise ComposeError(f"--palette takes {', '.join((AUTO, *Ensemble))}, not {palette}") from None
    way = None if journey is None else read_journey(journey)
    if way is not None and not way.has_moods:
        raise ComposeError(f"{journey}: there is no mood in it; it needs a column mood, or valence and arousal")
    brief = OfflineBrief(emotion, way)
    seconds = minutes * 60.0
    if kind == ".mid":
        console.result(f"{presentable(out)}: {write_midi(out, bars(seed, brief, seconds, ensemble)):.2f} s of notes")
        return
    synth = None
    sink = WavFile(out)
    try:
        with progress_bar() as progress:
            bar = progress.add_task(out.name, total=seconds * RATE)
            synth = open_synth()
            for block in render(seed, brief, seconds, synth, ensemble):
                sink.write(block)
                progress.update(bar, completed=sink.written)
        sink.close()
    finally:
        sink.discard()
        if synth is not None:
            synth.close()
    console.result(f"{presentable(out)}: {sink.written / RATE:.2f} s, played by {synth.name}")
