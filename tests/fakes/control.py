"""A control surface without a daemon: whatever a test says is so."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager

from soundit_edge.control.actor import Actor
from soundit_edge.control.control import Rating
from soundit_edge.control.events import EventBus, SettingsChanged, Subscription, TrackChanged
from soundit_edge.control.patch import DevicePatch, patch_of
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.refusals import NotAllowed, NotNow
from soundit_edge.control.status import (
    IntegrationStatus,
    ModelStatus,
    MoodStatus,
    MusicStatus,
    OverrideStatus,
    PrivacyStatus,
    ReasonStatus,
    SenseStatus,
    SourceStatus,
    Status,
)
from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion, expected_affect, most_likely, one_hot
from soundit_edge.errors import SounditError
from soundit_edge.parameters import PARAMETERS
from soundit_edge.settings import LockSettings, MusicSettings


def mood_status(emotion: Emotion, strength: float = 0.7) -> MoodStatus:
    """A mood with `strength` (0 to 1) on one emotion."""
    probabilities = one_hot(emotion, strength)
    affect = expected_affect(probabilities)
    return MoodStatus(
        emotion=most_likely(probabilities),
        valence=affect.valence,
        arousal=affect.arousal,
        confidence=max(probabilities),
        probabilities=dict(zip(EMOTIONS, probabilities, strict=True)),
        leading=most_likely(probabilities),
    )


def full_status(emotion: Emotion = Emotion.HAPPY, strength: float = 0.7) -> Status:
    """A device in that mood: five senses in every state, a camera that is not there, music by the blend of music.md."""
    valence, arousal = AFFECT[emotion].valence, AFFECT[emotion].arousal
    tempo = 1 + 0.04 * valence + 0.14 * arousal
    parameters = {name: row.neutral for name, row in PARAMETERS.items()} | {
        "tempo": tempo,
        "semitones": 2 * valence,
        "cutoff_hz": min(18_000.0, 7000 * 2 ** (0.8 * arousal + 0.35 * valence)),
        "reverb_s": min(2.8, max(0.6, 1.5 - 0.9 * arousal)),
        "wet": 0.16 - 0.10 * arousal,
        "loudness_db": 2.5 * arousal,
        "delay_wet": 0.15,
        "tremolo": 0.3,
    }
    reason = f"Two faces turned {emotion}: tempo {100 * tempo - 100:+.0f} %.".replace("-", "\u2212")
    return Status(
        version="0.1.0",
        t=100.0,
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
                milliseconds_p95=19.0,
                age_milliseconds=23.5,
                missed_deadlines=4,
                rate=10.0,
                nominal_rate=10.0,
                resource="cpu",
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
            SenseStatus(
                name="body",
                state="quiet",
                readings_per_second=4.2,
                dropped=118,
                milliseconds=31.0,
                rate=4.2,
                nominal_rate=10.0,
            ),
            SenseStatus(name="lips", state="off"),
        ),
        sources=(
            SourceStatus(role="camera", name="camera 0", state="lost", note="not there, showing the drawn demo"),
            SourceStatus(role="demo", name="drawn demo", state="stand-in", note="in place of the camera"),
            SourceStatus(role="microphone", name="Built-in Audio", state="on"),
            SourceStatus(role="speaker", name="Living room", state="on"),
        ),
        models=(
            ModelStatus(
                name="face_expression", resource="edgetpu", calls=1204, milliseconds=0.52, milliseconds_p95=0.8
            ),
            ModelStatus(name="face_landmark", resource="cpu", calls=602, milliseconds=3.1, milliseconds_p95=12.4),
        ),
        integrations=(
            IntegrationStatus(name="hub", title="Home hub", state="on", since_s=41.5),
            IntegrationStatus(name="bell", title="Door bell", state="lost", since_s=90.0, note="the bell is away"),
        ),
        music=MusicStatus(
            title="First light",
            artist="Soundit",
            album="",
            source="theme",
            position_s=None,
            length_s=None,
            art=None,
            paused=False,
            muted=False,
            **parameters,
            bpm=96 * tempo,
            key="C major",
            bar=37,
            level_db=-19.4,
            late_blocks=2,
            underruns=0,
            ring=0.97,
            least_ring=0.5,
            rung="full",
            reason=reason,
            reasons=(
                ReasonStatus(t=99.0, words=reason),
                ReasonStatus(t=61.5, words="you chose to follow the room: tempo down 4 %, darker"),
                ReasonStatus(
                    t=20.25, words="the room turned sad: tempo down 14 %, key down 2 semitones, darker, softer"
                ),
            ),
            policy="follow",
            preset="musical",
            locks={},
            several=False,
            rating=None,
            note="",
        ),
        volume=0.6,
        privacy=PrivacyStatus(camera_open=True, microphone_open=True),
    )


class FakeControl:
    """Counts how often it is asked, does all that it is asked for, and can be made to refuse.

    Attributes:
        now: the status that it gives; replace it to make something happen.
        asked: how often `status` was called.
        volumes: the volumes that were asked for, in order.
        choices: what else was asked for, in order: a word, and what was given with it.
        actors: who asked, in order.
        refusal: the error that every change raises, if any.
        beat: where the music is at one moment; it goes on from there.
        songs: whether there is a library, and another track to go on to.
        bus: passes events on; `publish` one to make it happen.
    """

    def __init__(self, now: Status | None = None) -> None:
        self.now = full_status() if now is None else now
        self.asked = 0
        self.volumes: list[float] = []
        self.choices: list[tuple[str, object]] = []
        self.actors: list[Actor] = []
        self.refusal: SounditError | None = None
        self.songs = True
        self.beat = Pulse(at=0.0, bars=37.0, bar_s=2.5, beats=4, moving=True, level_db=-19.4)
        self.bus = EventBus()

    def status(self) -> Status:
        self.asked += 1
        return self.now

    def events(self) -> AbstractAsyncContextManager[Subscription]:
        return self.bus.subscribe()

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        self._may(by)
        asked_for = patch_of(patch.model_dump(exclude_unset=True)).changes()
        changes = asked_for.get("music", {})
        for name in ("senses", "privacy"):
            if name in asked_for:
                self.choices.append((name, asked_for[name]))
        if "privacy" in asked_for:
            self.change_privacy(**asked_for["privacy"])
        if "kiosk" in asked_for:
            self.choices.append(("scene", patch.scene))
            self.now = self.now.model_copy(update={"scene": patch.scene})
        if "volume" in changes:
            self.volumes.append(changes["volume"])
            self.now = self.now.model_copy(update={"volume": changes["volume"]})
        for name in ("policy", "preset", "muted"):
            if name in changes:
                self.choices.append((name, changes[name]))
                self.change_music(**{name: changes[name]})
        if "play" in changes:
            self.choices.append(("play", changes["play"]))
            self.change_music(source=changes["play"])
        self._change_live(patch)
        if "lock" in changes:
            asked = changes["lock"]
            self.choices.append(("locks", asked))
            kept = {name: value for name, value in self.now.music.locks.items() if name not in asked}
            locked = {name: value for name, value in asked.items() if value is not None}
            self.change_music(**locked, locks=kept | locked)
        music = self.now.music
        settings = MusicSettings(
            volume=self.now.volume,
            muted=music.muted,
            policy=music.policy,
            preset=music.preset,
            lock=LockSettings(**music.locks),
        )
        self.bus.publish(SettingsChanged(settings, by))

    def _change_live(self, patch: DevicePatch) -> None:
        """Do what lasts only as long as the device runs."""
        asked = patch.model_fields_set
        if "paused" in asked:
            self.choices.append(("paused", patch.paused))
            self.change_music(paused=patch.paused)
        if "track" in asked:
            self.choices.append(("track", patch.track))
            self.change_music(source="tracks")
        if "mood" in asked:
            self.choices.append(("mood", patch.mood))
            mood = patch.mood
            override = mood and OverrideStatus(emotion=mood.emotion, until_s=self.now.t + 60 * mood.minutes)
            self.now = self.now.model_copy(update={"override": override})

    async def play_song(self, number: int, by: Actor) -> None:
        self._may(by)
        if not self.songs:
            raise NotNow("There is no such song in your library.")
        self.choices.append(("song", number))
        self.change_music(source="library", title=f"Song {number}")

    async def rate(self, rating: Rating, by: Actor) -> None:
        self._may(by)
        if not self.songs:
            raise NotNow("What plays is no song of your library.")
        self.choices.append(("rating", rating))
        self.change_music(rating=rating)

    def pulse(self) -> Pulse:
        """The beat that `beat` says, as it goes on from there."""
        return self.beat.as_of(time.monotonic())

    async def next_track(self, by: Actor) -> None:
        self._may(by)
        if not self.songs:
            raise NotNow("There is no other track to go on to.")
        self.choices.append(("next", None))
        self.change_music(title="Second light", bar=0)
        self.bus.publish(TrackChanged("Second light"))

    async def set_safe_mode(self, on: bool, by: Actor) -> None:
        if not by.may_configure:
            raise NotAllowed("This is for the admin.")
        if on is self.now.safe_mode:
            raise NotNow("The device is in safe mode already." if on else "The device is not in safe mode.")
        self.choices.append(("safe mode", on))

    async def open_claim(self, by: Actor) -> None:
        self._may(by)
        if self.now.claim == "claimed":
            raise NotNow("This device has been claimed already: sign in.")
        self.choices.append(("claim", "open"))
        self.now = self.now.model_copy(update={"claim": "open"})

    async def reset_claim(self, by: Actor) -> None:
        self._may(by)
        self.choices.append(("claim", "reset"))
        self.now = self.now.model_copy(update={"claim": "unclaimed"})

    def change_music(self, **changes: object) -> None:
        """Let something be another way with the music."""
        self.now = self.now.model_copy(update={"music": self.now.music.model_copy(update=changes)})

    def change_privacy(self, private: bool) -> None:
        """Close camera and microphone, or open them."""
        privacy = PrivacyStatus(private=private, camera_open=not private, microphone_open=not private)
        self.now = self.now.model_copy(update={"privacy": privacy})

    def _may(self, by: Actor) -> None:
        if not by.may_change:
            raise NotAllowed("Who may only look cannot change anything.")
        if self.refusal is not None:
            raise self.refusal
        self.actors.append(by)
