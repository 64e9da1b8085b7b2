"""Which songs are picked for which mood, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood, Reading, expected_affect, one_hot
from soundit_edge.music.director.mapping import DRAMATIC
from soundit_edge.music.director.policy import STIRRED, Policy
from soundit_edge.music.library.recommend import ranking
from soundit_edge.music.library.recommend.fit import asked, columns, fits
from soundit_edge.music.library.recommend.ranking import APART, Pick, held_back, of_genre, pick
from soundit_edge.music.library.recommend.reach import MUSICAL_REACH, reach_of
from soundit_edge.music.library.recommend.request import MoodRequest, request_for, requests_of
from soundit_edge.music.library.song import Song
from tests.fakes.songs import many_songs, song

SONGS = many_songs(120)
LIKE = [song(n, AFFECT[emotion].valence, AFFECT[emotion].arousal) for n, emotion in enumerate(Emotion, start=1)]
"""A song for each emotion."""

units = st.floats(-1.0, 1.0)
emotions = st.sampled_from(Emotion)
wishes = st.builds(
    request_for,
    emotions,
    st.builds(Affect, units, units),
    st.floats(0.0, 1.0),
    policy=st.sampled_from(Policy),
    weight=st.floats(0.01, 10.0),
)


def numbers(picks: list[Pick]) -> list[int]:
    return [each.song.id for each in picks]


def fit_of(one: Song, request: MoodRequest) -> float:
    return float(fits(columns([one]), asked([request]))[0])


@pytest.mark.parametrize("emotion", Emotion)
def test_the_song_for_a_mood_comes_first(emotion: Emotion) -> None:
    first, second, *_ = pick(LIKE, [request_for(emotion)])
    assert first.song is LIKE[list(Emotion).index(emotion)]
    assert first.score > second.score
    assert "like the room" in first.reasons[0]


@given(wishes, st.integers(0, 200), st.lists(st.integers(1, 120), max_size=60))
def test_so_many_as_asked_each_once(request: MoodRequest, count: int, recent: list[int]) -> None:
    picks = pick(SONGS, [request], count=count, recent=recent)
    assert len(picks) == len(set(numbers(picks))) == min(count, len(SONGS))
    scores = [each.score for each in picks]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert picks == pick(SONGS, [request], count=count, recent=recent)


@given(wishes, st.permutations(SONGS[:20]))
def test_the_order_of_the_library_does_not_matter(request: MoodRequest, shuffled: list[Song]) -> None:
    assert numbers(pick(shuffled, [request])) == numbers(pick(SONGS[:20], [request]))


@given(units, units, wishes, st.floats(0.0, 1.0))
def test_a_song_nearer_to_the_wish_never_fits_worse(
    valence: float, arousal: float, request: MoodRequest, share: float
) -> None:
    far = song(1, valence, arousal)
    near = song(
        2,
        valence + share * (request.affect.valence - valence),
        arousal + share * (request.affect.arousal - arousal),
    )
    assert fit_of(near, request) >= fit_of(far, request) - 1e-12


def test_a_place_that_is_an_estimate_counts_less_near_and_more_far() -> None:
    request = request_for(Emotion.HAPPY)
    near, far = LIKE[2], LIKE[3]
    assert fit_of(near, request) > fit_of(replace(near, source="sound"), request)
    assert fit_of(far, request) < fit_of(replace(far, source="sound"), request)


def test_what_bending_does_away_with_counts_less() -> None:
    request = request_for(Emotion.NEUTRAL)
    assert fit_of(song(1, arousal=-0.3), request) > fit_of(song(2, valence=-0.3), request)  # the tempo reaches further
    assert reach_of(DRAMATIC).beyond(0.3, 0.6) < MUSICAL_REACH.beyond(0.3, 0.6)
    assert MUSICAL_REACH.beyond(0.2, -0.3) == 0.0
    assert MUSICAL_REACH.beyond(-1.2, 0.0) == pytest.approx(1.0)


def test_a_doubtful_wish_is_less_choosy() -> None:
    sure, doubtful = (request_for(Emotion.HAPPY, confidence=confidence) for confidence in (1.0, 0.2))
    assert fit_of(LIKE[3], doubtful) > fit_of(LIKE[3], sure)
    assert fit_of(LIKE[2], doubtful) == pytest.approx(fit_of(LIKE[2], sure), abs=0.02)


def test_an_emotion_that_somebody_named_counts() -> None:
    named = replace(LIKE[0], words={"happy": 1.0})
    assert fit_of(named, request_for(Emotion.HAPPY)) > fit_of(LIKE[0], request_for(Emotion.HAPPY))
    assert fit_of(named, request_for(Emotion.SAD)) < fit_of(LIKE[0], request_for(Emotion.SAD))
    assert "said to be happy" in pick([named], [request_for(Emotion.HAPPY)])[0].reasons


def test_what_listeners_like_comes_first() -> None:
    liked, plain, not_liked = (song(n, liking=liking) for n, liking in enumerate((0.9, None, 0.1)))
    assert numbers(pick([not_liked, plain, liked], [request_for(Emotion.SAD)])) == [0, 1, 2]


def test_anger_is_lifted_by_what_calmed_the_angry() -> None:
    plain = song(1, 0.5, -0.4)
    calms = song(2, 0.3, -0.1, liking=0.8, feelings={"calmness": 0.7}, lifts=frozenset({Emotion.ANGRY}))
    lift = pick([plain, calms], [request_for(Emotion.ANGRY, policy=Policy.LIFT)])
    assert numbers(lift) == [2, 1]
    assert "listeners felt calmness and liked it: an answer to the room being angry" in lift[0].reasons
    assert fit_of(calms, request_for(Emotion.ANGRY)) < 0.2  # who wants it mirrored gets no calm


@given(emotions, st.builds(Affect, units, units), st.sampled_from([Policy.LIFT, Policy.CALM]))
def test_a_policy_that_leads_never_makes_the_stirred_more_so(emotion: Emotion, affect: Affect, policy: Policy) -> None:
    request = request_for(emotion, affect, policy=policy)
    assert (request.felt, request.felt_affect) == (emotion, affect)
    if emotion in STIRRED:
        assert request.emotion is Emotion.CALM
    goal = AFFECT[request.emotion]
    before = np.hypot(affect.valence - goal.valence, affect.arousal - goal.arousal)
    after = np.hypot(request.affect.valence - goal.valence, request.affect.arousal - goal.arousal)
    assert after <= before


def test_to_follow_is_to_mirror() -> None:
    request = request_for(Emotion.ANGRY)
    assert (request.emotion, request.affect, request.leads) == (Emotion.ANGRY, AFFECT[Emotion.ANGRY], False)
    led = pick(LIKE, [request_for(Emotion.ANGRY, policy=Policy.CALM)])[0]
    assert led.reasons[0] == "calm and warm, to lead the room from angry to calm"


def test_a_wish_without_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="weighs more than 0"):
        request_for(Emotion.SAD, weight=0.0)
    with pytest.raises(ValueError, match="sure by 0 to 1"):
        request_for(Emotion.SAD, confidence=1.5)


def test_five_for_the_face_and_five_for_the_voice() -> None:
    face = request_for(Emotion.HAPPY, who="face")
    voice = request_for(Emotion.SAD, who="voice")
    picks = pick(SONGS, [face, voice], count=10)
    assert [each.request.who for each in picks] == ["face", "voice"] * 5
    assert len(set(numbers(picks))) == 10
    assert "like the face" in picks[0].reasons[0]
    happy, sad = ([each.song.valence for each in picks if each.request is request] for request in (face, voice))
    assert min(happy) > max(sad)


def test_two_of_one_mind_share_no_song_twice() -> None:
    both = [request_for(Emotion.HAPPY, who=who) for who in ("face", "voice")]
    assert numbers(pick(SONGS, both, count=10)) == numbers(pick(SONGS, both[:1], count=10))


def test_who_weighs_more_chooses_more() -> None:
    picks = pick(
        SONGS, [request_for(Emotion.HAPPY, who="face", weight=3.0), request_for(Emotion.SAD, who="voice")], count=8
    )
    assert [each.request.who for each in picks].count("face") == 6


def test_of_two_as_good_the_one_that_suits_the_other_too_comes_first() -> None:
    face = request_for(Emotion.HAPPY, Affect(0.0, 0.5), who="face", weight=2.0)
    voice = request_for(Emotion.SAD, Affect(0.0, -0.5), who="voice")
    above, between = song(1, 0.0, 0.9), song(2, 0.0, 0.1)
    assert numbers(pick([above, between], [face]))[0] == 1
    assert pick([above, between], [face, voice])[0].song.id == 2


def test_face_and_voice_ask_for_themselves_where_they_are_read() -> None:
    readings = {
        "face": Reading("face", 1.0, one_hot(Emotion.HAPPY, 0.9), 0.8),
        "voice": Reading("voice", 1.0, one_hot(Emotion.ANGRY, 0.6), 0.4),
        "hue": Reading("hue", 1.0, one_hot(Emotion.SAD, 0.6), 0.4),
    }
    probabilities = one_hot(Emotion.SAD, 0.5)
    mood = Mood(1.0, Emotion.SAD, probabilities, expected_affect(probabilities), max(probabilities), readings)
    face, voice = requests_of(mood, Policy.LIFT)
    assert (face.who, face.felt, face.weight, face.emotion) == ("face", Emotion.HAPPY, 0.8, Emotion.HAPPY)
    assert (voice.who, voice.felt, voice.weight, voice.emotion) == ("voice", Emotion.ANGRY, 0.4, Emotion.CALM)
    (room,) = requests_of(replace(mood, senses={"hue": readings["hue"]}))
    assert (room.who, room.felt, room.affect) == ("mood", Emotion.SAD, mood.affect)


def test_a_genre_is_a_genre_in_any_case() -> None:
    songs = [song(1, genre="Indie-Rock"), song(2, genre="Rockabilly"), song(3, genre="hip hop"), song(4)]
    request = [request_for(Emotion.SAD)]
    assert numbers(pick(songs, request, genre="rock")) == [1]
    assert numbers(pick(songs, request, genre="Hip-Hop")) == [3]
    assert pick(songs, request, genre="polka") == []
    assert not of_genre(songs[3], "rock")


def test_a_song_without_a_file_tells_no_tempo() -> None:
    (unheard,) = pick([song(1, bpm=0.0, key="", mode="", lufs=0.0, path="")], [request_for(Emotion.NEUTRAL)])
    (heard,) = pick([song(1, bpm=92.4, key="D")], [request_for(Emotion.NEUTRAL)])
    assert unheard.reasons == ("even, like the room",)
    assert heard.reasons == ("even, like the room", "92 bpm in D major")


def test_nothing_comes_of_nothing() -> None:
    assert pick([], [request_for(Emotion.SAD)]) == []
    assert pick(SONGS, []) == []
    assert pick(SONGS, [request_for(Emotion.SAD)], count=0) == []


@settings(max_examples=40)
@given(wishes, st.integers(1, 60), st.booleans())
def test_no_song_comes_again_before_others_have_had_their_turn(request: MoodRequest, size: int, by_lot: bool) -> None:
    songs, rng = SONGS[:size], np.random.default_rng(1) if by_lot else None
    played: list[int] = []
    for _ in range(2 * size + 5):
        (chosen,) = pick(songs, [request], count=1, recent=played[::-1], rng=rng)
        assert chosen.song.id not in played[-min(APART, size // 2) :] or size == 1
        played.append(chosen.song.id)


def test_what_was_played_lately_recovers() -> None:
    factors = held_back(SONGS, list(range(1, 100)))
    assert (np.diff(factors[:99]) > 0).all()
    assert (factors[:APART] < 0.01).all()
    assert factors[98] > 0.95
    assert (factors[99:] == 1.0).all()


@pytest.mark.parametrize("emotion", Emotion)
def test_by_lot_every_song_keeps_a_chance(emotion: Emotion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "CHANCE", 1.0)
    songs, rng = LIKE, np.random.default_rng(2)
    drawn = {pick(songs, [request_for(emotion)], count=1, rng=rng)[0].song.id for _ in range(800)}
    assert drawn == {one.id for one in songs}


def test_the_lot_is_drawn_seldom_and_said() -> None:
    rng = np.random.default_rng(3)
    picks = [pick(LIKE, [request_for(Emotion.SAD)], count=1, rng=rng)[0] for _ in range(1_000)]
    lots = sum("by chance" in each.reasons[-1] for each in picks)
    assert 15 <= lots <= 50
    assert sum(each.song is LIKE[3] for each in picks) >= 1_000 - lots
