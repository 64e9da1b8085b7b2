"""How loud each instrument of the SoundFont comes out of this machine's FluidSynth, trims and all.

What soundit_edge/music/synth/soundfont_levels.py holds was found with this: on two versions of FluidSynth, without its
later trims, the difference between the two columns of a line.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.general_midi import KITS, Instrument
from soundit_edge.music.score import Part
from soundit_edge.music.synth.fluidsynth import FluidSynth
from soundit_edge.music.synth.synth import NoteEvent
from tools.command import command, tool_parser

KEYS, DRUMS = (48, 55, 60, 67), (36, 38, 42, 46)
BEAT, REST = RATE // 2, 2 * RATE


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    tool_parser("tools.music.instruments", __doc__).parse_args(arguments)
    synth, now = FluidSynth(), 0
    for instrument in Instrument:
        kit = instrument in KITS
        voice, keys = (Part.DRUMS, DRUMS) if kit else (Part.LEAD, KEYS)
        for place, key in enumerate(keys):
            synth.note_on(NoteEvent(now + place * BEAT, BEAT, voice, instrument, key, 0.8))
        blocks = [synth.render_parts().sum(axis=0).T for _ in range((len(keys) * BEAT + REST) // BLOCK)]
        now += BLOCK * len(blocks)
        heard = np.concatenate(blocks)[: len(keys) * BEAT]
        print(f"{instrument.name.lower():18} {10 * np.log10(np.square(heard).mean() + 1e-12):6.1f} dB")
    synth.close()


if __name__ == "__main__":
    sys.exit(main())
