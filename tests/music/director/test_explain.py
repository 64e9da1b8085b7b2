"""Which change of the music is worth a sentence: targets are given by hand, nothing glides."""

from __future__ import annotations

from dataclasses import replace

from soundit_edge.emotion import Emotion
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.explain import DRIFT_S, TURN_S, Narrator
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.reason_log import Reason
from soundit_edge.music.director.target import NEUTRAL, MusicTarget

FAST = replace(NEUTRAL, tempo=1.1)
FASTER = replace(NEUTRAL, tempo=1.21)


def narrator() -> Narrator:
    return Narrator(MusicControls(), NEUTRAL)


def test_music_that_stays_as_it_is_needs_no_words() -> None:
    assert narrator().step(10.0, Emotion.NEUTRAL, None, NEUTRAL, NEUTRAL) == Reason(0.0, "")


def test_a_mood_that_turns_is_the_reason_of_what_follows() -> None:
    voice = narrator()
    assert voice.step(1.0, Emotion.HAPPY, None, NEUTRAL, FAST) == Reason(1.0, "the room turned happy: tempo up 10 %")
    assert voice.step(2.0, Emotion.HAPPY, None, FAST, FAST) == Reason(1.0, "the room turned happy: tempo up 10 %")


def test_while_the_mood_is_turning_its_sentence_is_mended() -> None:
    voice = narrator()
    voice.step(1.0, Emotion.HAPPY, None, NEUTRAL, FAST)
    mended = voice.step(1.0 + TURN_S / 2, Emotion.HAPPY, None, FAST, FASTER)
    assert mended == Reason(1.0, "the room turned happy: tempo up 21 %")


def test_another_destination_without_a_turn_has_to_last() -> None:
    voice = narrator()
    voice.step(1.0, Emotion.HAPPY, None, NEUTRAL, FAST)
    voice.step(9.9, Emotion.HAPPY, None, FAST, FAST)
    assert voice.step(10.0, Emotion.HAPPY, None, FAST, NEUTRAL).t == 1.0
    still = voice.step(10.0 + DRIFT_S, Emotion.HAPPY, None, FAST, NEUTRAL)
    assert still == Reason(10.0 + DRIFT_S, "the room is still happy: tempo down 9 %")


def test_a_room_that_is_led_is_said_to_be() -> None:
    voice = Narrator(MusicControls(Policy.LIFT), NEUTRAL)
    voice.step(1.0, Emotion.SAD, Emotion.HAPPY, NEUTRAL, NEUTRAL)
    led = voice.step(20.0, Emotion.SAD, Emotion.HAPPY, FAST, FAST)
    assert led == Reason(20.0, "leading the room from sad to happy: tempo up 10 %")


def test_a_choice_is_explained_by_what_is_heard_of_it_and_by_who_made_it() -> None:
    voice = narrator()
    voice.choose(MusicControls(locks={"tempo": 1.1}), "the schedule", NEUTRAL)
    words = "the schedule locked the tempo: tempo up 10 %"
    assert voice.step(3.0, Emotion.NEUTRAL, None, FAST, replace(FAST, wah=1.0)) == Reason(3.0, words)


def test_a_parameter_that_is_left_out_is_no_reason() -> None:
    voice = narrator()
    shaken = MusicTarget(tempo=1.1, wah=1.0)
    reason = voice.step(1.0, Emotion.HAPPY, None, NEUTRAL, shaken, {"wah"})
    assert reason.words == "the room turned happy: tempo up 10 %"


def test_what_comes_after_a_choice_is_no_answer_to_an_earlier_turn() -> None:
    voice = narrator()
    voice.step(1.0, Emotion.HAPPY, None, NEUTRAL, FAST)
    voice.choose(MusicControls(Policy.LIFT), "you", FAST)
    chosen = voice.step(1.5, Emotion.HAPPY, Emotion.HAPPY, FAST, FAST)
    assert chosen == Reason(1.5, "you chose to lift the room")
    voice.step(1.5, Emotion.HAPPY, Emotion.HAPPY, FAST, FAST)
    assert voice.step(1.6, Emotion.HAPPY, Emotion.HAPPY, FAST, FASTER) == chosen
