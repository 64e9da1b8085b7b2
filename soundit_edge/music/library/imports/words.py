"""Songs with mood words, such as "grief" or "upbeat", and the user's table of what each word stands for."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, UnknownEmotion, emotion_named
from soundit_edge.files import write_whole
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.imports.entries import NAMING, Entries, ImportedSong, ImportResult, entry_of
from soundit_edge.music.library.imports.table import ImportFileError, read_table
from soundit_edge.text import reason

Table = Mapping[str, tuple[Emotion, ...]]
"""Word -> the emotions that its songs are dealt out to in turn; none: they are left out."""

_ANGER: Final = (Emotion.DISGUSTED, Emotion.ANGRY)
WORDS: Final[Table] = MappingProxyType(
    {
        "aggression": _ANGER,
        "anger": _ANGER,
        "angst": (Emotion.FEARFUL,),
        "brooding": (Emotion.SAD,),
        "calm": (Emotion.CALM,),
        "cheerful": (Emotion.HAPPY,),
        "confident": (Emotion.HAPPY,),
        "depressed": (Emotion.SAD,),
        "desire": (Emotion.HAPPY,),
        "earnest": (Emotion.NEUTRAL,),
        "excitement": (Emotion.SURPRISED,),
        "grief": (Emotion.SAD,),
        "happy": (Emotion.HAPPY,),
        "pessimism": (Emotion.FEARFUL,),
        "romantic": (Emotion.CALM,),
        "sad": (Emotion.SAD,),
        "unknown": (),
        "upbeat": (Emotion.HAPPY,),
    }
)
"""What the table is until the user changes it. Words with the same emotions are dealt out as if they were one: of 1,545
songs of aggression and anger, 772 are angry and 773 disgusted."""


def table_path(library: Library) -> Path:
    """Return where the table lies: beside the library."""
    return library.path.with_name("mood_words.csv")


def read_words(path: Path) -> Table:
    """Read the user's table: a CSV file with the columns word and emotions, the latter with spaces between them.
    Where there is none, ours is written there.

    Raises:
        ImportFileError: it cannot be read or written, or names an emotion that there is not.
    """
    if not path.exists():
        _write(path)
        return WORDS
    table: dict[str, tuple[Emotion, ...]] = {}
    for row in read_table(path, ("word", "emotions")):
        try:
            emotions = tuple(map(emotion_named, row.cells.get("emotions", "").split()))
        except UnknownEmotion as error:
            raise row.wrong("emotions", str(error)) from None
        table[row.text("word").casefold()] = emotions
    return table


def dealt(words: Sequence[str], table: Table) -> list[Emotion | None]:
    """Return the emotion of each song, by its word; None: it is left out.

    Raises:
        KeyError: a word is not in the table.
    """
    turns: Counter[tuple[Emotion, ...]] = Counter()
    emotions: list[Emotion | None] = []
    for word in words:
        choice = table[word.casefold()]
        emotions.append(choice[turns[choice] % len(choice)] if choice else None)
        turns[choice] += 1
    return emotions


def shares_of(words: Sequence[str], table: Table) -> dict[str, float]:
    """Return what the words of one song say, as shares of emotions that sum to 1; empty where none of them is known.

    A word that stands for several emotions counts for each of them; the names of the emotions are known, too.
    """
    named = [table.get(word) or ((Emotion(word),) if word in list(Emotion) else ()) for word in words]
    known = [emotions for emotions in named if emotions]
    shares: defaultdict[str, float] = defaultdict(float)
    for emotions in known:
        for emotion in emotions:
            shares[str(emotion)] += 1.0 / (len(known) * len(emotions))
    return dict(shares)


def thinned(emotions: Sequence[Emotion | None], most: int) -> list[Emotion | None]:
    """Return the same with every second song of each emotion, the first one to begin with, and `most` of it at most."""
    seen: Counter[Emotion] = Counter()
    kept: list[Emotion | None] = []
    for emotion in emotions:
        place = seen[emotion] if emotion else 1
        kept.append(emotion if place % 2 == 0 and place // 2 < most else None)
        if emotion:
            seen[emotion] += 1
    return kept


def import_words(library: Library, path: Path, most: int | None = None) -> ImportResult:
    """Import a file of songs with mood words, whole or not at all.

    Args:
        library: to import them into.
        path: a CSV file with a column mood, and those of `entries.NAMING`. A song may be in several rows.
        most: of each emotion only every second song is taken, and no more than this; None: all are.

    Raises:
        ImportFileError: it or the table of words cannot be read, or a word is not in the table.
    """
    place = table_path(library)
    table = read_words(place)
    rows = read_table(path, ("mood",), NAMING)
    for row in rows:
        if row.text("mood").casefold() not in table:
            raise row.wrong("mood", f"{row.cells['mood']!r} is not in {place}, which you may add it to")
    emotions = dealt([row.text("mood") for row in rows], table)
    if most is not None:
        emotions = thinned(emotions, most)
    songs: defaultdict[ImportedSong, Counter[Emotion]] = defaultdict(Counter)
    for row, emotion in zip(rows, emotions, strict=True):
        entry = entry_of(row)
        if emotion is not None:
            songs[entry][emotion] += 1
    taken = ImportResult(len(rows))
    with library.transaction() as connection:
        entries = Entries(connection, "words")
        for entry, counts in songs.items():
            number = entries.song(entry, taken)
            shares = {str(emotion): count / counts.total() for emotion, count in counts.items()}
            connection.execute("UPDATE songs SET words = ? WHERE id = ?", (json.dumps(shares), number))
            entries.place(number, affect_of(shares), "words")
    return taken


def affect_of(shares: Mapping[str, float]) -> Affect:
    """Return the place in the plane that shares of emotions make."""
    places = [(share, AFFECT[Emotion(name)]) for name, share in shares.items()]
    return Affect(math.fsum(s * p.valence for s, p in places), math.fsum(s * p.arousal for s, p in places))


def _write(path: Path) -> None:
    """Write our table, whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("word", "emotions"))
    writer.writerows((word, " ".join(emotions)) for word, emotions in WORDS.items())
    try:
        write_whole(path, text.getvalue().encode())
    except OSError as error:
        raise ImportFileError(f"{path}: cannot be written ({reason(error)})") from error
