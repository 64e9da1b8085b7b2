"""What clients see: one immutable picture of the whole device at one moment.

The daemon fills it in, the page only draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FiniteFloat,
    NonNegativeInt,
    create_model,
)

from soundit_edge.control.claim import ClaimState
from soundit_edge.control.picture import (
    Amount,
    Decibels,
    Number,
    Share,
    Signed,
    StatusModel,
    Text,
    rounded,
)
from soundit_edge.control.update_status import UpdateStatus
from soundit_edge.emotion import EMOTIONS, Emotion, Mood
from soundit_edge.parameters import PARAMETERS
from soundit_edge.settings import PolicyName, PresetName
from soundit_edge.tables.parameter import Parameter


def _complete(probabilities: dict[Emotion, float]) -> dict[Emotion, float]:
    if missing := [e.value for e in EMOTIONS if e not in probabilities]:
        raise ValueError(f"no probability for {', '.join(missing)}")
    return probabilities


def _in_range(row: Parameter) -> Any:
    return Annotated[FiniteFloat, BeforeValidator(rounded), Field(ge=row.low, le=row.high)]


class MoodStatus(StatusModel):
    """The room's mood.

    Attributes:
        emotion: the held emotion.
        valence: -1 (unpleasant) to 1 (pleasant).
        arousal: -1 (still) to 1 (stirred).
        confidence: probability of `emotion`, 0 to 1.
        probabilities: one share for each of the eight emotions.
        held: whether `emotion` is only held, while another one is likelier.
        leading: the likeliest emotion; None: not known.
    """

    emotion: Emotion
    valence: Signed
    arousal: Signed
    confidence: Share
    probabilities: Annotated[dict[Emotion, Share], AfterValidator(_complete)]
    held: bool = False
    leading: Emotion | None = None

    @classmethod
    def of(cls, mood: Mood) -> MoodStatus:
        """Return what the page shows of a mood."""
        return cls(
            emotion=mood.emotion,
            valence=mood.affect.valence,
            arousal=mood.affect.arousal,
            confidence=mood.confidence,
            probabilities=dict(zip(EMOTIONS, mood.probabilities, strict=True)),
            held=mood.held,
            leading=mood.leading,
        )


class OverrideStatus(StatusModel):
    """A mood that somebody asked for: the music is directed as if the room felt it.

    Attributes:
        emotion: that is asked for.
        until_s: when it ends by itself, in seconds since the daemon started, as `Status.t`.
    """

    emotion: Emotion
    until_s: Amount


class SenseStatus(StatusModel):
    """One sense.

    Attributes:
        name: such as "face".
        state: "reading" (its readings count now), "quiet" (it runs but finds nothing), "failing" (its calls fail or
            hang; it is tried again), "off" (it does not run).
        emotion: the likeliest emotion of its latest reading, None where there is none.
        confidence: probability of `emotion`, 0 to 1.
        trust: how much the reading counts, 0 to 1.
        readings_per_second: over the last seconds.
        dropped: how many frames or windows were skipped since the start because a newer one came.
        milliseconds: what the latest readings took, the median.
        milliseconds_p95: the same, the 95th percentile.
        age_milliseconds: how old a frame or window is when its reading begins, the 95th percentile.
        missed_deadlines: how many readings came too late since the start.
        rate: readings a second that it may make now; below `nominal_rate` where this computer is too slow for all.
        nominal_rate: readings a second where nothing is short.
        resource: what its calls hold, such as "cpu" or "cpu, edgetpu".
        failures: how many readings failed since the start.
        failure: why the latest did, in one line; "" where none did lately.
        detail: what else the sense has to say, such as {"faces": 2}.
    """

    name: Text
    state: Literal["reading", "quiet", "failing", "off"]
    emotion: Emotion | None = None
    confidence: Share = 0.0
    trust: Share = 0.0
    readings_per_second: Amount = 0.0
    dropped: NonNegativeInt = 0
    milliseconds: Amount = 0.0
    milliseconds_p95: Amount = 0.0
    age_milliseconds: Amount = 0.0
    missed_deadlines: NonNegativeInt = 0
    rate: Amount = 0.0
    nominal_rate: Amount = 0.0
    resource: Text = ""
    failures: NonNegativeInt = 0
    failure: Text = ""
    detail: dict[str, bool | int | Number | Text] = Field(default_factory=dict)


class ModelStatus(StatusModel):
    """One model that the senses run.

    Attributes:
        name: such as "face_landmark".
        resource: what runs it: "cpu", or an accelerator such as "edgetpu".
        calls: how many there were since the start.
        milliseconds: what the latest calls took, the median.
        milliseconds_p95: the same, the 95th percentile.
    """

    name: Text
    resource: Text
    calls: NonNegativeInt
    milliseconds: Amount
    milliseconds_p95: Amount


class SourceStatus(StatusModel):
    """One way in or out, or an accelerator of the models.

    Attributes:
        role: what it does for the device.
        name: which one, such as "HD Webcam", "dinner.mp4" or an accelerator's library; of the sensing light ("light")
            its pin.
        state: "on"; "off" (the user wants none, or it is of no use); "lost" (it is gone and looked for); "stand-in" (it
            takes the place of one that is not there).
        note: one short sentence for the user, or "".
    """

    role: Literal["camera", "microphone", "clip", "demo", "speaker", "accelerator", "light"]
    name: Text
    state: Literal["on", "off", "lost", "stand-in"]
    note: Text = ""


class IntegrationStatus(StatusModel):
    """One integration, also one that is switched off.

    Attributes:
        name: as in the settings, such as "mqtt".
        title: for people, such as "Home Assistant (MQTT)".
        state: "off" (the user wants none); "connecting" (for the first time since it was switched on); "on"; "lost"
            (its peer is away or refuses it, and is tried again).
        since_s: since when, in seconds since the daemon started, as `Status.t`.
        note: one short sentence for the user, or "".
        refused: changes that it asked for and that were too many at once, since it was switched on.
    """

    name: Text
    title: Text
    state: Literal["off", "connecting", "on", "lost"]
    since_s: Amount
    note: Text = ""
    refused: NonNegativeInt = 0


class PulseStatus(StatusModel):
    """Where the music is, as it is heard, at the moment that the picture was taken.

    Attributes:
        beat: number of the beat in its bar, from 0.
        beats: beats in a bar; 0 where the piece has no beat.
        phase: place in the beat, 0 to 1; in the bar, where there is no beat.
        beat_s: length of the present beat (or bar), in seconds.
        moving: whether the music goes on.
    """

    beat: NonNegativeInt = 0
    beats: NonNegativeInt = 0
    phase: Share = 0.0
    beat_s: Amount = 0.0
    moving: bool = False


class ReasonStatus(StatusModel):
    """Why the music changed at the moment `t` (seconds since the daemon started), in words."""

    t: Amount
    words: Text


class _Music(StatusModel):
    """What is played, and how.

    Attributes:
        title: of the piece.
        artist, album: of the piece, or "" where it has none.
        source: where the music comes from; "tracks" is one sound file or several, in their order.
        position_s: place in the piece that is heard, in seconds of the piece; None where the piece is endless.
        length_s: length of the piece, in seconds; None where it is endless.
        art: path on the page of the picture that the piece's file has; None where there is none.
        paused: whether the music stands still.
        muted: whether it is silent while it goes on.
        (and one number for each row of `PARAMETERS`, by its name, as in force)
        bpm: beats per minute as heard; None where the piece has no beat.
        key: as heard, such as "Eb minor"; "" where that is not known.
        bar: number of the bar that plays, from 0.
        pulse: where in the bar it is.
        level_db: how loud it just was, dB below full scale; silence is `FLOOR_DB`.
        late_blocks: blocks that were ready later than planned, since the start.
        underruns: blocks that the speaker had to do without, since the start.
        ring: how full the speaker's buffer is, 0 to 1.
        least_ring: the least that has been, 0 to 1.
        rung: "full", or what the engine leaves out because the processor cannot keep up: one window of the stretcher
            ("single_band"), reverberation and wah, too ("no_room"), all but playing faster and slower ("resample").
        reason: why the music last changed, in words; the first of `reasons`.
        reasons: the last ones, the newest first.
        policy: what the music does with the mood.
        preset: how far it goes.
        locks: parameters that no mood moves, by name.
        several: whether there is another track to go on to.
        rating: what the user said of the song that plays, now or before; None where it is none of their library.
        note: one short sentence for the user about the tracks, or "".
    """

    title: Text
    artist: Text
    album: Text
    source: Literal["theme", "compose", "library", "tracks"]
    position_s: Amount | None
    length_s: Amount | None
    art: Text | None
    paused: bool
    muted: bool
    bpm: Amount | None
    key: Text
    bar: NonNegativeInt
    pulse: PulseStatus = PulseStatus()
    level_db: Decibels
    late_blocks: NonNegativeInt
    underruns: NonNegativeInt
    ring: Share
    least_ring: Share
    rung: Literal["full", "single_band", "no_room", "resample"]
    reason: Text
    reasons: tuple[ReasonStatus, ...]
    policy: PolicyName
    preset: PresetName
    locks: dict[str, Number]
    several: bool
    rating: Literal["none", "liked", "disliked"] | None
    note: Text


if TYPE_CHECKING:  # mypy does not follow create_model

    class MusicStatus(_Music):
        def __init__(self, **values: Any) -> None: ...

        def __getattr__(self, name: str) -> Any: ...

else:
    MusicStatus = create_model(
        "MusicStatus",
        __base__=_Music,
        __doc__=_Music.__doc__,
        **{row.name: (_in_range(row), ...) for row in PARAMETERS.values()},
    )


class PrivacyStatus(StatusModel):
    """What is sensed and kept of the people in the room.

    Attributes:
        private: whether camera and microphone are to be closed.
        public_place: whether nothing about individuals is kept.
        camera_open: whether anything that gives pictures is open now, a film and the drawn demo included.
        microphone_open: the same for sound.
    """

    private: bool = False
    public_place: bool = False
    camera_open: bool = False
    microphone_open: bool = False


class Status(StatusModel):
    """The whole device at one moment.

    Attributes:
        version: of the package.
        t: seconds since the daemon started.
        models: those that have been called.
        integrations: all that there are, in the order in which people are shown them.
        volume: 0 (silent) to 1 (full).
        override: the mood that is played in place of the room's; None: the room's is.
        privacy: what is open and what is kept.
        update: the model set in use, and whether a better one is there.
        note: one short sentence for the user about the device, such as that its settings cannot be kept, or "".
        room: name of the room that the device stands in, or "".
        schedule: what the schedule holds now, in words, or "".
        scene: name of the scene that the full-screen picture shows; "": they take turns.
        welcomed: whether the guide of the first run was seen or put away.
        claim: whether somebody has claimed the device.
        safe_mode: whether only music and page run; None where nothing would start the device again, out of it or in it.
    """

    version: Text
    t: Amount
    mood: MoodStatus
    senses: tuple[SenseStatus, ...]
    sources: tuple[SourceStatus, ...]
    models: tuple[ModelStatus, ...] = ()
    integrations: tuple[IntegrationStatus, ...] = ()
    music: MusicStatus
    volume: Share
    override: OverrideStatus | None = None
    privacy: PrivacyStatus = PrivacyStatus()
    update: UpdateStatus = UpdateStatus()
    note: Text = ""
    room: Text = ""
    schedule: Text = ""
    scene: Text = ""
    welcomed: bool = True
    claim: ClaimState = "claimed"
    safe_mode: bool | None = None
