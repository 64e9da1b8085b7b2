"""Whether the preference model pleases listeners better than the plain ranking: simulated ones, whose taste is known.

python benches/taste.py     (or: make bench-taste)

It writes benches/taste.json and benches/taste.md, with the machine and the date.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from soundit_edge.console import progress_bar  # noqa: E402
from soundit_edge.emotion import AFFECT, EMOTIONS, Affect, Emotion, Mood, Reading, expected_affect, one_hot  # noqa: E402
from soundit_edge.music.library.play_history import Event, PlayEvent  # noqa: E402
from soundit_edge.music.library.recommend.chooser import Chooser  # noqa: E402
from soundit_edge.music.library.recommend.explain import Feedback  # noqa: E402
from soundit_edge.music.library.recommend.preference_model import Taste  # noqa: E402
from soundit_edge.music.library.recommend.ranking import APART, Preference, pick  # noqa: E402
from soundit_edge.music.library.recommend.reach import Floats  # noqa: E402
from soundit_edge.music.library.recommend.request import MoodRequest, request_for  # noqa: E402
from soundit_edge.music.library.song import Song  # noqa: E402
from soundit_edge.music.track import DEFAULT_BPM  # noqa: E402
from tests.fakes.songs import GENRES, many_songs  # noqa: E402

SONGS: Final = 500
PICKS: Final = 300
EACH: Final = 5
"""Listeners of each kind."""
HELD_OUT: Final = 0
WRITTEN_WITH: Final = 1_000
"""Seeds of the listeners that count, and of those with which the model's constants were chosen."""
ESTIMATE: Final = 0.25
"""How far the place of a song in the library is off where listeners hear it: the standard deviation."""
STAYS: Final = 0.85
"""How likely a mood lasts to the next song."""
MOODS: Final = {
    Emotion.NEUTRAL: 4,
    Emotion.CALM: 3,
    Emotion.HAPPY: 4,
    Emotion.SAD: 3,
    Emotion.ANGRY: 1,
    Emotion.FEARFUL: 1,
    Emotion.DISGUSTED: 1,
    Emotion.SURPRISED: 1,
}
INSTEAD: Final = {
    Emotion.SAD: Emotion.HAPPY,
    Emotion.ANGRY: Emotion.CALM,
    Emotion.FEARFUL: Emotion.CALM,
    Emotion.DISGUSTED: Emotion.HAPPY,
    Emotion.HAPPY: Emotion.HAPPY,
    Emotion.CALM: Emotion.SAD,
    Emotion.NEUTRAL: Emotion.SURPRISED,
    Emotion.SURPRISED: Emotion.NEUTRAL,
}
"""What the mood-incongruent want to hear."""
Pleases = Callable[[Song, Affect, Emotion], float]
"""How much a song, whose true place in the plane is given, suits a listener who feels so; 0 is neither nor."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody with a taste.

    Attributes:
        kind: of taste.
        chances: float64 [8, n], how likely each song pleases in each mood.
    """

    kind: str
    chances: Floats


@dataclass(frozen=True, slots=True)
class Run:
    """How a way of picking went with a listener.

    Attributes:
        pleased: float64 [picks], how likely each picked song was to please.
        distinct: how many different songs were played.
    """

    pleased: Floats
    distinct: int


class Oracle:
    """Knows the listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def chances(self, songs: Sequence[Song], wish: MoodRequest, fit: Floats, rng: np.random.Generator | None) -> Floats:
        return self._listener.chances[EMOTIONS.index(wish.felt), [song.id - 1 for song in songs]]

    def feedback(self, song: int) -> Feedback:
        return {}


class Dice:
    """Knows nothing, and does not look at the mood either."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def chances(self, songs: Sequence[Song], wish: MoodRequest, fit: Floats, rng: np.random.Generator | None) -> Floats:
        return self._rng.random(len(songs))

    def feedback(self, song: int) -> Feedback:
        return {}


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--written-with", action="store_true", help="the other listeners; only prints the figures")
    first = WRITTEN_WITH if parser.parse_args().written_with else HELD_OUT
    result: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine(),
        "listeners": figures(first),
        "cost": cost(),
    }
    text = table(result)
    if first == HELD_OUT:
        write(Path(__file__), text, result)
    print(text)


def listeners(first: int) -> list[tuple[int, Listener, list[Song]]]:
    """With their seeds and their libraries."""
    return [
        (seed, listener(kind, seed, songs), songs)
        for at, kind in enumerate(KINDS)
        for seed in range(first + EACH * at, first + EACH * (at + 1))
        for songs in [many_songs(SONGS, seed)]
    ]


def listener(kind: str, seed: int, songs: Sequence[Song]) -> Listener:
    """Somebody with a taste of that kind."""
    rng = np.random.default_rng((seed, 1))
    off = rng.normal(0.0, ESTIMATE, (len(songs), 2))
    places = [Affect(song.valence + dv, song.arousal + da) for song, (dv, da) in zip(songs, off, strict=True)]
    own = rng.normal(0.0, 0.5, len(songs))  # what nobody could know from the rest
    pleases = KINDS[kind](rng)
    if pleases is None:
        return Listener(kind, np.full((len(EMOTIONS), len(songs)), 0.5))
    values = np.array(
        [[pleases(song, place, felt) for song, place in zip(songs, places, strict=True)] for felt in EMOTIONS]
    )
    return Listener(kind, 0.03 + 0.94 / (1.0 + np.exp(-(values + own))))


def _near(place: Affect, wanted: Affect) -> float:
    """1 at the place that is wanted, -1 far away."""
    return float(
        2.0 * np.exp(-((place.valence - wanted.valence) ** 2 + (place.arousal - wanted.arousal) ** 2) / 0.5) - 1
    )


def _mirrored(rng: np.random.Generator) -> Pleases:
    return lambda song, place, felt: 2.0 * _near(place, AFFECT[felt]) - 0.5


def _genres(rng: np.random.Generator) -> Pleases:
    loved, hated = np.split(rng.permutation(GENRES)[:5], [2])
    return lambda song, place, felt: (
        2.0 * (song.genre in loved) - 2.0 * (song.genre in hated) + 0.7 * _near(place, AFFECT[felt]) - 0.5
    )


def _artists(rng: np.random.Generator) -> Pleases:
    loved = {f"artist {n}" for n in rng.choice(SONGS // 8, 10, replace=False)}
    return lambda song, place, felt: 3.0 * (song.artist in loved) + 1.0 * _near(place, AFFECT[felt]) - 1.0


def _tempo(rng: np.random.Generator) -> Pleases:
    wanted = float(rng.uniform(80.0, 140.0))

    def pleases(song: Song, place: Affect, felt: Emotion) -> float:
        octaves = np.log2((song.bpm or DEFAULT_BPM) / wanted)
        return 4.0 * float(np.exp(-0.5 * (octaves / 0.12) ** 2)) - 2.0 + 0.5 * _near(place, AFFECT[felt])

    return pleases


def _incongruent(rng: np.random.Generator) -> Pleases:
    return lambda song, place, felt: 2.0 * _near(place, AFFECT[INSTEAD[felt]]) - 0.5


def _nothing(rng: np.random.Generator) -> None:
    return None


KINDS: Final[dict[str, Callable[[np.random.Generator], Pleases | None]]] = {
    "wants the mood mirrored": _mirrored,
    "loves genres": _genres,
    "loves artists": _artists,
    "loves a tempo": _tempo,
    "wants another mood": _incongruent,
    "takes what comes": _nothing,
}


def run(way: str, listener: Listener, songs: Sequence[Song], seed: int, picks: int = PICKS) -> Run:
    """Play songs to a listener, one after the other, in moods that change."""
    moods, answers, draws = (np.random.default_rng((seed, kind)) for kind in (2, 3, 4))
    taste = Taste()
    preference: Preference | None = {"plain": None, "dice": Dice(seed), "oracle": Oracle(listener)}.get(way, taste)
    recent: list[int] = []
    played: set[int] = set()
    pleased = []
    odds = np.array([MOODS[emotion] for emotion in EMOTIONS]) / sum(MOODS.values())
    felt = EMOTIONS[int(moods.choice(len(EMOTIONS), p=odds))]
    for at in range(picks):
        if moods.random() > STAYS:
            felt = EMOTIONS[int(moods.choice(len(EMOTIONS), p=odds))]
        strength = float(moods.uniform(0.4, 0.95))
        probabilities = one_hot(felt, strength)
        wish = request_for(felt, expected_affect(probabilities), max(probabilities))
        rng = draws if way == "ours" else None
        (chosen,) = pick(songs, [wish], count=1, recent=recent, taste=preference, rng=rng)
        chance = float(listener.chances[EMOTIONS.index(felt), chosen.song.id - 1])
        pleased.append(chance)
        if way == "ours":
            for entry in _reaction(chosen.song, wish, chance, at, answers):
                taste.learn(entry, chosen.song)
        recent = [chosen.song.id, *(song for song in recent if song != chosen.song.id)][:100]
        played.add(chosen.song.id)
    return Run(np.array(pleased), len(played))


def _reaction(song: Song, wish: MoodRequest, chance: float, at: int, rng: np.random.Generator) -> list[PlayEvent]:
    """What a listener does with a song: lets it finish, and sometimes says so, or goes on before it ends."""

    def entry(event: Event, seconds: float | None = None) -> PlayEvent:
        return PlayEvent(300.0 * at, song.id, song.path, event, seconds, wish.felt, wish.felt_affect)

    if rng.random() < chance:
        return [entry(Event.FINISHED)] + [entry(Event.LIKED)] * (rng.random() < 0.1)
    return [entry(Event.SKIPPED, float(rng.uniform(0.03, 0.5)) * song.duration_s)]


WAYS: Final = ("dice", "plain", "ours", "oracle")


def figures(first: int) -> dict[str, Any]:
    """By kind of listener and over all: the mean over their picks and how sure it is, and how many songs they heard."""
    runs: dict[str, dict[str, list[Run]]] = {}
    everybody = listeners(first)
    with progress_bar() as progress:
        bar = progress.add_task("listening", total=len(everybody) * len(WAYS))
        for seed, someone, songs in everybody:
            for way in WAYS:
                runs.setdefault(someone.kind, {}).setdefault(way, []).append(run(way, someone, songs, seed))
                progress.advance(bar)
    runs["all"] = {way: [each for kind in KINDS for each in runs[kind][way]] for way in WAYS}
    return {kind: _summary(by_way) for kind, by_way in runs.items()}


def _summary(by_way: dict[str, list[Run]]) -> dict[str, Any]:
    out: dict[str, Any] = {
        way: {
            "pleased": _interval([float(run.pleased.mean()) for run in runs]),
            "first 50": float(np.mean([run.pleased[:50].mean() for run in runs])),
            "last 100": float(np.mean([run.pleased[-100:].mean() for run in runs])),
            "songs": float(np.mean([run.distinct for run in runs])),
        }
        for way, runs in by_way.items()
    }
    pairs = zip(by_way["ours"], by_way["plain"], strict=True)
    out["ours above plain"] = _interval([float(ours.pleased.mean() - plain.pleased.mean()) for ours, plain in pairs])
    return out


def _interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean and its 95 % interval, by drawing listeners anew (bootstrap)."""
    drawn = np.random.default_rng(5).choice(values, (10_000, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(np.mean(values)), float(low), float(high)


def cost() -> dict[str, float]:
    """Milliseconds of processor time; the least of five."""
    songs, taste = many_songs(2_000), Taste()
    rng = np.random.default_rng(6)
    wishes = [request_for(Emotion.HAPPY, who="face"), request_for(Emotion.SAD, who="voice")]

    def entry(song: Song) -> PlayEvent:
        event = Event.FINISHED if rng.random() < 0.5 else Event.SKIPPED
        felt = EMOTIONS[int(rng.integers(len(EMOTIONS)))]
        return PlayEvent(0.0, song.id, song.path, event, 30.0, felt, AFFECT[felt])

    happened = [entry(song) for song in songs[:1_000]]
    times: dict[str, list[float]] = {}

    def timed(name: str, what: Callable[[], Any]) -> None:
        for _ in range(5):
            began = time.process_time()
            what()
            times.setdefault(name, []).append(1_000.0 * (time.process_time() - began))

    recent = [song.id for song in songs[:100]]
    timed("ten of 2,000 songs, plain", lambda: pick(songs, wishes, count=10, recent=recent))
    for one in happened:
        taste.learn(one, songs[one.song - 1])
    pick(songs, wishes, taste=taste)
    timed(
        "ten of 2,000 songs, by taste",
        lambda: pick(songs, wishes, count=10, recent=recent, taste=taste, rng=np.random.default_rng(7)),
    )

    def anew() -> None:
        pick(songs[:1], wishes, taste=Taste.learnt(happened, songs))

    timed("a taste from 1,000 judgements, anew", anew)

    def one_more() -> None:
        taste.learn(happened[0], songs[0])
        pick(songs[:1], wishes, taste=taste)

    timed("... one more judgement", one_more)

    chooser, mood = Chooser(songs, taste=taste), _mood(Emotion.HAPPY)
    choice = chooser.step(0.0, mood, None)
    assert choice is not None

    def steps() -> None:
        for at in range(1_000):
            chooser.step(at / 10.0, mood, choice.path, 200.0)

    timed("a thousand steps of the live chooser, 100 s", steps)
    return {name: min(each) for name, each in times.items()}


def _mood(felt: Emotion) -> Mood:
    probabilities = one_hot(felt, 0.8)
    senses = {name: Reading(name, 0.0, probabilities, 0.8) for name in ("face", "voice")}
    return Mood(0.0, felt, probabilities, expected_affect(probabilities), max(probabilities), senses)


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    rows = [
        "# Picking songs by taste",
        "",
        f"{result['date']}, {result['machine']}; written by `make bench-taste`.",
        "",
        "How likely a picked song pleases, mean over the picks, with its 95 % interval:",
        "",
        "| listeners | dice | plain ranking | ours | oracle | ours above plain | ours: first 50, last 100 picks |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, by_way in result["listeners"].items():
        cells = [_with_interval(by_way[way]["pleased"]) for way in WAYS]
        low, high = by_way["ours"]["first 50"], by_way["ours"]["last 100"]
        rows.append(
            f"| {kind} | {' | '.join(cells)} | {_with_interval(by_way['ours above plain'])} | {low:.3f}, {high:.3f} |"
        )
    songs = ", ".join(f"{way} {result['listeners']['all'][way]['songs']:.0f}" for way in WAYS)
    costs = "; ".join(f"{name}: {ms:.1f} ms" for name, ms in result["cost"].items())
    rows += [
        "",
        f"- Different songs of {SONGS} that were played in {PICKS} picks: {songs}.",
        f"- Processor time, the least of five: {costs}.",
    ]
    return "\n".join(rows) + "\n" + NOTES


def _with_interval(figure: Sequence[float]) -> str:
    mean, low, high = figure
    return f"{mean:.3f} ({low:.3f} to {high:.3f})"


NOTES: Final = f"""- {EACH} listeners of each kind, {PICKS} picks each, everyone with a library of their own. They hear
  songs {ESTIMATE} beside where the library has them, and have a liking for each song that nothing else tells. They let
  a song finish or skip it by that chance, and one in ten that they finish they say they like. Those who take what comes
  cannot be won. The constants of the model were chosen with other listeners ({WRITTEN_WITH} and up) than these.
- Every way of picking, the oracle's too, is held to the same rule: {APART} other songs before one comes again, and less
  of it for a while after.
- Who wants nothing but the mood mirrored loses by it: what is tried costs more than is learnt in so many picks.
- Simulated people: the figures say that the model learns, not how fast people are learnt.
"""

if __name__ == "__main__":
    main()
