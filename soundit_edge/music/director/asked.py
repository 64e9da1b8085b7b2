"""A mood that somebody asks for in place of the room's, for a while, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from soundit_edge.emotion import AFFECT, Emotion, Mood, one_hot


@dataclass(frozen=True, slots=True)
class AskedMood:
    """A mood that somebody asks for.

    Attributes:
        emotion: what the music is to be like.
        minutes: for how long.
        until_s: when that is over, in seconds of the moods' clock.
        who: asks, as the subject of a sentence, such as "you".
    """

    emotion: Emotion
    minutes: int
    until_s: float
    who: str = "you"

    def mood_at(self, room: Mood) -> Mood:
        """Return the mood of a room that is sure to feel so, at the moment of the room's own mood."""
        return Mood(room.t, self.emotion, one_hot(self.emotion), AFFECT[self.emotion], 1.0)

    def words(self) -> str:
        """Return what was asked, such as "you asked for calm, for an hour"."""
        return f"{self.who} asked for {self.emotion.value}, for {_for(self.minutes)}"

    def over_words(self) -> str:
        """Return that the time is over, such as "your hour of calm is over"."""
        whose = "your" if self.who == "you" else f"{self.who}'s"
        is_over = "is over" if self.minutes in (1, 30, 60) else "are over"
        return f"{whose} {_time(self.minutes)} of {self.emotion.value} {is_over}"

    def ended_words(self, who: str) -> str:
        """Return that somebody ended it before, such as "you ended the hour of calm"."""
        return f"{who} ended the {_time(self.minutes)} of {self.emotion.value}"


def _for(minutes: int) -> str:
    return {1: "a minute", 30: "half an hour", 60: "an hour"}.get(minutes) or _time(minutes)


def _time(minutes: int) -> str:
    if minutes % 60 == 0 and minutes > 60:
        return f"{minutes // 60} hours"
    return {1: "minute", 30: "half hour", 60: "hour"}.get(minutes, f"{minutes} minutes")
