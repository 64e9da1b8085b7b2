"""Chooses the synthesiser that plays."""

from __future__ import annotations

from typing import Final

from soundit_edge.music.synth.fluidsynth import FluidSynth
from soundit_edge.music.synth.synth import Synth, SynthError
from soundit_edge.music.synth.wavetable import Wavetable

KINDS: Final = ("auto", "fluid", "wavetable")


def open_synth(kind: str = "auto", *, eager: bool = True) -> Synth:
    """Return a synthesiser.

    Args:
        kind: "fluid"; "wavetable", our own; "auto": the first of them that is there.
        eager: whether it has all its sounds ready, which takes FluidSynth two seconds or three. Live music needs that;
            what is rendered under no clock need not wait for sounds that it may not use.

    Raises:
        SynthError: FluidSynth or a SoundFont was asked for and is not installed, or cannot be used.
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"a synthesiser is one of {', '.join(KINDS)}, not {kind!r}")
    if kind != "wavetable":
        try:
            return FluidSynth(eager=eager)
        except SynthError:
            if kind == "fluid":
                raise
    return Wavetable()
