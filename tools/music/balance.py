"""How loud each mood's music comes to the mix's leveller, ensemble by ensemble, and what would bring it to the middle.

What soundit_edge/music/mix/balance.py holds was found with this: its levels less what the last column says.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, decibels
from soundit_edge.audio.loudness import loudness
from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.compose.sequencer import Sequencer
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.mix.leveller import MIDDLE_DB
from soundit_edge.music.synth.open_stems import open_stems
from tools.command import command, tool_parser

_GATE_DB = -12.0  # below the mean, a moment counts as a rest


def found(emotion: Emotion, ensemble: Ensemble, seed: int, seconds: float) -> tuple[float, float]:
    """Return the level in dB that comes to the leveller, rests apart, and the LUFS of what leaves the bus."""
    stems = open_stems()
    bus = MixBus(stems)
    playing = Sequencer(Composer(seed, ensemble), bus, lambda t: BarRequest(sure_brief(emotion)))
    powers, blocks = [], []
    for _ in range(round(seconds * RATE / BLOCK)):
        blocks.append(playing.render(BLOCK))
        powers.append(bus.power)
    stems.close()
    power = np.array(powers)
    loud = power[power > power.mean() * 10 ** (_GATE_DB / 10)]
    return decibels(float(np.sqrt(loud.mean()))), loudness(np.concatenate(blocks))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.music.balance", __doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=60.0, help="of each (default: 60)")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    options = parser.parse_args(arguments)
    for emotion in Emotion:
        for ensemble in Ensemble:
            level, lufs = found(emotion, ensemble, options.seed, options.seconds)
            print(f"{emotion:10} {ensemble:10} {level:6.1f} dB {lufs:6.1f} LUFS {level - MIDDLE_DB:+5.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
