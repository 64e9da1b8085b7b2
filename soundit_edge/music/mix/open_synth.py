"""Opens what plays composed music: a synthesiser, and the bus that mixes its parts."""

from __future__ import annotations

from collections.abc import Collection

from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.synth.open_stems import open_stems
from soundit_edge.music.synth.synth import Synth


def open_synth(kind: str = "auto", *, ready: Collection[Instrument] = ()) -> Synth:
    """Return a synthesiser behind its mix; for the arguments and the errors see `open_stems`."""
    return MixBus(open_stems(kind, ready=ready))
