"""A clip read offline: a mood each second, every reading counted, the senses shown as much as they want."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, CaptureError, Frame, Sound
from soundit_edge.emotion import Emotion
from soundit_edge.perception.offline import OfflinePerception
from tests.fakes.capture import ScriptedCapture, Step
from tests.fakes.senses import SaysOfFrames, SaysOfSound, ensemble


def frames(seconds: float, fps: float = 25) -> list[Step]:
    return [Frame(i / fps, np.zeros((2, 2, 3), np.uint8)) for i in range(round(seconds * fps))]


def sounds(seconds: float, block: float = 0.1) -> list[Step]:
    samples = np.zeros(round(block * SOUND_RATE), np.float32)
    return [Sound(i * block, samples) for i in range(round(seconds / block))]


def opened(*steps: Step) -> ScriptedCapture:
    capture = ScriptedCapture(list(steps), live=False)
    return capture.__enter__()


def test_one_mood_for_each_second() -> None:
    reader = OfflinePerception(ensemble(SaysOfFrames(Emotion.HAPPY)))
    moods = list(reader.moods(opened(*frames(3))))
    assert [mood.t for mood in moods] == [1.0, 2.0, 3.0]
    assert {mood.emotion for mood in moods} == {Emotion.HAPPY}
    assert reader.end == pytest.approx(2.96)


@pytest.mark.parametrize(("seconds", "count"), [(0.2, 1), (1.0, 1), (1.04, 2), (2.5, 3)])
def test_a_begun_second_counts(seconds: float, count: int) -> None:
    reader = OfflinePerception(ensemble(SaysOfFrames(Emotion.SAD)))
    assert len(list(reader.moods(opened(*frames(seconds))))) == count


def test_a_sense_is_shown_frames_at_its_own_rate() -> None:
    fast, slow = SaysOfFrames(Emotion.HAPPY), SaysOfFrames(Emotion.SAD, name="hue", period=0.5)
    reader = OfflinePerception(ensemble(fast, slow))
    list(reader.moods(opened(*frames(10))))
    assert len(fast.seen) == pytest.approx(100, abs=1)
    assert len(slow.seen) == pytest.approx(20, abs=1)
    assert reader.readings == {"face": len(fast.seen), "hue": len(slow.seen)}
    assert np.diff(slow.seen).min() > 0.4


def test_lips_are_shown_every_frame_of_a_film_of_25() -> None:
    lips = SaysOfFrames(Emotion.NEUTRAL, name="lips", period=0.04)
    list(OfflinePerception(ensemble(lips)).moods(opened(*frames(10))))
    assert len(lips.seen) == 250


def test_a_slow_film_is_shown_whole() -> None:
    sense = SaysOfFrames(Emotion.HAPPY)
    list(OfflinePerception(ensemble(sense)).moods(opened(*frames(4, fps=3))))
    assert len(sense.seen) == 12


def test_windows_of_sound_are_heard_when_they_are_due() -> None:
    sense = SaysOfSound(Emotion.CALM)
    reader = OfflinePerception(ensemble(hearing=(sense,)))
    moods = list(reader.moods(opened(*sounds(4))))
    assert len(moods) == 4
    assert sense.heard[0] == pytest.approx((0.0, 1.0))
    assert np.diff([end for _, end in sense.heard]) == pytest.approx(0.5)
    assert reader.readings["voice"] == len(sense.heard) == 7
    assert reader.end == pytest.approx(4.0)


def test_what_is_not_read_is_not_counted() -> None:
    reader = OfflinePerception(ensemble(SaysOfFrames(None)))
    moods = list(reader.moods(opened(*frames(2))))
    assert reader.readings == {}
    assert {mood.emotion for mood in moods} == {Emotion.NEUTRAL}


def test_the_mood_follows_the_clip() -> None:
    sense = SaysOfFrames(Emotion.HAPPY)

    def turn() -> None:
        sense.emotion = Emotion.SAD

    moods = list(OfflinePerception(ensemble(sense)).moods(opened(*frames(20)[:250], turn, *frames(20)[250:])))
    assert moods[9].emotion is Emotion.HAPPY
    assert moods[19].emotion is Emotion.SAD


def test_a_clip_that_breaks_off_says_so() -> None:
    reader = OfflinePerception(ensemble(SaysOfFrames(Emotion.HAPPY)))
    with pytest.raises(CaptureError, match="broken"):
        list(reader.moods(opened(*frames(1), CaptureError("film.mp4: broken"))))


def test_the_same_clip_gives_the_same_moods() -> None:
    def moods() -> list[tuple[float, ...]]:
        reader = OfflinePerception(ensemble(SaysOfFrames(Emotion.ANGRY), hearing=(SaysOfSound(Emotion.SAD),)))
        return [mood.probabilities for mood in reader.moods(opened(*frames(2), *sounds(2)))]

    assert moods() == moods()
