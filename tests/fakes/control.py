"""A control surface without a daemon: whatever a test says is so."""

from __future__ import annotations

from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion, certain, expected_affect, likeliest
from soundit_edge.errors import SounditError
from soundit_edge.page.status import MoodStatus, MusicStatus, SenseStatus, SourceStatus, Status


def mood_status(emotion: Emotion, strength: float = 0.7) -> MoodStatus:
    """A mood with `strength` (0 to 1) on one emotion."""
    probabilities = certain(emotion, strength)
    affect = expected_affect(probabilities)
    return MoodStatus(
        emotion=likeliest(probabilities),
        valence=affect.valence,
        arousal=affect.arousal,
        confidence=max(probabilities),
        probabilities=dict(zip(EMOTIONS, probabilities, strict=True)),
    )


def full_status(emotion: Emotion = Emotion.HAPPY, strength: float = 0.7) -> Status:
    """A device in that mood: five senses in every state, a camera that is not there, music by the blend of music.md."""
    valence, arousal = AFFECT[emotion].valence, AFFECT[emotion].arousal
    tempo = 1 + 0.04 * valence + 0.14 * arousal
    return Status(
        version="0.1.0",
        t=1.0,
        mood=mood_status(emotion, strength),
        senses=(
            SenseStatus(
                name="face",
                state="reading",
                emotion=emotion,
                confidence=0.81,
                trust=0.9,
                readings_per_second=9.6,
                dropped=41,
                milliseconds=11.2,
                detail={"faces": 2},
            ),
            SenseStatus(
                name="voice",
                state="reading",
                emotion=Emotion.CALM,
                confidence=0.44,
                trust=0.35,
                readings_per_second=1.9,
                milliseconds=24.5,
                detail={"speech": True},
            ),
            SenseStatus(
                name="hue",
                state="reading",
                emotion=Emotion.NEUTRAL,
                confidence=0.38,
                trust=0.2,
                readings_per_second=5.0,
                dropped=3,
                milliseconds=1.8,
            ),
            SenseStatus(name="body", state="quiet", readings_per_second=4.2, dropped=118, milliseconds=31.0),
            SenseStatus(name="lips", state="off"),
        ),
        sources=(
            SourceStatus(role="camera", name="camera 0", state="lost", note="not there, showing the drawn demo"),
            SourceStatus(role="demo", name="drawn demo", state="stand-in", note="in place of the camera"),
            SourceStatus(role="microphone", name="Built-in Audio", state="on"),
            SourceStatus(role="speaker", name="Living room", state="on"),
        ),
        music=MusicStatus(
            title="First light",
            tempo=tempo,
            bpm=96 * tempo,
            semitones=2 * valence,
            cutoff_hz=min(18_000.0, 7000 * 2 ** (0.8 * arousal + 0.35 * valence)),
            reverb_s=min(2.8, max(0.6, 1.5 - 0.9 * arousal)),
            wet=0.16 - 0.10 * arousal,
            loudness_db=2.5 * arousal,
            bar=37,
            level_db=-19.4,
            late_blocks=2,
            underruns=0,
            reason=f"Two faces turned {emotion}: tempo {100 * tempo - 100:+.0f} %.".replace("-", "\u2212"),
        ),
        volume=0.6,
    )


class FakeControl:
    """Counts how often it is asked, keeps every volume that it was given, and can be told to refuse one.

    Attributes:
        now: the status that it gives; replace it to make something happen.
        asked: how often `status` was called.
        volumes: what `set_volume` was given, in order.
        refusal: the error that `set_volume` raises, if any.
    """

    def __init__(self, now: Status | None = None) -> None:
        self.now = full_status() if now is None else now
        self.asked = 0
        self.volumes: list[float] = []
        self.refusal: SounditError | None = None

    def status(self) -> Status:
        self.asked += 1
        return self.now

    async def set_volume(self, volume: float) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.volumes.append(volume)
        self.now = self.now.model_copy(update={"volume": volume})
