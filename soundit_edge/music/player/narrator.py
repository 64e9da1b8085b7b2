"""Says why composed music changes, from the bars that are heard: nothing is said that has not happened.

A composer has tempo and key in its own hands. It takes some bars to follow a mood, and may never do so where the mood
does not last; so what the director asked for is no description of what it plays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.compose.style import STYLES
from soundit_edge.music.director.explain import TEMPO_WORD, leading, tempo_words
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.score import Part

DRIFT_WORD: Final = 0.05
"""Part of the tempo that a change without any other has to have to be worth a word: less passes unnoticed."""
STEADY: Final = 0.01
"""Part of the tempo that it may move and still count as steady."""
STEADY_S: Final = 6.0
"""For so long a tempo has to be steady: one that is still moving is described when it has arrived."""


@dataclass(frozen=True, slots=True)
class HeardBar:
    """What is heard of a bar that was composed.

    Attributes:
        tonic: semitones above C, 0 to 11.
        mode: such as "lydian".
        bpm: beats a minute.
        character: the emotion that mode, parts and instruments are of.
        lead: who plays the melody.
        asked_tempo: ratio that somebody asked for on top, to which `bpm` is on its way.
        asked_semitones: transposition that somebody asked for on top; `tonic` has it.
    """

    tonic: int
    mode: str
    bpm: float
    character: Emotion
    lead: Instrument
    asked_tempo: float = 1.0
    asked_semitones: int = 0

    @property
    def key(self) -> str:
        """What key is heard, such as "D lydian"."""
        return f"{NAMES[self.tonic]} {self.mode}"

    @property
    def own_key(self) -> tuple[int, str]:
        """Tonic and mode without what somebody asked for on top."""
        return (self.tonic - self.asked_semitones) % 12, self.mode

    @property
    def own_bpm(self) -> float:
        """Beats a minute without what somebody asked for on top; meaningless while `bpm` is on its way there."""
        return self.bpm / self.asked_tempo

    @property
    def players(self) -> str:
        """Who plays the melody and the chords, such as "flute and harp"."""
        return f"{self.lead} and {STYLES[self.character].palette[Part.PLUCK]}"


def heard_bar(now: PlayerStatistics) -> HeardBar | None:
    """Return the bar that is heard; None: what is heard is not composed."""
    if not now.bpm:
        return None
    return HeardBar(
        tonic=now.tonic,
        mode=list(MODES)[now.mode],
        bpm=now.bpm,
        character=EMOTIONS[now.style],
        lead=list(Instrument)[now.lead],
        asked_tempo=now.asked_tempo,
        asked_semitones=now.asked_semitones,
    )


class ComposerNarrator:
    """Compares the bar that is heard with the last one that it had something to say about."""

    def __init__(self) -> None:
        """Begin with the first bar, which needs no words."""
        self._described: HeardBar | None = None
        self._key = ""  # that was heard last
        self._bpm = 0.0  # the own tempo since
        self._steady_t = 0.0  # when it last moved

    def step(self, t: float, bar: HeardBar, room: Emotion, leads_to: Emotion | None) -> str:
        """Return in words why the music is another one now; "" where it is not, or that was already said.

        What somebody asked for on top is left to the director's words.

        Args:
            t: the moment, in seconds.
            bar: the one that is heard.
            room: what the room feels.
            leads_to: what the music tries to make it feel, if anything.
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
            # Its tempo may still be on its way: that is described when it has arrived.
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
    # Who leads within one mood takes turns with every phrase: that is how the piece goes, and no change of it.
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
