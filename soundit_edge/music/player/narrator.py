"""Says why composed music changes, from the bars that are heard, so that it never announces what does not happen.

The composer decides tempo and key by itself. It takes some bars to follow a mood, and may never follow a short one; so
what the director asked for does not describe what is played.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.director.wording import TEMPO_WORD, leading, tempo_words
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.player.statistics import PlayerStatistics

DRIFT_WORD: Final = 0.05
"""Share of the tempo by which it has to change to be mentioned where nothing else changes: less passes unnoticed."""
STEADY: Final = 0.01
"""Share of the tempo by which it may move and still count as steady."""
STEADY_S: Final = 6.0
"""Seconds for which a tempo has to be steady: one that still moves is described when it has arrived."""


@dataclass(frozen=True, slots=True)
class HeardBar:
    """The audible properties of a composed bar.

    Attributes:
        tonic: semitones above C, 0 to 11.
        mode: name of the mode, for example "lydian".
        bpm: beats per minute.
        character: the emotion that mode, parts and instruments express.
        lead: the instrument of the melody.
        pluck: the instrument of the plucked figure.
        asked_tempo: tempo ratio that a user asked for in addition; `bpm` moves towards it.
        asked_semitones: transposition that a user asked for in addition; `tonic` includes it.
    """

    tonic: int
    mode: str
    bpm: float
    character: Emotion
    lead: Instrument
    pluck: Instrument
    asked_tempo: float = 1.0
    asked_semitones: int = 0

    @property
    def key(self) -> str:
        """Return the key that is heard, for example "D lydian"."""
        return f"{NAMES[self.tonic]} {self.mode}"

    @property
    def own_key(self) -> tuple[int, str]:
        """Return tonic and mode without the transposition that a user asked for."""
        return (self.tonic - self.asked_semitones) % 12, self.mode

    @property
    def own_bpm(self) -> float:
        """Return the beats per minute without the ratio that a user asked for; meaningless while `bpm` still moves."""
        return self.bpm / self.asked_tempo

    @property
    def players(self) -> str:
        """Return the instruments of the melody and the chords, for example "flute and harp"."""
        return f"{self.lead} and {self.pluck}"


def heard_bar(now: PlayerStatistics) -> HeardBar | None:
    """Return the composed bar that is heard; None where the music is not composed."""
    if not now.bpm:
        return None
    return HeardBar(
        tonic=now.tonic,
        mode=list(MODES)[now.mode],
        bpm=now.bpm,
        character=EMOTIONS[now.style],
        lead=list(Instrument)[now.lead],
        pluck=list(Instrument)[now.pluck],
        asked_tempo=now.asked_tempo,
        asked_semitones=now.asked_semitones,
    )


class ComposerNarrator:
    """Compares the bar that is heard with the last bar that it described."""

    def __init__(self) -> None:
        """Wait for the first bar, which needs no words."""
        self._described: HeardBar | None = None
        self._key = ""  # the key that was heard last
        self._bpm = 0.0  # `own_bpm` since `_steady_t`
        self._steady_t = 0.0  # when `own_bpm` last moved

    def step(self, t: float, bar: HeardBar, room: Emotion, leads_to: Emotion | None) -> str:
        """Return in words why the music has changed; "" where it has not, or where that was already said.

        The director describes what a user asked for in addition; it is no change here.

        Args:
            t: the present, in seconds of a steady clock.
            bar: the bar that is heard.
            room: the emotion of the room.
            leads_to: the emotion that the music leads the room to, if any.
        """
        if abs(bar.own_bpm - self._bpm) > STEADY * self._bpm:
            self._bpm, self._steady_t = bar.own_bpm, t
        before, key, self._key = self._described, self._key, bar.key
        if before is None:
            self._described = bar
            return ""
        turned = bar.character is not before.character
        arrived = t - self._steady_t >= STEADY_S and abs(bar.own_bpm / before.own_bpm - 1) >= DRIFT_WORD
        if not turned and not arrived:
            # The tempo may still be moving: it is described when it has arrived.
            bar = replace(bar, bpm=before.bpm, asked_tempo=before.asked_tempo)
        changes = _changes(before, bar, key)
        if not changes:
            return ""
        self._described = bar
        return f"{_why(turned, arrived, bar.character, room, leads_to)}: {', '.join(changes)}"


def _changes(before: HeardBar, now: HeardBar, key: str) -> list[str]:
    changes = []
    if now.own_key != before.own_key:
        changes.append(f"from {key} to {now.key}")
    tempo = now.own_bpm / before.own_bpm
    if abs(tempo - 1) >= TEMPO_WORD:
        changes.append(tempo_words(tempo))
    # Within one mood the lead passes to another instrument with every phrase: that belongs to the piece.
    if now.character is not before.character and now.players != before.players:
        changes.append(f"{now.players} play")
    return changes


def _why(turned: bool, arrived: bool, character: Emotion, room: Emotion, leads_to: Emotion | None) -> str:
    if not turned and not arrived:
        return "a new round of the piece"
    if leads_to is character and character is not room:
        return leading(room, leads_to)
    music = f"the music is {'now' if turned else 'still'} {character.value}"
    return f"{music}, like the room" if character is room else music
