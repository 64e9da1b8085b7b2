from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.music.compose.composer import TEMPO_STEP, Composer
from soundit_edge.music.compose.form.phrase import MAX_BARS
from soundit_edge.music.compose.harmony import parallel
from soundit_edge.music.compose.melody.motif import Form
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.compose.performance.performer import EARLIEST
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.compose.style import STYLES
from soundit_edge.music.director.brief import CompositionBrief, sure_brief
from soundit_edge.music.score import Bar, MidiController, Note, Part

HOUR_S = 3600.0
PITCHED = frozenset(Part) - {Part.DRUMS, Part.SHAKER}
TABLE = {  # of music.md: beats a minute from and to, and the modes
    Emotion.NEUTRAL: ((92, 100), {"major"}),
    Emotion.CALM: ((64, 76), {"major pentatonic"}),
    Emotion.HAPPY: ((116, 128), {"major", "lydian"}),
    Emotion.SAD: ((60, 70), {"aeolian", "dorian"}),
    Emotion.ANGRY: ((132, 144), {"phrygian", "aeolian"}),
    Emotion.FEARFUL: ((104, 112), {"phrygian", "octatonic"}),
    Emotion.DISGUSTED: ((81, 87), {"hungarian minor", "phrygian"}),
    Emotion.SURPRISED: ((116, 124), {"lydian"}),
}

FREE = {Emotion.SAD, Emotion.CALM, Emotion.DISGUSTED}  # whose tempo leans most over a phrase

briefs = st.builds(
    CompositionBrief, st.sampled_from(Emotion), st.builds(Affect, st.floats(-1, 1), st.floats(-1, 1)), st.floats(0, 1)
)
asks = st.builds(BarRequest, briefs, st.none() | st.floats(1.5, 4.0), st.booleans())


def played(seed: int, wish: Callable[[int], CompositionBrief], count: int) -> list[Bar]:
    composer = Composer(seed)
    return [composer.next_bar(BarRequest(wish(k))) for k in range(count)]


def hour(seed: int, wish: Callable[[float], Emotion]) -> Iterator[Bar]:
    """An hour of bars for the emotions at its seconds."""
    composer, t = Composer(seed), 0.0
    while t < HOUR_S:
        bar = composer.next_bar(BarRequest(sure_brief(wish(t))))
        yield bar
        t += bar.bar_s


def lead(bar: Bar) -> list[tuple[int, int]]:
    """The melody as it is written: in semiquavers of the bar."""
    return [(round(2 * bar.division * n.start), n.pitch) for n in bar.notes if n.voice is Part.LEAD]


@pytest.mark.parametrize("emotion", Emotion)
@pytest.mark.parametrize("seed", range(3))
def test_every_emotion_has_its_tempo_and_its_modes(emotion: Emotion, seed: int) -> None:
    (slowest, fastest), modes = TABLE[emotion]
    bars = played(seed, lambda k: sure_brief(emotion), 33)
    assert {bar.mode for bar in bars} <= modes
    assert all(slowest <= bar.pace <= fastest for bar in bars)
    assert all(abs(bar.bpm / bar.pace - 1.0) < 0.03 for bar in bars)
    assert all(bar.character is emotion for bar in bars)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.lists(asks, min_size=1, max_size=24))
def test_the_same_seed_and_asks_give_the_same_bars_whatever_is_asked(seed: int, wishes: list[BarRequest]) -> None:
    one, other = Composer(seed), Composer(seed)
    bars = [one.next_bar(ask) for ask in wishes]
    assert bars == [other.next_bar(ask) for ask in wishes]
    for number, (bar, ask) in enumerate(zip(bars, wishes, strict=True)):
        assert bar.number == number
        assert ask.bar_s is None or bar.bar_s == pytest.approx(ask.bar_s)
        assert not ask.section or bar.place == 0
        for note in bar.notes:
            assert (EARLIEST if number else 0.0) <= note.start < bar.beats_per_bar + 0.5
            assert note.length > 0.0
            assert 0.0 < note.velocity <= 1.0
            assert 20 <= note.pitch <= 108
            assert note.voice in bar.instruments
        for moved in bar.controls:
            assert (-1.0 if moved.controller is MidiController.BEND else 0.0) <= moved.value <= 1.0
            assert 0.0 <= moved.start < bar.beats_per_bar


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.lists(briefs, min_size=2, max_size=6))
def test_mode_key_and_parts_change_with_a_phrase_and_the_tempo_in_small_steps(
    seed: int, wishes: list[CompositionBrief]
) -> None:
    bars = played(seed, lambda k: wishes[k // 7 % len(wishes)], 40)
    for before, bar in itertools.pairwise(bars):
        assert bar.place in (0, before.place + 1)
        assert bar.place < MAX_BARS
        if bar.place:
            kept = (before.mode, before.tonic, before.character, before.instruments, before.metre)
            assert (bar.mode, bar.tonic, bar.character, bar.instruments, bar.metre) == kept
        if bar.character is before.character:
            assert max(bar.bpm / before.bpm, before.bpm / bar.bpm) <= TEMPO_STEP + 1e-9


@pytest.mark.parametrize("emotion", Emotion)
def test_what_is_pleasant_stays_in_its_scale_but_for_what_its_dominant_borrows(emotion: Emotion) -> None:
    for seed in range(6):
        for bar in played(seed, lambda k: sure_brief(emotion), 40):
            foreign = {(n.pitch - bar.tonic) % 12 for n in bar.notes if n.voice in PITCHED} - set(MODES[bar.mode].scale)
            foreign -= set(MODES[bar.mode].raised)
            if emotion in ROUGH:
                foreign -= {6, 7}  # fifths on every tone of a riff, and tritones
                assert len(foreign) <= 3
            else:
                assert not foreign


ROUGH = {Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUSTED}


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(Emotion), st.sampled_from(Emotion))
def test_bass_and_melody_never_go_in_fifths_or_octaves(seed: int, first: Emotion, then: Emotion) -> None:
    def written(bar: Bar, voice: Part) -> list[Note]:
        return [n for n in bar.notes if n.voice is voice]

    bars = played(seed, lambda k: sure_brief(first if k < 14 else then), 30)
    for before, bar in itertools.pairwise(bars):
        parts = [written(b, voice) for b in (before, bar) for voice in (Part.BASS, Part.LEAD)]
        if not all(parts) or Emotion.ANGRY in (before.character, bar.character):  # there the bass doubles a riff
            continue
        low, high, lower, higher = parts
        for note in (high[0], high[-1]):
            assert not parallel((low[0].pitch, note.pitch), (lower[0].pitch, higher[0].pitch))


@pytest.mark.parametrize("emotion", Emotion)
def test_the_melody_is_on_top_and_moves_by_step_more_than_by_leap(emotion: Emotion) -> None:
    top, count, steps, leaps = 0, 0, 0, 0
    for seed in range(4):
        t, sounding = 0.0, list[tuple[float, float, Note]]()
        for bar in played(seed, lambda k: sure_brief(emotion), 32):
            sounding += [(t + n.start, t + n.start + n.length, n) for n in bar.notes if n.voice in PITCHED]
            t += bar.beats_per_bar
        melody = [item for item in sounding if item[2].voice is Part.LEAD]
        others = [item for item in sounding if item[2].voice not in (Part.LEAD, Part.STINGER)]
        for begin, _, note in melody:
            at = begin + 0.05
            top += all(n.pitch < note.pitch for start, end, n in others if start <= at < end)
            count += 1
        moves = [abs(a[2].pitch - b[2].pitch) for a, b in itertools.pairwise(melody)]
        steps += sum(1 <= move <= 2 for move in moves)
        leaps += sum(move >= 5 for move in moves)
    assert top >= 0.85 * count
    assert steps > 1.5 * leaps


@pytest.mark.parametrize("emotion", Emotion)
def test_every_part_rests_and_every_part_comes(emotion: Emotion) -> None:
    """Of an hour, and of each seed's first bars together."""
    hour_long = list(hour(3, lambda t: emotion))
    first = [bar for seed in range(6) for bar in played(seed, lambda k: sure_brief(emotion), 26)]
    for bars in (hour_long, first):
        for part in (Part.LEAD, Part.PAD, Part.PLUCK, Part.BASS, Part.DRUMS):
            resting = sum(all(n.voice is not part for n in bar.notes) for bar in bars) / len(bars)
            assert resting >= 0.1, part
            assert resting <= 0.75 or part is Part.DRUMS, part


@pytest.mark.parametrize("emotion", Emotion)
def test_sections_differ_in_every_32_bars(emotion: Emotion) -> None:
    bars = list(itertools.islice(hour(4, lambda t: emotion), 200))
    for k in range(0, len(bars) - 32, 8):
        span = bars[k : k + 32]
        assert len({bar.section for bar in span}) >= 3
        assert len({frozenset(n.voice for n in bar.notes) for bar in span}) >= 3


def test_metres_are_chosen_by_seed_and_mood() -> None:
    metres = Counter(played(seed, lambda k: sure_brief(Emotion.CALM), 1)[0].metre for seed in range(40))
    assert set(metres) == {"4/4", "3/4", "6/8"}
    assert metres["4/4"] == max(metres.values())


def test_a_film_has_four_beats_a_bar() -> None:
    for seed in range(8):
        composer = Composer(seed)
        for _ in range(20):
            assert composer.next_bar(BarRequest(sure_brief(Emotion.CALM), bar_s=3.0)).metre == "4/4"


def test_a_change_of_mood_goes_over_a_bridge_on_a_chord_that_both_have() -> None:
    bars = played(5, lambda k: sure_brief(Emotion.SAD if k < 9 else Emotion.HAPPY), 30)
    turned = next(bar for bar in bars if bar.character is Emotion.HAPPY)
    assert (turned.section, turned.place) == ("bridge", 0)
    assert bars[turned.number + 2].section == "theme"
    assert not any(n.voice is Part.LEAD for n in turned.notes)


def test_a_cut_begins_a_section_in_its_own_mode_and_tempo_at_once() -> None:
    composer = Composer(1)
    for _ in range(4):
        bar = composer.next_bar(BarRequest(sure_brief(Emotion.SAD)))
    assert bar.place == 1
    bar = composer.next_bar(BarRequest(sure_brief(Emotion.HAPPY), section=True))
    assert (bar.place, bar.character) == (0, Emotion.HAPPY)
    assert 116 <= bar.bpm <= 128
    assert bar.mode in TABLE[Emotion.HAPPY][1]


def test_a_scene_that_is_over_as_it_begins_ends_in_its_own_mode() -> None:
    composer = Composer(1)
    for _ in range(5):
        composer.next_bar(BarRequest(sure_brief(Emotion.HAPPY)))
    ends = [composer.next_bar(BarRequest(sure_brief(Emotion.SAD), section=k == 0, close=True)) for k in range(2)]
    assert {bar.mode for bar in ends} <= set(STYLES[Emotion.SAD].modes)
    assert {bar.character for bar in ends} == {Emotion.SAD}
    assert ends[-1].last


@pytest.mark.parametrize("bar_s", [0.0, -1.0, 0.5, 100.0, math.nan])
def test_a_bar_that_no_music_has_is_refused(bar_s: float) -> None:
    with pytest.raises(ValueError, match="a bar lasts 1 to 8 s"):
        Composer(1).next_bar(BarRequest(sure_brief(Emotion.CALM), bar_s=bar_s))


def test_a_mood_that_flickers_changes_no_mode() -> None:
    flicker = (Emotion.SAD, Emotion.HAPPY)
    bars = played(2, lambda k: sure_brief(Emotion.SAD if k < 8 else flicker[k % 2]), 60)
    assert {bar.character for bar in bars} == {Emotion.SAD}


def test_an_unsure_mood_changes_little() -> None:
    sure = played(2, lambda k: sure_brief(Emotion.NEUTRAL), 40)
    middle = Affect(*(0.2 * value for value in (AFFECT[Emotion.ANGRY].valence, AFFECT[Emotion.ANGRY].arousal)))
    unsure = played(2, lambda k: CompositionBrief(Emotion.ANGRY, middle, 0.25), 40)
    assert {bar.mode for bar in unsure} == {bar.mode for bar in sure}
    assert unsure[-1].bpm == pytest.approx(sure[-1].bpm, rel=0.06)


def test_surprise_is_a_hit_on_the_first_beat_of_the_next_bar() -> None:
    bars = played(1, lambda k: sure_brief(Emotion.SURPRISED if 5 <= k < 7 else Emotion.CALM), 12)
    hits = [bar.number for bar in bars if any(n.voice is Part.STINGER for n in bar.notes)]
    assert hits == [5]
    assert all(abs(n.start) < 0.1 for n in bars[5].notes if n.voice is Part.STINGER)


@pytest.mark.parametrize("emotion", Emotion)
def test_the_ending_leads_home_and_holds(emotion: Emotion) -> None:
    composer = Composer(3)
    for _ in range(5):
        composer.next_bar(BarRequest(sure_brief(emotion)))
    leading, last = (composer.next_bar(BarRequest(sure_brief(emotion), close=True)) for _ in range(2))
    assert not leading.last
    assert last.last
    for voice in (Part.BASS, Part.LEAD):
        assert all((n.pitch - last.tonic) % 12 in (0, 3, 4, 7) for n in last.notes if n.voice is voice)
    assert next(n.pitch for n in last.notes if n.voice is Part.BASS) % 12 == last.tonic
    assert all(n.start + n.length > 1.9 for n in last.notes if n.voice in (Part.LEAD, Part.PAD, Part.BASS))
    with pytest.raises(ValueError, match="over"):
        composer.next_bar(BarRequest(sure_brief(emotion)))


def test_there_are_more_drums_the_more_the_room_is_stirred() -> None:
    def strokes(emotion: Emotion) -> float:
        bars = played(1, lambda k: sure_brief(emotion), 32)
        beaten = sum(n.velocity for bar in bars for n in bar.notes if n.voice is Part.DRUMS)
        return beaten / sum(bar.bar_s for bar in bars)

    order = [Emotion.CALM, Emotion.DISGUSTED, Emotion.NEUTRAL, Emotion.HAPPY, Emotion.ANGRY]
    amounts = [strokes(emotion) for emotion in order]
    assert amounts == sorted(amounts)
    assert strokes(Emotion.SAD) == 0.0


@pytest.mark.parametrize("seed", range(2))
def test_an_hour_does_not_repeat_itself_and_yet_holds_together(seed: int) -> None:
    bars = list(hour(seed, lambda t: Emotion.NEUTRAL))
    # Sixteen bars of melody are hardly ever the same twice ...
    cycles = [tuple(tuple(lead(bar)) for bar in bars[k : k + 16]) for k in range(0, len(bars) - 15, 16)]
    assert len(set(cycles)) >= 0.98 * len(cycles)
    single = Counter(tuple(lead(bar)) for bar in bars if lead(bar))
    assert single.most_common(1)[0][1] < 0.05 * len(bars)
    # ... nor does any stretch of the hour equal a later one more than its neighbours do: new motifs keep entering.
    numbers = [int(bar.motif.split()[0]) for bar in bars if bar.motif]
    quarters = [set(numbers[k * len(numbers) // 4 : (k + 1) * len(numbers) // 4]) for k in range(4)]
    assert all(max(later) > max(before) for before, later in itertools.pairwise(quarters))
    # Yet motifs come back: each quarter shares some with the one before, and the first is there to the end.
    assert all(before & later for before, later in itertools.pairwise(quarters))
    assert all(0 in quarter for quarter in quarters)
    counts = Counter(numbers)
    assert sum(counts[n] >= 16 for n in counts) >= 10
    assert {form for bar in bars for form in [bar.motif.partition(" ")[2]] if form} == set(Form)
    # The tempo stands, metre and key stand for minutes.
    assert len({bar.pace for bar in bars}) == 1
    keys = [(key, sum(bar.bar_s for bar in group)) for key, group in itertools.groupby(bars, key=lambda b: b.tonic)]
    assert len(keys) > 5
    assert min(seconds for _, seconds in keys[:-1]) > 60.0


def test_a_journey_of_an_hour_is_as_stable_as_its_moods() -> None:
    moods = (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.CALM, Emotion.SAD, Emotion.FEARFUL, Emotion.ANGRY)
    bars = list(hour(5, lambda t: moods[int(t // 300) % len(moods)]))
    turns = sum(a.character is not b.character for a, b in itertools.pairwise(bars))
    assert turns == int(HOUR_S // 300) - 1
    changes = [b.place for a, b in itertools.pairwise(bars) if (a.mode, a.tonic) != (b.mode, b.tonic)]
    assert set(changes) == {0}
