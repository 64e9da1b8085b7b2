"""What the page is told of the library."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from soundit_edge.emotion import Emotion
from soundit_edge.page.background import WorkStatus

SortName = Literal["title", "artist", "album", "newest", "tempo", "length", "valence", "arousal"]
"""By what songs can be sorted; "newest" begins with what came in last."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class FolderRow(_Answer):
    """A folder of the library.

    Attributes:
        id: its number.
        name: of the folder, for people.
        there: whether it is there now.
        songs: how many songs of it are there.
        missing: how many of its songs had no file when it was scanned last.
        scanned_t: when the last whole scan ended, in seconds since 1970; None: never.
    """

    id: int
    name: str
    there: bool
    songs: int
    missing: int
    scanned_t: float | None


class ScanReport(_Answer):
    """What the last scan did, as numbers of songs.

    Attributes:
        new, changed, moved, same, missing: as in `music.library.scan.Report`.
        vanished: files that went away before they were read.
        skipped: a line for each file that is no song, and why; at most `MAX_SKIPPED` of them.
        skipped_count: how many there were.
    """

    new: int
    changed: int
    moved: int
    same: int
    missing: int
    vanished: int
    skipped: list[str]
    skipped_count: int


class LibraryOverview(_Answer):
    """The library as a whole.

    Attributes:
        songs: how many are there.
        missing: how many have no file any more.
        folders: that it has.
        scan: how the scan stands.
        report: what the last scan since the start of the device did.
    """

    songs: int
    missing: int
    folders: list[FolderRow]
    scan: WorkStatus
    report: ScanReport | None


class SongRow(_Answer):
    """A song.

    Attributes:
        id: its number.
        title, artist, album: for people; of several artists all, with "; " between them.
        length_s: in seconds.
        tempo: beats per minute, None where it has no beat.
        key: such as "Eb minor".
        valence, arousal: -1 to 1.
        emotion: that is nearest to them.
        moods: emotions that somebody gave it by name, the most frequent first.
        rating: what the user said of it last.
        missing: whether its file is gone.
        corrected: what the user corrected by hand.
    """

    id: int
    title: str
    artist: str
    album: str
    length_s: float
    tempo: float | None
    key: str
    valence: float
    arousal: float
    emotion: Emotion
    moods: list[Emotion]
    rating: Literal["liked", "disliked"] | None
    missing: bool
    corrected: list[Literal["mood", "tempo"]]


class SongPage(_Answer):
    """Some of the songs that were asked for, and how many there are in all."""

    total: int
    songs: list[SongRow]


class EventRow(_Answer):
    """Something that happened to a song.

    Attributes:
        t: when, in seconds since 1970.
        song: its number.
        title, artist: of the song.
        event: what, such as "played" or "skipped".
        emotion: the mood then.
    """

    t: float
    song: int
    title: str
    artist: str
    event: str
    emotion: Emotion


class EventPage(_Answer):
    """Some of what happened, the latest first, and how much there is in all."""

    total: int
    events: list[EventRow]


class Erased(_Answer):
    """What was erased: entries of the history, and with them what was learnt from them."""

    entries: int
    taste: bool = True
