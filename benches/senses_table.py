"""The figures of `senses.py` for people, beside what was asked for."""

from __future__ import annotations

from typing import Any, Final

from benches.senses_before import rows
from benches.senses_peers import ratios

CORE_LIMIT: Final = 1.0
RESIDENT_LIMIT_MB: Final = 350
OVER_A: Final = 10.0
OVER_B: Final = 2.0
TITLES: Final = {
    "ours": "ours, all five senses",
    "face": "ours, faces alone",
    "a": "a: Holistic, VGG16's convolutions at 224x224",
    "a_small": "a with crops of 48x48",
    "b": "b: Haar cascade, mini-Xception",
}


def table(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = ["# What the senses cost", "", "`make bench-senses`. One thread everywhere.", ""]
    for part, write in PARTS.items():
        if part in result:
            found = result[part]
            where = f"On {found['machine']}, {found['date']}, load at the start {found['load']:.1f}."
            title, *rest = write(found)
            lines += [title, "", where, *rest, ""]
    return "\n".join(lines)


def _chain(whole: dict[str, Any]) -> list[str]:
    return [
        f"## All senses on a film of 640x480 with one face, {whole['film_s']:.0f} s",
        "",
        "| sense | frames or windows a second | readings a second | ms each, median | 95 % | share of a core |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {s['asked_per_s']:.1f} | {s['readings_per_s']:.1f} | {s['median_ms']:.1f} "
            f"| {s['p95_ms']:.1f} | {100 * s['core_share']:.1f} % |"
            for name, s in whole["senses"].items()
        ),
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        f"| all senses, share of a core | {100 * whole['core_share']:.0f} % | < {100 * CORE_LIMIT:.0f} % |",
        f"| resident memory, senses and decoder | {whole['resident_mb']:.0f} MB | < {RESIDENT_LIMIT_MB} MB |",
        f"| of it before a sense was loaded | {whole['bare_mb']:.0f} MB |  |",
        "",
        f"Senses that were on: {', '.join(whole['senses'])}.",
    ]


def _peers(found: dict[str, Any]) -> list[str]:
    chains = found["chains"]
    over = ratios(chains)
    small = over["ours"] / chains["a_small"]["readings_per_cpu_s"]
    face = chains["face"]["cpu_ms_per_face"]
    times = [
        f"{chains[name]['cpu_ms_per_face'] / face:.1f} ({TITLES[name].split(':')[0]})" for name in ("a", "a_small", "b")
    ]
    return [
        f"## What a CPU-second buys, on the film's first {found['seconds']:.0f} s",
        "",
        "| chain | CPU-seconds | readings | readings a CPU-second | ours over it | CPU ms a reading of faces |",
        "|---|---|---|---|---|---|",
        *(
            f"| {TITLES[name]} | {c['cpu_s']:.1f} | {', '.join(f'{n} {count}' for n, count in c['readings'].items())} "
            f"| {c['readings_per_cpu_s']:.1f} | {over['ours'] / c['readings_per_cpu_s']:.1f} "
            f"| {c['cpu_ms_per_face']:.1f} |"
            for name, c in chains.items()
        ),
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        f"| readings a CPU-second, over a | {over['over_a']:.1f} | >= {OVER_A:.0f} |",
        f"| readings a CPU-second, over b | {over['over_b']:.1f} | >= {OVER_B:.0f} |",
        "",
        "What a reading is, `benches/senses_peers.py` says: ours are those of five senses, theirs of two (face and",
        f"body) and of one. With crops of 48x48 in the place of VGG16's own 224x224, ours over a is {small:.1f}. The",
        "fairest single ratio is the processor time of a reading of faces, our sense of faces alone beside their whole",
        f"chains: theirs takes {', '.join(times)} times as long.",
    ]


def _models(found: dict[str, Any]) -> list[str]:
    return [
        "## Each model",
        "",
        "| model | file kB | arena kB | resident kB | ms a call, median | best |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {m['file_kb']:.0f} | {m['arena_kb']:.0f} | {m['resident_kb']:.0f} "
            f"| {m['median_ms']:.2f} | {m['best_ms']:.2f} |"
            for name, m in found["files"].items()
        ),
        "",
        "Arena: the most bytes of activations alive at once, computed from the file. Resident: what loading the model",
        "and calling it a few times added to a process in which the runtime was there.",
    ]


PARTS: Final = {"chain": _chain, "peers": _peers, "before_and_after": rows, "models": _models}
