"""Music composed for a film: bars end where scenes do, and the piece ends with the film."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.film.scoring.composed import Composed, natural_bar_s
from soundit_edge.film.scoring.requests import ScoreRequests
from soundit_edge.film.spotting.cue_sheet import fitted
from soundit_edge.film.spotting.dialogue import Span
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.compose.palettes import palette_of
from soundit_edge.music.compose.parts.underscore import SPEECH_HZ
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.score import Part
from soundit_edge.music.synth.synth import ControlEvent, MixEvent, NoteEvent
from tests.variants import thorough

STORY = [(Emotion.HAPPY, 11.3), (Emotion.SAD, 17.7), (Emotion.ANGRY, 9.1)]
SECONDS = 38.1


class Listener:
    """A synthesiser that only remembers what it was given, and clicks when a bass note sets in."""

    name = "listener"

    def __init__(self) -> None:
        self.strikes: list[NoteEvent] = []
        self.mixes: list[MixEvent] = []
        self._place = 0

    def note_on(self, strike: NoteEvent) -> None:
        self.strikes.append(strike)

    def control(self, control: ControlEvent) -> None: ...

    def mix(self, event: MixEvent) -> None:
        self.mixes.append(event)

    def render(self, count: int) -> Stereo:
        sound = np.zeros((count, CHANNELS), np.float32)
        for strike in self.strikes:
            if self._place <= strike.start < self._place + count:
                sound[strike.start - self._place] = 0.5
        self._place += count
        return sound

    def close(self) -> None: ...


def scenes(parts: list[tuple[Emotion, float]]) -> list[SceneSection]:
    out, begin = [], 0.0
    for emotion, seconds in parts:
        out.append(SceneSection(begin, begin + seconds, one_hot(emotion, 0.9)))
        begin += seconds
    return out


def composed(
    parts: list[tuple[Emotion, float]],
    seed: int = 1,
    ensemble: Ensemble | None = None,
    speech: Sequence[Span] = (),
    sections: Sequence[SceneSection] | None = None,
) -> tuple[Composed, Listener, Stereo]:
    listener = Listener()
    plan = fitted(sections or scenes(parts), natural_bar_s)
    source = Composed(plan, seed, listener, ensemble=ensemble, speech=speech)
    sound = source.render(round(source.cue_sheet.seconds * RATE))
    return source, listener, sound


@pytest.fixture(scope="module")
def scored() -> tuple[Composed, Listener, Stereo]:
    """The story."""
    return composed(STORY)


def test_notes_set_in_at_every_change_of_scene(scored: tuple[Composed, Listener, Stereo]) -> None:
    source, listener, _ = scored
    starts = np.array([strike.start / RATE for strike in listener.strikes])
    for section in source.cue_sheet.cues:
        assert np.abs(starts - section.section.start).min() < 0.001


def test_what_is_heard_is_not_late(scored: tuple[Composed, Listener, Stereo]) -> None:
    _, listener, sound = scored
    first = np.flatnonzero(np.abs(sound[:, 0]) > 0.05)
    struck = min(strike.start for strike in listener.strikes)
    assert abs(first[0] - struck) < 0.002 * RATE


def test_mode_and_tempo_change_with_the_scene(scored: tuple[Composed, Listener, Stereo]) -> None:
    source, _, _ = scored
    played = source.played()
    assert played[0].start == 0.0
    assert played[-1].end == pytest.approx(SECONDS)
    happy = [p for p in played if p.end <= 11.4]
    sad = [p for p in played if p.start > 11.2 and p.end <= 29.1]
    assert {p.mode for p in happy} <= {"major", "lydian"}
    assert {p.mode for p in sad} <= {"aeolian", "dorian"}
    assert min(p.tempo_bpm or 0.0 for p in happy) > 105 > 75 > max(p.tempo_bpm or 999.0 for p in sad)
    assert {p.source for p in played} == {"compose"}


def test_the_piece_ends_with_the_film(scored: tuple[Composed, Listener, Stereo]) -> None:
    source, listener, _ = scored
    last = source.cue_sheet.cues[-1]
    line = SECONDS - last.bar_s
    assert max(strike.start for strike in listener.strikes) / RATE < line + last.bar_s / 2, "the last chord rings"
    assert any(abs(strike.start / RATE - line) < 0.001 for strike in listener.strikes)


@pytest.mark.parametrize("ensemble", [Ensemble.BAND, *thorough(Ensemble.CHAMBER, Ensemble.ELECTRONIC)])
def test_who_is_chosen_plays_the_whole_film(ensemble: Ensemble) -> None:
    _, listener, _ = composed([(Emotion.HAPPY, 4.0), (Emotion.SAD, 8.0)], ensemble=ensemble)
    assert {mix.ensemble for mix in listener.mixes} == {ensemble}
    palettes = [palette_of(emotion, ensemble) for emotion in (Emotion.HAPPY, Emotion.SAD)]
    players = set().union(*({palette.second, *palette.players.values()} for palette in palettes))
    assert {strike.instrument for strike in listener.strikes} <= players


def test_a_film_has_the_mix_of_live_music_and_hears_of_each_change_of_mood(
    scored: tuple[Composed, Listener, Stereo],
) -> None:
    source, listener, _ = scored
    assert isinstance(open_synth("wavetable"), MixBus), "what `source_for` opens, and the daemon"
    changes = [b for a, b in itertools.pairwise(listener.mixes) if a.emotion is not b.emotion]
    cues = source.cue_sheet.cues[1:]
    assert [mix.emotion for mix in changes] == [cue.section.emotion for cue in cues]
    assert [mix.start / RATE for mix in changes] == pytest.approx([cue.section.start for cue in cues], abs=0.001)


def test_bars_do_not_drift_in_an_hour() -> None:
    plan = fitted(scenes([(Emotion.HAPPY, 3600.17)]), natural_bar_s)
    requests, t = ScoreRequests(plan), 0.0
    for _ in range(plan.cues[0].bars):
        bar_s = requests(t).bar_s
        assert bar_s is not None
        t += round(bar_s * RATE) / RATE
    assert t == pytest.approx(3600.17, abs=0.001)


FALL = [
    SceneSection(0.0, 8.0, one_hot(Emotion.HAPPY, 0.9)),
    SceneSection(8.0, 20.0, one_hot(Emotion.NEUTRAL, 0.6), cut=False, turn=True, fullness=0.7),
]
"""A dinner."""


def test_the_same_seed_gives_the_same_samples_whatever_is_asked_for() -> None:
    sections = [replace(section, start=section.start / 4, end=section.end / 4) for section in FALL]
    plan = fitted(sections, natural_bar_s)
    sounds = []
    for size in (4800, 777):
        source = Composed(plan, 3, open_synth("wavetable"), speech=[(3.2, 3.9)])
        count = 5 * RATE
        sounds.append(np.concatenate([source.render(min(size, count - k)) for k in range(0, count, size)]))
    np.testing.assert_array_equal(sounds[0], sounds[1])
    other = Composed(plan, 4, open_synth("wavetable")).render(5 * RATE)
    assert not np.array_equal(sounds[0], other)


def struck(listener: Listener, begin: float, end: float) -> list[NoteEvent]:
    return [strike for strike in listener.strikes if begin <= strike.start / RATE < end]


@pytest.mark.parametrize("seed", [0, *thorough(1, 2)])
def test_a_fall_within_a_scene_is_heard(seed: int) -> None:
    source, listener, sound = composed([], seed, sections=FALL)
    assert len(sound) == 20 * RATE
    turn = source.cue_sheet.cues[1].section.start
    assert turn == pytest.approx(8.0, abs=1.0)
    before, after = struck(listener, turn - 3.9, turn - 0.1), struck(listener, turn - 0.01, turn + 3.9)
    assert len(after) < 0.6 * len(before)
    assert not {Part.LEAD, Part.DRUMS} & {strike.part for strike in after}, "a bridge"
    assert Part.LEAD in {strike.part for strike in before}
    assert not [strike for strike in struck(listener, turn, 20.0) if strike.part is Part.DRUMS]
    tempi = [played.tempo_bpm for played in source.played()]
    assert tempi[0] is not None
    assert tempi[-1] is not None
    assert tempi[-1] < 0.9 * tempi[0]


@pytest.mark.parametrize("emotion", [Emotion.ANGRY, *thorough(Emotion.HAPPY, Emotion.SAD)])
def test_a_film_begins_with_restraint(emotion: Emotion) -> None:
    source, listener, _ = composed([(emotion, 28.0)])
    bar_s = source.cue_sheet.cues[0].bar_s
    first, later = struck(listener, 0.0, bar_s - 0.1), struck(listener, 14.0, 20.0)
    assert {strike.part for strike in first} <= {Part.PAD, Part.BASS}
    assert len(first) / bar_s < 0.7 * len(later) / 6.0
    assert not [s for s in struck(listener, 0.0, 6.0) if s.part in (Part.DRUMS, Part.STINGER)]
    assert Part.LEAD in {strike.part for strike in later}


@pytest.mark.parametrize("emotion", [Emotion.FEARFUL, *thorough(Emotion.HAPPY)])
def test_where_somebody_speaks_nobody_else_has_his_register(emotion: Emotion) -> None:
    speech = [(10.2, 12.0), (13.5, 15.0), (18.0, 19.3)]
    spoken, silent = (composed([(emotion, 22.0)], speech=said)[1] for said in (speech, []))
    for begin, end in speech:
        under = [s for s in spoken.strikes if s.start / RATE < end and (s.start + s.length) / RATE > begin]
        assert under
        assert not {Part.LEAD, Part.DRUMS, Part.STINGER} & {strike.part for strike in under}
        hertz = [440.0 * 2.0 ** ((strike.key - 69) / 12) for strike in under]
        assert not [h for h in hertz if SPEECH_HZ[0] <= h <= SPEECH_HZ[1]]
        assert len(struck(spoken, begin, end)) < 0.7 * len(struck(silent, begin, end))


def test_the_notes_are_told_as_they_were_struck(scored: tuple[Composed, Listener, Stereo]) -> None:
    source, listener, _ = scored
    given = [strike for strike in listener.strikes if strike.start / RATE < SECONDS]
    assert Counter((n.part, n.pitch) for n in source.notes()) == Counter((s.part, s.key) for s in given)
    told = sorted(note.start for note in source.notes())
    np.testing.assert_allclose(told, sorted(strike.start / RATE for strike in given), atol=0.001)


@pytest.mark.parametrize("seconds", [0.2, 1.3, 3.0, 5.0])
def test_short_films_are_scored(seconds: float) -> None:
    _, _, sound = composed([(Emotion.SAD, seconds)])
    assert len(sound) == round(seconds * RATE)
