"""What `soundit bench` prints: how fast this computer is, as a table and as JSON."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import Final

from soundit_edge import console
from soundit_edge.bench.chain import measure_chain
from soundit_edge.bench.latency import measure_latency, model_files
from soundit_edge.bench.reaction import Reaction, reactions
from soundit_edge.bench.report import (
    AudioFigures,
    BenchFigures,
    ChainFigures,
    ModelFigures,
    as_json,
    reaction_figures,
    references,
    table,
)
from soundit_edge.inference.tuning.trial import thread_counts
from soundit_edge.music.player.player import Player


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Attributes:
        call_s: seconds for each model and each number of threads.
        chain_s: seconds for all senses together.
        repeats: reactions.
        all_threads: whether every number of threads is tried.
    """

    call_s: float
    chain_s: float
    repeats: int
    all_threads: bool


QUICK: Final = Effort(call_s=0.2, chain_s=10.0, repeats=4, all_threads=False)
WHOLE: Final = Effort(call_s=1.0, chain_s=30.0, repeats=20, all_threads=True)


def run_bench(*, quick: bool, with_json: bool) -> None:
    """Measure this computer, and print what was found.

    Args:
        quick: less of everything, one thread: within a minute.
        with_json: print the figures as JSON, too, in the last line.

    Raises:
        InferenceError: a model is missing or damaged.
        PlayerError: the audio process does not start.
    """
    files = model_files()
    effort = QUICK if quick else WHOLE
    threads = thread_counts(len(os.sched_getaffinity(0))) if effort.all_threads else [1]
    latencies: dict[str, dict[int, ModelFigures]] = {}
    with console.progress_bar() as progress:
        bar = progress.add_task("measuring", total=len(files) * len(threads) + 1 + effort.repeats)
        for name, path in files.items():
            latencies[name] = {}
            for count in threads:
                found = measure_latency(path, count, effort.call_s)
                latencies[name][count] = ModelFigures(p50_ms=found.p50_ms, p95_ms=found.p95_ms)
                progress.advance(bar)
        player = Player("off")
        player.start()
        try:
            player.ready()
            chain = measure_chain(player, effort.chain_s)
            progress.advance(bar)
            found_reactions: list[Reaction] = []
            for reaction in reactions(player, effort.repeats):
                found_reactions.append(reaction)
                progress.advance(bar)
        finally:
            player.stop()
    figures = BenchFigures(
        models={name: by_threads[1] for name, by_threads in latencies.items()},
        chain=ChainFigures(
            cpu_cores=chain.cpu_cores, readings_per_s=sum(chain.readings_per_s.values()), rss_mb=chain.rss_mb
        ),
        reaction_ms=reaction_figures([reaction.sound_s for reaction in found_reactions]),
        reaction_target_ms=reaction_figures([reaction.target_s for reaction in found_reactions]),
        audio=AudioFigures(blocks=chain.blocks, late=chain.late, underruns=chain.underruns),
    )
    console.result(f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}")
    for line in table(figures, references()):
        console.result(line)
    rates = ", ".join(f"{name} {rate:.1f}" for name, rate in chain.readings_per_s.items())
    console.result(f"readings a second: {rates}")
    for name, by_threads in latencies.items() if len(threads) > 1 else ():
        times = ", ".join(f"{count}: {found.p50_ms:.2f}" for count, found in by_threads.items())
        console.result(f"{name}, ms a call by threads: {times}")
    if with_json:
        console.json_result(as_json(figures))
