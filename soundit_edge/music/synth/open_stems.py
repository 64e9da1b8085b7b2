"""Chooses the synthesiser that plays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.synth.fluidsynth import FluidSynth
from soundit_edge.music.synth.synth import StemSynth, SynthError
from soundit_edge.music.synth.wavetable import Wavetable

KINDS: Final = ("auto", "fluid", "wavetable")


def open_stems(kind: str = "auto", *, ready: Collection[Instrument] = ()) -> StemSynth:
    """Return a synthesiser that plays each part by itself.

    Args:
        kind: "fluid"; "wavetable", our own; "auto": the first of them that is there.
        ready: instruments whose sounds it has ready, which takes FluidSynth two seconds or three for those of an
            ensemble. Live music needs that; what is rendered under no clock need not wait for what it may not use.

    Raises:
        SynthError: FluidSynth or a SoundFont was asked for and is not installed, or cannot be used.
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"a synthesiser is one of {', '.join(KINDS)}, not {kind!r}")
    if kind != "wavetable":
        try:
            return FluidSynth(ready=ready)
        except SynthError:
            if kind == "fluid":
                raise
    return Wavetable()
