"""MIDI as sound: a piece is the same wherever it stands in a row."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest

from soundit_edge.music.synth.fluidsynth import FONTS
from tools.music.midi_sound import MidiSound


def one_note(pitch: int, seconds: float) -> list[mido.Message]:
    return [mido.Message("note_on", note=pitch, velocity=90), mido.Message("note_off", note=pitch, time=seconds)]


def test_what_was_played_before_changes_nothing() -> None:
    font = next((Path(font) for font in FONTS if Path(font).exists()), None)
    if font is None:
        pytest.skip("no SoundFont is installed (packages.txt)")
    sound = MidiSound(font)
    first = sound.play(one_note(60, 0.3), 2.0)
    sound.play(one_note(67, 0.1337), 2.0)
    np.testing.assert_array_equal(sound.play(one_note(60, 0.3), 2.0), first)
