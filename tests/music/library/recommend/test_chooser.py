"""The library, live: when another song comes in, which, and what is noted of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood, Reading, expected_affect, one_hot
from soundit_edge.music.director.mapping import DRAMATIC, MUSICAL
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.play_history import Event, PlayEvent
from soundit_edge.music.library.recommend.chooser import (
    AHEAD_S,
    DWELL_BARS,
    ENDING_S,
    LATEST_S,
    MIN_HEARD_S,
    Chooser,
    NextSong,
)
from soundit_edge.music.library.recommend.preference_model import Taste
from soundit_edge.music.library.song import Song
from tests.fakes.songs import many_songs, song

STEP_S = 0.1
DWELL_S = DWELL_BARS * 240.0 / 100.0  # of songs of 100 beats a minute
SONGS = [song(n, AFFECT[emotion].valence, AFFECT[emotion].arousal) for n, emotion in enumerate(Emotion, start=1)]
OF = dict(zip(Emotion, SONGS, strict=True))


def mood(emotion: Emotion, strength: float = 0.9, **senses: Emotion) -> Mood:
    probabilities = one_hot(emotion, strength)
    readings = {name: Reading(name, 0.0, one_hot(felt, 0.9), 0.8) for name, felt in senses.items()}
    return Mood(0.0, emotion, probabilities, expected_affect(probabilities), max(probabilities), readings)


class Device:
    """Plays what the chooser names: at once, or at the end. A song lasts as long as it says."""

    def __init__(self, chooser: Chooser) -> None:
        self.chooser = chooser
        self.now_s = 1.7e9
        self.playing: Song | None = None
        self.left_s = 0.0
        self.choices: list[tuple[float, NextSong]] = []
        self.entries: list[PlayEvent] = []
        self._next: NextSong | None = None

    def play(self, one: Song | None) -> None:
        self.playing, self.left_s = one, one.duration_s if one else 0.0

    def run(self, seconds: float, mood: Mood) -> None:
        """Go on for so long in a mood."""
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            self.left_s -= STEP_S
            if self.playing and self.left_s <= 0.0:
                self.play(self._next.pick.song if self._next else self.playing)
                self._next = None
            path = Path(self.playing.path) if self.playing else None
            if choice := self.chooser.step(self.now_s, mood, path, self.left_s if path else None):
                self.choices.append((self.now_s, choice))
                if choice.at_once:
                    self.play(choice.pick.song)
                else:
                    self._next = choice
            self.entries += self.chooser.entries()

    @property
    def happened(self) -> list[tuple[Event, int]]:
        return [(entry.event, entry.song) for entry in self.entries]


def device(songs: Sequence[Song] = SONGS, policy: Policy = Policy.FOLLOW) -> Device:
    return Device(Chooser(songs, policy=policy, seed=3))


@pytest.mark.parametrize("emotion", Emotion)
def test_it_begins_with_a_song_for_the_mood(emotion: Emotion) -> None:
    player = device()
    player.run(1.0, mood(emotion))
    assert player.playing is OF[emotion]
    assert player.happened == [(Event.PLAYED, OF[emotion].id)]
    ((_, choice),) = player.choices
    assert choice.at_once
    assert choice.path == Path(OF[emotion].path)


def test_a_song_that_suits_stays_to_its_end_and_another_follows() -> None:
    player = device(many_songs(50))
    player.run(1.0, mood(Emotion.HAPPY))
    first = player.playing
    assert first is not None
    player.run(first.duration_s - AHEAD_S - 2.0, mood(Emotion.HAPPY))
    assert len(player.choices) == 1
    player.run(AHEAD_S + 10.0, mood(Emotion.HAPPY))
    _, (_, ahead) = player.choices
    assert not ahead.at_once
    assert player.playing is ahead.pick.song is not first
    assert player.happened == [(Event.PLAYED, first.id), (Event.FINISHED, first.id), (Event.PLAYED, ahead.pick.song.id)]


def test_it_is_left_when_the_mood_has_moved_out_of_its_reach() -> None:
    player = device()
    player.run(60.0, mood(Emotion.HAPPY))
    turned = player.now_s
    player.run(60.0, mood(Emotion.SAD))
    assert player.playing is OF[Emotion.SAD]
    at, choice = player.choices[-1]
    assert choice.at_once
    assert at - turned == pytest.approx(DWELL_S, abs=1.0)
    assert player.happened[1:] == [(Event.LEFT, OF[Emotion.HAPPY].id), (Event.PLAYED, OF[Emotion.SAD].id)]
    assert len(player.choices) == 2


def test_not_before_it_was_heard_for_a_while() -> None:
    player = device()
    player.run(5.0, mood(Emotion.HAPPY))
    player.run(MIN_HEARD_S - 6.0, mood(Emotion.SAD))
    assert len(player.choices) == 1
    player.run(3.0, mood(Emotion.SAD))
    assert len(player.choices) == 2


def test_a_short_turn_is_no_reason() -> None:
    player = device()
    player.run(60.0, mood(Emotion.HAPPY))
    for _ in range(3):
        player.run(DWELL_S - 1.0, mood(Emotion.SAD))
        player.run(3.0, mood(Emotion.HAPPY))
    assert len(player.choices) == 1


def test_what_morphing_reaches_is_no_reason() -> None:
    player = device([song(1, 0.0, 0.0), song(2, 0.15, 0.3)])
    player.run(1.0, mood(Emotion.NEUTRAL))
    assert player.playing is not None
    assert player.playing.id == 1
    near = Mood(0.0, Emotion.HAPPY, one_hot(Emotion.HAPPY), Affect(0.15, 0.3), 1.0)
    player.run(120.0, near)
    assert len(player.choices) == 1


def test_an_empty_room_is_no_hurry() -> None:
    player = device()
    player.run(60.0, mood(Emotion.HAPPY))
    player.run(60.0, mood(Emotion.NEUTRAL, 0.4))
    assert len(player.choices) == 1


def test_it_is_not_left_just_before_its_end() -> None:
    player = device()
    player.run(240.0 - LATEST_S - DWELL_S + 1.0, mood(Emotion.HAPPY))
    player.run(LATEST_S, mood(Emotion.SAD))
    assert [choice.at_once for _, choice in player.choices] == [True, False]


def test_a_song_is_not_left_for_one_that_is_no_better() -> None:
    player = device([OF[Emotion.HAPPY], song(20, 0.75, 0.45)])
    player.run(60.0, mood(Emotion.HAPPY))
    player.run(60.0, mood(Emotion.SAD))
    assert len(player.choices) == 1


def test_skipping_finishing_and_playing_again_are_noted() -> None:
    player = device()
    happy, calm = OF[Emotion.HAPPY], OF[Emotion.CALM]
    player.run(20.0, mood(Emotion.HAPPY))
    player.play(calm)  # the user goes on to another one
    player.run(40.0, mood(Emotion.CALM))
    player.play(calm)  # and hears it again
    player.run(calm.duration_s - 5.0, mood(Emotion.CALM))
    player.play(happy)
    player.run(1.0, mood(Emotion.CALM))
    player.play(None)
    player.run(0.2, mood(Emotion.CALM))
    events = [event for event, _ in player.happened]
    assert events[:4] == [Event.PLAYED, Event.SKIPPED, Event.PLAYED, Event.REPLAYED]
    assert events[4:7] == [Event.FINISHED, Event.PLAYED, Event.LEFT]
    skipped = player.entries[1]
    assert skipped.seconds == pytest.approx(20.0, abs=0.3)
    assert (skipped.emotion, skipped.policy, skipped.who) == (Emotion.CALM, Policy.FOLLOW, "mood")


def test_next_is_a_skip() -> None:
    player = device()
    assert player.chooser.another(None) is None  # nobody has looked at the room yet
    player.run(20.0, mood(Emotion.HAPPY))
    assert player.playing is not None
    following = player.chooser.another(Path(player.playing.path))
    assert following is not None
    assert following == player.chooser.another(Path(player.playing.path))  # until it is heard
    third = player.chooser.another(following.path)
    assert third is not None
    assert third.path not in (following.path, Path(player.playing.path))
    following = third
    assert following.pick.song is not player.playing
    player.play(following.pick.song)
    player.run(1.0, mood(Emotion.HAPPY))
    assert [event for event, _ in player.happened] == [Event.PLAYED, Event.SKIPPED, Event.PLAYED]


def test_a_song_alone_goes_round_by_itself() -> None:
    player = device([OF[Emotion.HAPPY]])
    player.run(500.0, mood(Emotion.SAD))
    assert len(player.choices) == 1
    assert [event for event, _ in player.happened] == [Event.PLAYED, *[Event.FINISHED, Event.PLAYED] * 2]


def test_without_an_end_in_sight_a_song_heard_whole_is_finished() -> None:
    chooser, sad, path = Chooser(SONGS), mood(Emotion.SAD), Path(OF[Emotion.SAD].path)
    for tenth in range(2_300):
        chooser.step(tenth / 10, sad, path, None)
    chooser.step(230.0, sad, Path(OF[Emotion.CALM].path), None)
    assert [entry.event for entry in chooser.entries()] == [Event.PLAYED, Event.FINISHED, Event.PLAYED]


def test_liking_is_noted_with_the_mood() -> None:
    player = device()
    player.chooser.record(Event.LIKED, player.now_s)  # nothing plays
    assert player.chooser.entries() == []
    player.run(10.0, mood(Emotion.SAD))
    player.chooser.record(Event.LIKED, player.now_s)
    (liked,) = player.chooser.entries()
    assert (liked.event, liked.song, liked.emotion, liked.t) == (
        Event.LIKED,
        OF[Emotion.SAD].id,
        Emotion.SAD,
        player.now_s,
    )


def test_face_and_voice_take_turns() -> None:
    player = device(many_songs(80))
    player.run(1_800.0, mood(Emotion.NEUTRAL, 0.5, face=Emotion.HAPPY, voice=Emotion.SAD))
    whose = [choice.pick.request.who for _, choice in player.choices]
    assert len(whose) >= 6
    assert abs(whose.count("face") - whose.count("voice")) <= 1
    assert {choice.at_once for _, choice in player.choices[1:]} == {False}  # one of them is content with each
    begun = [entry.who for entry in player.entries if entry.event is Event.PLAYED]
    assert begun == whose[: len(begun)]


def test_one_glance_does_not_choose() -> None:
    player = device()
    player.run(240.0 - AHEAD_S - 2.0, mood(Emotion.HAPPY, face=Emotion.HAPPY))
    player.run(1.0, mood(Emotion.HAPPY, face=Emotion.ANGRY))
    player.run(3.0, mood(Emotion.HAPPY, face=Emotion.HAPPY))
    assert player.choices[-1][1].pick.request.felt is Emotion.HAPPY
    assert len(player.choices) == 2


def test_a_policy_leads_and_can_be_chosen_anew() -> None:
    player = device(policy=Policy.CALM)
    player.run(60.0, mood(Emotion.ANGRY))
    assert player.playing is OF[Emotion.CALM]
    player.chooser.follow(Policy.FOLLOW, MUSICAL)
    player.run(30.0, mood(Emotion.ANGRY))
    assert player.playing is OF[Emotion.ANGRY]


def test_a_preset_that_is_chosen_later_bends_songs_as_far_as_one_of_the_start() -> None:
    """A song that the musical preset has to leave is one that the dramatic preset can bend to the mood."""
    tame, near = song(1, valence=0.8, arousal=-0.3), song(2, valence=0.8, arousal=0.5)

    def playing_after_a_while(chooser: Chooser) -> Song | None:
        player = Device(chooser)
        player.play(tame)
        player.run(100.0, mood(Emotion.HAPPY))
        return player.playing

    changed = Chooser([tame, near], preset=MUSICAL)
    changed.follow(Policy.FOLLOW, DRAMATIC)
    assert playing_after_a_while(Chooser([tame, near], preset=MUSICAL)) is near
    assert playing_after_a_while(Chooser([tame, near], preset=DRAMATIC)) is tame
    assert playing_after_a_while(changed) is tame


def test_a_song_that_cannot_be_played_is_not_named_again() -> None:
    chooser, happy = Chooser(SONGS), mood(Emotion.HAPPY)
    names: list[Path] = []
    for tenth in range(100):
        if choice := chooser.step(tenth / 10, happy, None):
            names.append(choice.path)
            chooser.reject(choice.path)
    assert len(set(names)) == len(names) == len(SONGS)


def test_nothing_to_choose_from_chooses_nothing() -> None:
    chooser = Chooser([song(1, path="")])
    assert chooser.step(0.0, mood(Emotion.SAD), None) is None
    assert chooser.entries() == []


def test_a_clock_that_jumps_hears_no_music() -> None:
    chooser, happy, path = Chooser(SONGS), mood(Emotion.HAPPY), Path(OF[Emotion.HAPPY].path)
    for now_s in (0.0, 0.1, 1.7e9, 1.6e9, 1.6e9 + 0.1):
        chooser.step(now_s, happy, path, 200.0)
    chooser.step(1.6e9 + 0.2, happy, Path(OF[Emotion.SAD].path), 240.0)
    assert [entry.event for entry in chooser.entries()] == [Event.PLAYED, Event.SKIPPED, Event.PLAYED]


def test_what_is_heard_is_learnt_from() -> None:
    taste = Taste()
    player = Device(Chooser(SONGS, taste=taste))
    player.run(600.0, mood(Emotion.HAPPY))
    finished = [entry for entry in player.entries if entry.event is Event.FINISHED]
    assert taste.judgements == len(finished) >= 2


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.sampled_from(Emotion), st.floats(0.2, 1.0), st.integers(1, 90)), max_size=8),
    st.sampled_from(Policy),
    st.integers(1, 30),
)
def test_whatever_the_moods_songs_are_heard_out_or_for_a_while(
    course: list[tuple[Emotion, float, int]], policy: Policy, count: int
) -> None:
    first, again = (device(many_songs(count), policy) for _ in range(2))
    for emotion, strength, seconds in course:
        for player in (first, again):
            player.run(seconds, mood(emotion, strength))
    assert first.choices == again.choices
    for one, (at, choice) in enumerate(first.choices):
        if one and choice.at_once:
            begun = max(entry.t for entry in first.entries if entry.event is Event.PLAYED and entry.t <= at)
            assert at - begun >= MIN_HEARD_S - 2 * STEP_S
    for entry in first.entries:
        assert entry.event in {Event.PLAYED, Event.FINISHED, Event.LEFT}  # nobody skipped anything
        if entry.event is Event.LEFT:
            assert entry.seconds is not None
            assert entry.seconds >= MIN_HEARD_S - 2 * STEP_S
    assert ENDING_S < LATEST_S < AHEAD_S


def test_a_song_that_the_user_has_chosen_is_not_left_because_of_the_mood() -> None:
    """One that was clicked on the map of moods is heard to its end, however far it is from the room's."""
    chosen = OF[Emotion.SAD]
    player = Device(Chooser(SONGS))
    player.run(10.0, mood(Emotion.HAPPY))
    named = player.chooser.choose(Path(chosen.path))
    assert named is not None
    assert named.pick.reasons == ("you chose it",)
    player.play(chosen)
    player.run(MIN_HEARD_S + 2 * DWELL_S, mood(Emotion.HAPPY))
    assert player.playing == chosen
    assert [entry.event for entry in player.entries][-2:] == [Event.SKIPPED, Event.PLAYED]
    player.run(chosen.duration_s, mood(Emotion.HAPPY))
    assert player.playing != chosen


def test_a_song_that_is_not_there_cannot_be_chosen() -> None:
    assert Chooser(SONGS).choose(Path("/music/gone.ogg")) is None
