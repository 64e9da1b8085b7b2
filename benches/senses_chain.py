"""All senses on a film, each at its own rate, and the processor time of each call."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benches.senses_film import Film
from soundit_edge.emotion import Reading
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.perception.offline import OfflinePerception
from soundit_edge.senses.registry import AuditorySense, SenseSet, assemble
from soundit_edge.senses.sense import Sense
from soundit_edge.settings import SensesSettings


class Timed:
    """A sense, and the processor time of each of its calls."""

    def __init__(self, sense: Sense[Any]) -> None:
        """Time a sense."""
        self.name = sense.name
        self.period = sense.period
        self.seconds: list[float] = []
        self.readings = 0
        self._sense = sense

    def read(self, perceived: Any) -> Reading | None:
        """Return the sense's reading; see `Sense.read`."""
        begin = time.process_time()
        reading = self._sense.read(perceived)
        self.seconds.append(time.process_time() - begin)
        self.readings += reading is not None
        return reading


def chain(clips: Sequence[Path]) -> dict[str, Any]:
    """Run all senses on the film of some clips; to be called in a fresh process."""
    bare = psutil.Process().memory_info().rss
    whole = assemble(SensesSettings(), ModelSet(default_folder()))
    seeing = [Timed(sense) for sense in whole.visual]
    hearing = [(Timed(h.sense), h.window) for h in whole.auditory]
    reader = OfflinePerception(
        SenseSet(tuple(seeing), tuple(AuditorySense(sense, window) for sense, window in hearing))
    )
    for _ in reader.moods(Film(clips)):
        pass
    senses = [*seeing, *(sense for sense, _ in hearing)]
    return {
        "film_s": reader.end,
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "bare_mb": bare / 1e6,
        "senses": {
            sense.name: {
                "asked_per_s": len(sense.seconds) / reader.end,
                "readings_per_s": sense.readings / reader.end,
                "median_ms": 1000 * float(np.median(sense.seconds)) if sense.seconds else 0.0,
                "p95_ms": 1000 * float(np.percentile(sense.seconds, 95)) if sense.seconds else 0.0,
                "core_share": sum(sense.seconds) / reader.end,
            }
            for sense in senses
        },
        "core_share": sum(sum(sense.seconds) for sense in senses) / reader.end,
    }
