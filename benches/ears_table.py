"""The figures of `benches/ears.py` as tables."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from benches.ears_goals import Goal, Heard, means, top_tags

MIX: Final = {
    "lufs": ("LUFS", ".1f"),
    "lra": ("range, LU", ".1f"),
    "plr": ("PLR, dB", ".1f"),
    "true_peak": ("dBTP", ".1f"),
    "limited": ("near the ceiling", ".0%"),
    "side_mid": ("side/mid, dB", ".1f"),
    "low_side_mid": ("the same < 120 Hz", ".1f"),
    "correlation": ("L-R", ".2f"),
    "low": ("< 120 Hz", ".0%"),
    "air": ("> 4 kHz, dB", ".0f"),
}
NOTES: Final = {
    "notes_s": ("notes/s", ".1f"),
    "on_top": ("lead on top", ".2f"),
    "doubled": ("doubled", ".2f"),
    "repeated": ("repeated", ".2f"),
    "step": ("step", ".2f"),
    "leap": ("leap", ".2f"),
    "off_grid_ms": ("off the grid, ms", ".1f"),
    "rests": ("least rest", ".0%"),
    "differ": ("32 bars differ", ".0%"),
    "controllers_s": ("controllers/s", ".1f"),
    "velocity_sd": ("velocity sd", ".1f"),
}


def table(result: dict[str, Any], goals: list[Goal]) -> str:
    """Return everything, in Markdown."""
    pieces: list[Heard] = [piece for piece in result["pieces"] if piece["mood"]]
    real: list[Heard] = [piece for piece in result["pieces"] if not piece["mood"]]
    judges = result["judges"]
    met = sum(goal.met for goal in goals)
    lines = [
        "# What outside ears hear in what is composed",
        "",
        f"{result['date']}, {result['machine']}, {result['synthesiser']}; written by `make bench-ears`.",
        f"{len(pieces)} pieces of {result['seconds']:g} s, {result['seeds']} seeds a mood ({result['ensemble']});",
        f"asked: {', '.join(judges) or 'nobody'}. Two judges were listened to while the music was made, vibenet and",
        "musicnn; **essentia is the third, which nobody tuned for** and which is reported untouched. Nobody listened.",
        "",
        f"## To reach: {met} of {len(goals)}",
        "",
        "| figure | wanted | reached | |",
        "|---|---|---|---|",
        *(f"| {g.name} | {g.wanted} | {g.reached} | {'met' if g.met else '**missed**'} |" for g in goals),
    ]
    if "vibenet" in judges or "musicnn" in judges or "essentia" in judges:
        lines += ["", "## The judges, means of a mood", "", *_judged(pieces, real, judges)]
    lines += ["", "## The mix, beside real music", "", *_figures(pieces, real, "mix", MIX)]
    lines += ["", "## The notes", "", *_figures(pieces, [], "notes", NOTES)]
    lines += [
        "",
        "- The mix: loudness by BS.1770-4, its range by EBU Tech 3342. Near the ceiling: tenths of a second with a",
        "  sample within 0.75 dB of the limiter's. Real: 60 s of each track from 0:30 on, of wesnoth-1.16-music.",
        "- The notes are those of the MIDI files. On top: above all that sounds at that moment. Doubled: another part",
        "  sounds the same pitch. Step: 1 or 2 semitones; leap: 5 or more. Off the grid: from the nearest sixteenth or",
        "  triplet eighth. Least rest: bars in which the part that rests least is silent, and sections of 8 bars, both",
        "  of ten minutes.",
        "- Taggers are trained on records of pop music; their ranks count, and not their values. AUC: the chance that",
        "  a piece of the mood has a higher value than a piece of another one.",
        "",
    ]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _judged(pieces: list[Heard], real: list[Heard], judges: Collection[str]) -> list[str]:
    head, columns = ["mood"], []
    if "vibenet" in judges:
        for name in ("valence", "energy", "danceability"):
            head.append(f"vibenet {name}")
            columns.append(("vibenet", name, ".2f"))
    if "essentia" in judges:
        for name, form in (("onsets", ".1f"), ("danceability", ".2f"), ("dissonance", ".3f")):
            head.append(f"essentia {name}{'/s' if name == 'onsets' else ''}")
            columns.append(("essentia", name, form))
    if "musicnn" in judges:
        head += ["musicnn, songs (MSD)", "musicnn, clips (MTT)"]
    lines = [_row(head), "|" + "---|" * len(head)]
    for mood in dict.fromkeys(piece["mood"] for piece in [*pieces, *real]):
        some = [piece for piece in [*pieces, *real] if piece["mood"] == mood]
        cells = [mood or f"real, {len(some)} tracks"]
        cells += [f"{np.mean([p['judges'][j][name] for p in some]):{form}}" for j, name, form in columns]
        if "musicnn" in judges:
            cells += [", ".join(top_tags(some, mood, model, 4)) for model in ("MSD", "MTT")]
        lines.append(_row(cells))
    return lines


def _figures(pieces: list[Heard], real: list[Heard], group: str, names: dict[str, tuple[str, str]]) -> list[str]:
    columns = {name: means(pieces, lambda p, name=name: float(p[group][name])) for name in names}  # type: ignore[misc]
    lines = [_row(["mood", *(title for title, _ in names.values())]), "|" + "---|" * (len(names) + 1)]
    lines += [
        _row([mood, *(f"{columns[name][mood]:{form}}" for name, (_, form) in names.items())])
        for mood in columns[next(iter(names))]
    ]
    if real:
        middle = [float(np.median([piece[group][name] for piece in real])) for name in names]
        forms = [form for _, form in names.values()]
        lines.append(_row([f"real, median of {len(real)}", *(f"{v:{f}}" for v, f in zip(middle, forms, strict=True))]))
    return lines
