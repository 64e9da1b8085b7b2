"""What is to be reached by ear and by measure, and what is: the goals of `benches/ears.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benches.ears_truth import same_key, same_tempo
from soundit_edge.emotion import EMOTIONS

GOOD: Final = ("happy", "surprised", "calm")
BAD: Final = ("sad", "angry", "fearful", "disgusted")
AROUSED: Final = ("angry", "happy", "surprised", "fearful")
QUIET: Final = ("calm", "sad")
UNEASY: Final = ("fearful", "disgusted")
TIMES_REAL: Final = 10.0

Heard = Mapping[str, Any]
"""A piece with what each judge says of it: the fields of `ears_pieces.Piece`, and `judges`."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure that is to be reached.

    Attributes:
        name: what is measured.
        wanted, reached: in words.
        met: whether it is reached.
    """

    name: str
    wanted: str
    reached: str
    met: bool


def auc(pieces: Sequence[Heard], moods: Collection[str], value: Callable[[Heard], float]) -> float:
    """Return the chance that a piece of these moods has a higher value than a piece of any other."""
    inside = np.array([value(piece) for piece in pieces if piece["mood"] in moods])
    outside = np.array([value(piece) for piece in pieces if piece["mood"] not in moods])
    if not (len(inside) and len(outside)):
        return float("nan")
    away = inside[:, np.newaxis] - outside
    return float(np.mean((away > 0) + 0.5 * (away == 0)))


def tag(model: str, name: str) -> Callable[[Heard], float]:
    """Return a function that gives the value of a tag of musicnn's."""
    return lambda piece: float(piece["judges"]["musicnn"][model][name])


def means(pieces: Sequence[Heard], value: Callable[[Heard], float]) -> dict[str, float]:
    """Return the mean of each mood, in the order of the emotions."""
    found = {mood: [value(piece) for piece in pieces if piece["mood"] == mood] for mood in map(str, EMOTIONS)}
    return {mood: float(np.mean(values)) for mood, values in found.items() if values}


def goals(pieces: Sequence[Heard], judges: Collection[str], bus_share: float | None) -> list[Goal]:
    """Return every goal that can be judged from these pieces, composed ones alone.

    Args:
        pieces: of all moods.
        judges: who was asked.
        bus_share: processor time of the mix bus, as a share of a core while it plays.
    """
    found = []
    whole = {piece["mood"] for piece in pieces} == set(map(str, EMOTIONS))
    if "vibenet" in judges and whole:
        found += _vibenet(pieces)
    if "musicnn" in judges and whole:
        found += _musicnn(pieces)
    found += _truth(pieces, "our analysis", [piece["heard"] for piece in pieces])
    if "essentia" in judges:
        found += _truth(pieces, "essentia", [piece["judges"]["essentia"] for piece in pieces])
    return found + _mix(pieces, whole) + _notes(pieces) + _cost(pieces, bus_share)


def _vibenet(pieces: Sequence[Heard]) -> list[Goal]:
    valence = means(pieces, lambda p: float(p["judges"]["vibenet"]["valence"]))
    energy = means(pieces, lambda p: float(p["judges"]["vibenet"]["energy"]))
    worst = max(BAD, key=lambda mood: valence[mood])
    rows = []
    for mood in GOOD:
        gap = valence[mood] - valence[worst]
        words = f"{gap:+.2f} ({worst} is {valence[worst]:.2f})"
        rows.append(
            Goal(f"vibenet: valence of {mood} above {', '.join(BAD)}", "at least +0.20 above each", words, gap >= 0.2)
        )
    low, quiet = min(AROUSED, key=lambda m: energy[m]), max(QUIET, key=lambda m: energy[m])
    rows.append(
        Goal(
            f"vibenet: energy of {', '.join(AROUSED)} above neutral",
            "above",
            f"{low} {energy[low]:.2f}, neutral {energy['neutral']:.2f}",
            energy[low] > energy["neutral"],
        )
    )
    rows.append(
        Goal(
            f"vibenet: energy of neutral above {', '.join(QUIET)}",
            "above",
            f"neutral {energy['neutral']:.2f}, {quiet} {energy[quiet]:.2f}",
            energy["neutral"] > energy[quiet],
        )
    )
    return rows


_TAGS: Final = (
    (("angry",), "MSD", "metal", 0.8),
    (("angry",), "MSD", "hard rock", 0.8),
    (UNEASY, "MTT", "weird", 0.75),
    (UNEASY, "MSD", "experimental", 0.75),
    (("happy",), "MSD", "happy", 0.9),
    (("calm",), "MSD", "chillout", 0.9),
    (("calm",), "MSD", "beautiful", 0.9),
)


def _musicnn(pieces: Sequence[Heard]) -> list[Goal]:
    rows = []
    for moods, model, name, least in _TAGS:
        reached = auc(pieces, moods, tag(model, name))
        rows.append(
            Goal(f'musicnn: "{name}" of {", ".join(moods)}', f"AUC {least:g}", f"{reached:.2f}", reached >= least)
        )
    tags = top_tags(pieces, "angry", "MSD", 3)
    rows.append(Goal("musicnn: highest tag of angry", "not funk", ", ".join(tags), tags[0] != "funk"))
    return rows


def top_tags(pieces: Sequence[Heard], mood: str, model: str, count: int) -> list[str]:
    """Return the highest tags of a mood by musicnn, the highest first."""
    some = [piece["judges"]["musicnn"][model] for piece in pieces if piece["mood"] == mood]
    mean = {name: float(np.mean([tags[name] for tags in some])) for name in some[0]}
    return sorted(mean, key=lambda name: -mean[name])[:count]


def _truth(pieces: Sequence[Heard], who: str, said: Sequence[Mapping[str, Any]]) -> list[Goal]:
    """Return whether tempo and key are heard as they were composed."""
    rows = []
    for name, same, share in (("tempo", same_tempo, 1.0), ("tonic and family", same_key, 28 / 32)):
        wrong = [
            f"{piece['mood']} {piece['name']}"
            for piece, one in zip(pieces, said, strict=True)
            if not same(one, piece["truth"])
        ]
        right = len(pieces) - len(wrong)
        words = f"{right} of {len(pieces)}" + (f"; not of {', '.join(wrong)}" if wrong else "")
        wanted = "all" if share == 1.0 else f"{share:.1%} of the pieces"
        rows.append(Goal(f"{name}, heard by {who}", wanted, words, right >= share * len(pieces)))
    return rows


def _every(name: str, values: Mapping[str, float], low: float, high: float, wanted: str, form: str = ".1f") -> Goal:
    """Return a goal that every mood has to reach."""
    missed = [f"{mood} {value:{form}}" for mood, value in values.items() if not low <= value <= high]
    span = f"{min(values.values()):{form}} to {max(values.values()):{form}}"
    return Goal(name, wanted, span + (f"; missed: {', '.join(missed)}" if missed else ""), not missed)


def _mix(pieces: Sequence[Heard], whole: bool) -> list[Goal]:
    figure = {
        name: means(pieces, lambda p, name=name: float(p["mix"][name]))  # type: ignore[misc]
        for name in ("lufs", "lra", "side_mid", "correlation", "true_peak", "limited")
    }
    rows = [
        _every("loudness range, LU", figure["lra"], 5.0, 9.0, "5 to 9 in every mood"),
        _every("left-right correlation", figure["correlation"], 0.3, 0.7, "0.3 to 0.7 in every mood", ".2f"),
        _every("side to mid, dB", figure["side_mid"], -7.0, np.inf, "-7 or wider in every mood"),
        _every("true peak, dBTP", figure["true_peak"], -np.inf, -1.0, "below -1 in every mood"),
        _every("time near the ceiling", figure["limited"], 0.0, 0.05, "the limiter rests: at most 5 %", ".0%"),
    ]
    if whole:
        loud = figure["lufs"]
        apart = max(loud.values()) - min(loud.values())
        rows.insert(1, Goal("moods apart, LU", "at most 6", f"{apart:.1f}", apart <= 6.0))
    return rows


def _notes(pieces: Sequence[Heard]) -> list[Goal]:
    figure = {
        name: means(pieces, lambda p, name=name: float(p["notes"][name]))  # type: ignore[misc]
        for name in ("on_top", "doubled", "step", "leap", "off_grid_ms", "rests", "differ", "controllers_s")
    }
    beyond = {mood: step - figure["leap"][mood] for mood, step in figure["step"].items()}
    return [
        _every("lead on top", figure["on_top"], 0.6, 1.0, "0.6 of its notes in every mood", ".2f"),
        _every("lead's steps less leaps", beyond, 1e-9, 1.0, "more steps in every mood", ".2f"),
        _every("notes off the grid, ms rms", figure["off_grid_ms"], 5.0, 20.0, "5 to 20"),
        _every("rests of the part that rests least", figure["rests"], 0.1, 1.0, "10 % of the bars", ".0%"),
        _every("32 bars whose sections differ", figure["differ"], 1.0, 1.0, "all", ".0%"),
        _every("controllers a second", figure["controllers_s"], 1e-9, np.inf, "some", ".1f"),
    ]


def _cost(pieces: Sequence[Heard], bus_share: float | None) -> list[Goal]:
    seconds = [float(piece["cpu_s"]) for piece in pieces]
    slowest = 60.0 / max(seconds)
    rows = [
        Goal(
            "composing and rendering, times real time, slowest piece",
            f"{TIMES_REAL:g}",
            f"{slowest:.0f}",
            slowest >= TIMES_REAL,
        )
    ]
    if bus_share is not None:
        rows.append(Goal("the mix bus while it plays, of a core", "at most 2 %", f"{bus_share:.1%}", bus_share <= 0.02))
    return rows
