"""From the moods of a room to targets for the engine: where to go (`goal`), how fast (`glide`), and why (`explain`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from soundit_edge.emotion import Mood
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.explain import Narrator
from soundit_edge.music.director.glide import Glide
from soundit_edge.music.director.goal import goal_for
from soundit_edge.music.director.mapping import MUSICAL, Preset
from soundit_edge.music.director.mood_clock import MoodClock
from soundit_edge.music.director.policy import Policy, destination_emotion
from soundit_edge.music.director.target import MusicTarget


@dataclass(frozen=True, slots=True)
class Direction:
    """What the director wants of the music at one moment.

    Attributes:
        t: the moment, in seconds of the mood's clock.
        target: what the engine should do now; `semitones` is whole.
        destination: where `target` will have arrived if the mood stays.
        reason: in words, why the music last changed course; "" before it first did.
        reason_t: when that was; 0 before it first did.
        brief: what a composer should write now; what `destination` is for a track.
    """

    t: float
    target: MusicTarget
    destination: MusicTarget
    reason: str
    reason_t: float
    brief: CompositionBrief


class Director:
    """Turns the moods of a room, in order of time, into targets for the engine."""

    def __init__(
        self,
        bar_s: float = 2.5,
        policy: Policy = Policy.FOLLOW,
        preset: Preset = MUSICAL,
        locks: Mapping[str, float] = MappingProxyType({}),
        fixed: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Begin at `NEUTRAL`.

        Args:
            bar_s: length of a bar of the track at its own tempo, in seconds.
            policy: whether the room is mirrored or led.
            preset: what moods sound like.
            locks: parameters of the target that stay as given here, by name.
            fixed: parameters that no mood moves because the music has them in its own hands, as composed music has its
                tempo and its key; a lock counts for more.

        Raises:
            TargetError: a lock is out of its range.
        """
        self.bar_s = bar_s
        """Seconds of a bar of the track that is heard, at its own tempo; set it when another track is heard."""
        self.unheard: Collection[str] = ()
        """Parameters that the engine leaves out for now: what they do is no reason, for nobody hears it."""
        self._fixed = fixed
        self._controls = MusicControls(policy, preset, locks)
        self._clock = MoodClock()
        self._glide = Glide({**fixed, **locks})
        self._narrator = Narrator(self._controls, self._glide.target)

    def step(self, mood: Mood) -> Direction:
        """Return what the music should do at `mood.t`. A mood older than the last one moves nothing."""
        before, clock, controls = self._glide.target, self._clock, self._controls
        dt = clock.advance(mood, before.tempo, self.bar_s)
        goal = goal_for(mood, controls, clock.mood_bars, clock.leading_bars)
        target = self._glide.step(goal.target, dt, clock.bars, controls.preset.tempo_slew)
        destination = self._glide.destination(goal.target)
        reason = self._narrator.step(clock.t, mood.emotion, goal.leads_to, before, destination, self.unheard)
        return Direction(clock.t, target, destination, reason.words, reason.t, goal.brief)

    def choose(self, controls: MusicControls, who: str = "you") -> None:
        """Do from the next step on what is now wanted, from where the music is: only what is locked jumps.

        How far the room has been led, the pace and the age of the key stay as they are. A policy that begins to lead
        begins where the room is.

        Args:
            controls: all that is wanted.
            who: chose it, as the subject of a sentence; "": nobody, time has passed.

        Raises:
            TargetError: a lock is out of its range; then everything stays as it was.
        """
        before = self._glide.target
        self._glide.hold({**self._fixed, **controls.locks})
        self._narrator.choose(controls, who, before)
        if self._controls.asked or destination_emotion(self._controls.policy, self._clock.emotion) is None:
            self._clock.begin_leading()
        self._controls = controls

    def wait(self, t: float) -> None:
        """Have no music play up to the moment `t`, in seconds of the mood's clock: nothing moves meanwhile."""
        self._clock.wait(t)

    def fix(self, fixed: Mapping[str, float]) -> None:
        """Go on with music that has these parameters in its own hands, in place of those of before; see `__init__`."""
        self._fixed = fixed
        self._glide.hold({**fixed, **self._controls.locks})
        self._narrator.forget()
