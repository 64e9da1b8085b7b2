"""A song of the user's library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from soundit_edge.emotion import Emotion


@dataclass(frozen=True, slots=True)
class Song:
    """What the library knows of one sound file.

    Attributes:
        id: its number in the library, which it keeps.
        path: absolute; "" where no file of it is here, and only its link, title and what was said of it are known.
        title: from its tags; never empty, the file's name stands in.
        artist: from its tags, or ""; of several all, with "; " between them.
        genre: the same.
        duration_s: in seconds.
        bpm: beats per minute; None where it has no beat, or no file of it is here.
        key: the tonic, such as "C" or "F#".
        mode: "major" or "minor".
        lufs: integrated loudness.
        true_peak_db: dBTP.
        valence, arousal: -1 to 1.
        source: where these two come from: "sound" (estimated), "ratings", "words", "given" or "hand" (corrected).
        feelings: what listeners felt, by the name of the feeling, as shares 0 to 1; of rated songs only.
        liking: share of the listeners who liked it, 0 to 1; None where nobody was asked.
        words: emotions that somebody gave the song by name, or that listeners' feelings amount to, as shares that sum
            to 1; empty where nobody did.
        link: where it came from (an address or an id of another catalogue), or "".
        lifts: the emotions of listeners whom it did good, by the rule of `imports.lifting`; of rated songs only.
        album: from its tags, or "".
    """

    id: int
    path: str
    title: str
    artist: str
    genre: str
    duration_s: float
    bpm: float | None
    key: str
    mode: str
    lufs: float
    true_peak_db: float
    valence: float
    arousal: float
    source: str
    feelings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    liking: float | None = None
    words: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    link: str = ""
    lifts: frozenset[Emotion] = frozenset()
    album: str = ""

    @property
    def artists(self) -> tuple[str, ...]:
        """Return each of several artists."""
        return parts_of(self.artist)

    @property
    def genres(self) -> tuple[str, ...]:
        """Return each of several genres, also where a slash separates them."""
        return genres_in(self.genre)


def parts_of(text: str) -> tuple[str, ...]:
    """Return several names that stand in one text, with semicolons between them."""
    return tuple(name for part in text.split(";") if (name := part.strip()))


def genres_in(text: str) -> tuple[str, ...]:
    """Return several genres that stand in one text, with semicolons or slashes between them."""
    return parts_of(text.replace("/", ";"))
