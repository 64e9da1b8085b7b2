"""What is learnt of a listener from what they do with songs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.play_history import Event, PlayEvent
from soundit_edge.music.library.recommend import preference_model as taste_module
from soundit_edge.music.library.recommend.fit import asked, columns, fits
from soundit_edge.music.library.recommend.preference_features import SIZE, traits
from soundit_edge.music.library.recommend.preference_model import Taste, judged
from soundit_edge.music.library.recommend.ranking import pick
from soundit_edge.music.library.recommend.reach import Floats
from soundit_edge.music.library.recommend.request import request_for
from soundit_edge.music.library.song import Song
from tests.fakes.songs import GENRES, many_songs, song

SONGS = many_songs(60)

emotions = st.sampled_from(Emotion)


def entry(one: Song, event: Event, felt: Emotion = Emotion.HAPPY, seconds: float | None = None) -> PlayEvent:
    return PlayEvent(0.0, one.id, one.path, event, seconds, felt, AFFECT[felt])


def chances(taste: Taste, felt: Emotion = Emotion.HAPPY, songs: list[Song] = SONGS, seed: int | None = None) -> Floats:
    wish = request_for(felt)
    rng = None if seed is None else np.random.default_rng(seed)
    return taste.chances(songs, wish, fits(columns(songs), asked([wish])), rng)


events = st.lists(
    st.builds(
        entry,
        st.sampled_from(SONGS),
        st.sampled_from(Event),
        emotions,
        st.none() | st.floats(0.0, 500.0),
    ),
    max_size=30,
)


@given(emotions)
def test_who_knows_nothing_ranks_as_the_plain_ranking_does(felt: Emotion) -> None:
    plain = pick(SONGS, [request_for(felt)], count=60)
    assert [each.song for each in pick(SONGS, [request_for(felt)], count=60, taste=Taste())] == [
        each.song for each in plain
    ]


@settings(max_examples=25)
@given(events, st.sampled_from(SONGS), emotions, st.sampled_from([Event.LIKED, Event.FINISHED, Event.DOWNLOADED]))
def test_praise_never_lowers_a_song_in_the_same_mood(
    before: list[PlayEvent], one: Song, felt: Emotion, event: Event
) -> None:
    taste = Taste.learnt(before, SONGS)
    earlier = chances(taste, felt)[one.id - 1]
    taste.learn(entry(one, event, felt), one)
    assert chances(taste, felt)[one.id - 1] > earlier - 1e-6


@settings(max_examples=25)
@given(events, st.sampled_from(SONGS), emotions)
def test_blame_never_raises_it(before: list[PlayEvent], one: Song, felt: Emotion) -> None:
    taste = Taste.learnt(before, SONGS)
    earlier = chances(taste, felt)[one.id - 1]
    taste.learn(entry(one, Event.DISLIKED, felt), one)
    assert chances(taste, felt)[one.id - 1] < earlier + 1e-6


@settings(max_examples=12)
@given(events, st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(happened: list[PlayEvent], random: object) -> None:
    shuffled = list(happened)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for felt in (Emotion.HAPPY, Emotion.SAD):
        a, b = (chances(Taste.learnt(each, SONGS), felt) for each in (happened, shuffled))
        np.testing.assert_allclose(a, b, atol=1e-4)


@settings(max_examples=8)  # of up to 30 events each, every one of which is a fit
@given(events)
def test_learning_on_the_way_and_from_the_record_are_the_same(happened: list[PlayEvent]) -> None:
    on_the_way = Taste()
    for one in happened:
        on_the_way.learn(one, SONGS[one.song - 1])
        chances(on_the_way)
    again = Taste.learnt(happened, SONGS)
    assert again.judgements == on_the_way.judgements
    assert [again.feedback(one.id) for one in SONGS] == [on_the_way.feedback(one.id) for one in SONGS]
    np.testing.assert_allclose(chances(again), chances(on_the_way), atol=1e-4)


@settings(max_examples=25)
@given(emotions, st.integers(0, 5))
def test_the_same_seed_draws_the_same(felt: Emotion, seed: int) -> None:
    taste = Taste.learnt([entry(SONGS[0], Event.LIKED)], SONGS)
    assert (chances(taste, felt, seed=seed) == chances(taste, felt, seed=seed)).all()
    assert (chances(taste, felt, seed=seed) != chances(taste, felt, seed=seed + 1)).all()


def test_doubt_shrinks_with_what_is_known_and_never_vanishes() -> None:
    spreads = []
    for times in (0, 3, 300):
        taste = Taste.learnt([entry(SONGS[0], Event.FINISHED)] * times, SONGS)
        drawn = np.array([chances(taste, seed=seed)[0] for seed in range(200)])
        logits = np.log(drawn) - np.log1p(-drawn)
        spreads.append(float(logits.std()))
    assert spreads[0] > spreads[1] > spreads[2] > 0.05


def test_exploring_never_ends() -> None:
    loved = SONGS[0]
    happened = [entry(loved, Event.LIKED)] * 50 + [entry(one, Event.DISLIKED) for one in SONGS[1:]] * 5
    taste, rng = Taste.learnt(happened, SONGS), np.random.default_rng(4)
    drawn = [pick(SONGS, [request_for(Emotion.HAPPY)], count=1, taste=taste, rng=rng)[0].song.id for _ in range(600)]
    assert drawn.count(loved.id) > 480
    assert len(set(drawn)) > 8


@pytest.mark.parametrize("genre", GENRES)
def test_a_genre_that_is_finished_comes_to_the_front(genre: str) -> None:
    happened = [
        entry(one, Event.FINISHED if one.genre == genre else Event.SKIPPED, felt, 10.0)
        for one in SONGS
        for felt in (Emotion.HAPPY, Emotion.SAD, Emotion.CALM)
    ]
    taste = Taste.learnt(happened, SONGS)
    new = [song(900 + number, genre=name) for number, name in enumerate(GENRES)]  # that differ in nothing else
    best = int(chances(taste, Emotion.SAD, new).argmax())
    assert new[best].genre == genre


def test_who_wants_the_other_mood_gets_it() -> None:
    happened = [
        entry(one, Event.FINISHED if one.valence > 0.2 else Event.SKIPPED, Emotion.SAD, 5.0)
        for one in SONGS
        if abs(one.valence) > 0.2
    ]
    taste = Taste.learnt(happened * 2, SONGS)
    bright, dark = song(900, 0.7, 0.2), song(901, -0.7, -0.4)
    assert np.diff(chances(Taste(), Emotion.SAD, [dark, bright])) < 0
    assert np.diff(chances(taste, Emotion.SAD, [dark, bright])) > 0
    assert np.diff(chances(taste, Emotion.CALM, [song(902, 0.6, -0.5), song(903, -0.6, 0.7)])) < 0


def test_a_policy_that_leads_is_learnt_for_what_was_felt() -> None:
    one = song(1, *(AFFECT[Emotion.HAPPY].valence, AFFECT[Emotion.HAPPY].arousal))
    led = PlayEvent(0.0, 1, one.path, Event.FINISHED, None, Emotion.SAD, AFFECT[Emotion.SAD], "mood", Policy.LIFT)
    taste = Taste.learnt([led] * 5, [one])
    assert chances(taste, Emotion.SAD, [one])[0] > chances(Taste(), Emotion.SAD, [one])[0]
    assert taste.feedback(1) == {Emotion.SAD: {Event.FINISHED: 5}}


def test_what_events_say() -> None:
    one = song(duration_s=200.0)
    assert judged(entry(one, Event.PLAYED), one) is None
    assert judged(entry(one, Event.LEFT, seconds=40.0), one) is None
    skips = [judged(entry(one, Event.SKIPPED, seconds=seconds), one) for seconds in (None, 0.0, 100.0, 200.0, 900.0)]
    assert skips == [(0.0, 1.0), (0.0, 1.0), (0.25, 1.0), (0.5, 1.0), (0.5, 1.0)]
    liked, finished = (judged(entry(one, event), one) for event in (Event.LIKED, Event.FINISHED))
    assert liked is not None
    assert finished is not None
    assert liked[0] == finished[0] == 1.0
    assert liked[1] > finished[1]


def test_a_song_that_is_gone_tells_nothing() -> None:
    taste = Taste.learnt([entry(song(999), Event.LIKED)], SONGS)
    assert taste.judgements == 0
    assert taste.feedback(999) == {}


def test_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taste_module, "MEMORY", 3)
    loved = [entry(SONGS[0], Event.LIKED)] * 3
    changed = Taste.learnt([entry(SONGS[0], Event.DISLIKED)] * 5 + loved, SONGS)
    np.testing.assert_allclose(chances(changed), chances(Taste.learnt(loved, SONGS)))
    assert changed.feedback(1)[Emotion.HAPPY] == {Event.DISLIKED: 5, Event.LIKED: 3}


def test_the_features_and_their_short_cut_agree() -> None:
    rng = np.random.default_rng(8)
    weights, fit, of_songs = rng.normal(size=SIZE), rng.random(len(SONGS)), traits(SONGS)
    for felt in range(len(EMOTIONS)):
        np.testing.assert_allclose(of_songs.rows(fit, felt) @ weights, of_songs.values(weights, fit, felt))


def test_no_name_is_no_box() -> None:
    nameless = [song(1, artist="", genre=""), song(2, artist="", genre="")]
    rows = traits(nameless).rows(np.zeros(2), 0)
    named = traits([song(1, artist="Nina", genre="Soul"), song(1, artist="NINA", genre="soul")]).rows(np.zeros(2), 0)
    assert (named[0] == named[1]).all()
    assert (named[0] != rows[0]).sum() == 2
    assert len(traits([]).common) == 0


def test_the_reasons_tell_what_was_done() -> None:
    one = SONGS[0]
    taste = Taste.learnt([entry(one, Event.FINISHED)] * 2 + [entry(one, Event.SKIPPED, Emotion.SAD)], [one])

    def why(felt: Emotion) -> tuple[str, ...]:
        return pick([one], [request_for(felt)], taste=taste)[0].reasons

    assert "you let it finish twice when it was happy here" in why(Emotion.HAPPY)
    assert "you skipped it when it was sad here" in why(Emotion.SAD)
    assert "you let it finish twice and skipped it in another mood" in why(Emotion.CALM)
    assert pick([SONGS[1]], [request_for(Emotion.SAD)], taste=taste)[0].reasons[-1] == "not played yet"
