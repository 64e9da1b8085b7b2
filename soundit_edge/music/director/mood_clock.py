"""How long the mood has lasted, and the music has led it, counted in bars: music has its own clock."""

from __future__ import annotations

from soundit_edge.emotion import Emotion, Mood


class MoodClock:
    """Counts seconds and bars. Time never goes back, whatever the moods say.

    Attributes:
        t: the latest moment, in seconds of the moods' clock; 0 before the first mood.
        bars: bars played so far.
        emotion: of the latest mood.
    """

    def __init__(self) -> None:
        """Begin before the first mood, in a neutral room."""
        self.t = 0.0
        self.bars = 0.0
        self._begun = False
        self.emotion = Emotion.NEUTRAL
        self._turn_bars = 0.0  # when the mood turned to it
        self._lead_bars = 0.0  # when the music began to lead away from it

    @property
    def mood_bars(self) -> float:
        """Return the bars since the emotion of the mood last changed."""
        return self.bars - self._turn_bars

    @property
    def leading_bars(self) -> float:
        """Return the bars since the emotion of the mood last changed, or `begin_leading` was called after that."""
        return self.bars - self._lead_bars

    def advance(self, mood: Mood, tempo: float, bar_s: float) -> float:
        """Go on to the moment of a mood. One that is older than the last mood moves nothing.

        Args:
            mood: what the room feels.
            tempo: ratio to the track's own tempo that has been played since the last mood.
            bar_s: length of a bar at the track's own tempo, in seconds.

        Returns:
            Seconds since the last mood, 0 or more.
        """
        dt = max(0.0, mood.t - self.t) if self._begun else 0.0
        self.t = max(mood.t, self.t) if self._begun else mood.t
        self._begun = True
        self.bars += dt * tempo / bar_s
        if mood.emotion is not self.emotion:
            self.emotion = mood.emotion
            self._turn_bars = self._lead_bars = self.bars
        return dt

    def wait(self, t: float) -> None:
        """Go on to a moment up to which no music played."""
        self.t = max(t, self.t) if self._begun else t
        self._begun = True

    def begin_leading(self) -> None:
        """Count `leading_bars` from now on."""
        self._lead_bars = self.bars
