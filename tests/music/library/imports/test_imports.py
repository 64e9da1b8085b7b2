from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.imports.affect import import_affect
from soundit_edge.music.library.imports.entries import ImportResult
from soundit_edge.music.library.imports.feelings import FEELINGS, affect_of, emotions_of
from soundit_edge.music.library.imports.lifting import Group, lifted, lifting, moods_of
from soundit_edge.music.library.imports.ratings import import_ratings
from soundit_edge.music.library.imports.table import ImportFileError
from soundit_edge.music.library.imports.words import WORDS, dealt, import_words, read_words, table_path, thinned
from soundit_edge.music.library.song import Song
from tests.music.library.songs import song

EMOTIFY = (
    "track id,genre, amazement, solemnity, tenderness, nostalgia, calmness, power, joyful_activation, tension, "
    "sadness, mood, liked, disliked, age, gender, mother tongue"
)
"""The set's own first row, stray spaces and all."""


def rating(track: int, genre: str, feelings: Sequence[str], mood: int, liked: int) -> str:
    ticks = ",".join(str(int(name in feelings)) for name in FEELINGS)
    return f"{track},{genre},{ticks},{mood},{liked},{1 - liked},30,1,Dutch"


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def by_title(library: Library) -> dict[str, Song]:
    return {s.title: s for s in library.songs()}


def test_ratings_become_feelings_liking_a_place_and_emotions(tmp_path: Path) -> None:
    path = written(
        tmp_path / "ratings.csv",
        EMOTIFY,
        rating(1, "classical", ["calmness", "tenderness"], 2, 1),
        rating(101, "rock", ["joyful_activation", "power"], 4, 0),
        rating(1, "classical", ["calmness"], 1, 1),
        rating(1, "classical", ["amazement"], 4, 0),
        rating(102, "rock", [], 3, 0),
    )
    with Library.open() as library:
        assert import_ratings(library, path) == ImportResult(rows=5, songs=3, here=0)
        songs = {s.link: s for s in library.songs()}
    calm = songs["1"]
    assert (calm.path, calm.genre, calm.source) == ("", "classical", "ratings")
    assert calm.feelings == {
        **dict.fromkeys(FEELINGS, 0.0),
        **{"calmness": 2 / 3, "tenderness": 1 / 3, "amazement": 1 / 3},
    }
    assert calm.liking == pytest.approx(2 / 3)
    assert calm.valence > 0.3
    assert calm.arousal < -0.2
    assert calm.words == pytest.approx({"calm": 0.75, "surprised": 0.25})
    # Both listeners who came in a bad mood liked it and felt calm: this is what answers anger and fear.
    assert calm.lifts == {Emotion.ANGRY, Emotion.FEARFUL}
    assert lifting(calm, Emotion.ANGRY)
    assert not lifting(calm, Emotion.SAD)
    assert songs["101"].valence > 0.3
    assert songs["101"].arousal > 0.4
    assert (songs["102"].valence, songs["102"].arousal, songs["102"].words) == (0.0, 0.0, {})


def group(mood: int, listeners: int, liking: float, **feelings: float) -> Group:
    return Group(mood, listeners, liking, {**dict.fromkeys(FEELINGS, 0.0), **feelings})


def test_a_song_lifts_where_more_than_half_of_the_listeners_in_that_mood_agree() -> None:
    assert Emotion.ANGRY in lifted([group(1, 2, 1.0, calmness=1.0)])
    assert Emotion.ANGRY not in lifted([group(1, 2, 0.5, calmness=1.0)])
    assert Emotion.ANGRY not in lifted([group(1, 2, 1.0, calmness=0.5)])
    assert Emotion.ANGRY not in lifted([group(5, 2, 1.0, calmness=1.0)]), "they were in another mood"
    assert Emotion.ANGRY not in lifted([group(1, 1, 1.0, calmness=1.0), group(2, 3, 0.0, calmness=1.0)])
    assert Emotion.SAD in lifted([group(2, 5, 0.6, joyful_activation=0.6)])
    assert lifted([]) == frozenset()


def test_every_emotion_is_that_of_listeners_in_some_mood() -> None:
    assert moods_of(Emotion.ANGRY) == moods_of(Emotion.SAD) == (1, 2)
    assert moods_of(Emotion.NEUTRAL) == (3,)
    assert moods_of(Emotion.HAPPY) == moods_of(Emotion.CALM) == (4, 5)
    assert all(set(moods_of(emotion)) <= {1, 2, 3, 4, 5} for emotion in Emotion)


@given(st.dictionaries(st.sampled_from(FEELINGS), st.just(0.0) | st.floats(1e-3, 1.0)))
def test_any_feelings_are_a_place_in_the_plane_and_shares_of_emotions(feelings: dict[str, float]) -> None:
    place, emotions = affect_of(feelings), emotions_of(feelings)
    assert -1.0 <= place.valence <= 1.0
    assert -1.0 <= place.arousal <= 1.0
    assert all(share >= 0.0 for share in emotions.values())
    assert sum(emotions.values()) == pytest.approx(1.0) or not any(feelings.values())


def test_aggression_and_anger_are_dealt_out_to_two_emotions() -> None:
    words = ["anger", "aggression", "aggression"] * 515
    assert len(words) == 1_545
    assert Counter(dealt(words, WORDS)) == {Emotion.ANGRY: 772, Emotion.DISGUSTED: 773}
    mixed = [word for pair in zip(words, ["happy", "unknown", "grief"] * 515, strict=True) for word in pair]
    counts = Counter(dealt(mixed, WORDS))
    assert counts == {"angry": 772, "disgusted": 773, "happy": 515, "sad": 515, None: 515}


def test_each_word_stands_for_what_the_table_says() -> None:
    alone = {word: emotions[0] if emotions else None for word, emotions in WORDS.items() if len(emotions) < 2}
    assert alone == {
        "angst": "fearful",
        "brooding": "sad",
        "calm": "calm",
        "cheerful": "happy",
        "confident": "happy",
        "depressed": "sad",
        "desire": "happy",
        "earnest": "neutral",
        "excitement": "surprised",
        "grief": "sad",
        "happy": "happy",
        "pessimism": "fearful",
        "romantic": "calm",
        "sad": "sad",
        "unknown": None,
        "upbeat": "happy",
    }
    assert len(WORDS) == 18


@given(st.lists(st.none() | st.sampled_from(Emotion), max_size=60), st.integers(1, 10))
def test_every_second_song_of_an_emotion_is_taken_up_to_so_many(emotions: list[Emotion | None], most: int) -> None:
    kept = thinned(emotions, most)
    assert len(kept) == len(emotions)
    for emotion in Emotion:
        places = [k for k, e in enumerate(emotions) if e is emotion]
        assert [k for k, e in enumerate(kept) if e is emotion] == places[::2][:most]


def test_songs_with_words(tmp_path: Path) -> None:
    path = written(
        tmp_path / "words.csv",
        "Title,Artist,Mood,Link",
        "One,A,anger,https://songs.example/1",
        '"Two, really",B,Aggression,https://songs.example/2',
        "Three,C,unknown,",
        "Four,D,grief,",
        "Four,D,cheerful,",
    )
    with Library.open() as library:
        library.put(song(path="/music/one.mp3", title="ONE!", artist="a"))
        assert import_words(library, path) == ImportResult(rows=5, songs=3, here=1)
        songs = by_title(library)
    assert set(songs) == {"ONE!", "Two, really", "Four"}
    assert songs["ONE!"].words == {"disgusted": 1.0}
    assert songs["ONE!"].path == "/music/one.mp3"
    assert songs["ONE!"].link == "https://songs.example/1"
    assert songs["Two, really"].words == {"angry": 1.0}
    assert (songs["Two, really"].path, songs["Two, really"].link) == ("", "https://songs.example/2")
    two, four = songs["Two, really"], songs["Four"]
    assert (two.valence, two.arousal) == (AFFECT[Emotion.ANGRY].valence, AFFECT[Emotion.ANGRY].arousal)
    assert four.words == {"sad": 0.5, "happy": 0.5}
    assert (four.valence, four.arousal) == pytest.approx((0.05, 0.0))
    assert four.source == "words"


def test_at_most_so_many_songs_of_an_emotion(tmp_path: Path) -> None:
    lines = [f"Song {k},{'upbeat' if k % 3 else 'sad'}" for k in range(30)]
    path = written(tmp_path / "words.csv", "title,mood", *lines)
    with Library.open() as library:
        assert import_words(library, path, most=3).songs == 6
        happy = sorted(int(s.title.split()[1]) for s in library.songs() if "happy" in s.words)
        assert happy == [1, 4, 7]
        sad = sorted(int(s.title.split()[1]) for s in library.songs() if "sad" in s.words)
        assert sad == [0, 6, 12]


def test_the_table_of_words_is_the_users_to_change(tmp_path: Path) -> None:
    path = written(tmp_path / "words.csv", "title,mood", "One,groovy")
    with Library.open() as library:
        with pytest.raises(
            ImportFileError, match=r"words\.csv: row 2, column mood: 'groovy' is not in .*mood_words\.csv"
        ):
            import_words(library, path)
        place = table_path(library)
        with place.open(newline="") as file:
            assert {row["word"]: tuple(row["emotions"].split()) for row in csv.DictReader(file)} == WORDS
        assert read_words(place) == WORDS
        place.write_text(place.read_text() + "Groovy,happy surprised\n")
        assert import_words(library, path).songs == 1
        assert by_title(library)["One"].words == {"happy": 1.0}
        place.write_text("word,emotions\ngroovy,glad\n")
        with pytest.raises(ImportFileError, match=r"mood_words\.csv: row 2, column emotions: 'glad'"):
            import_words(library, path)


def test_valence_and_arousal_given_outright(tmp_path: Path) -> None:
    path = written(
        tmp_path / "said.csv",
        "path,title,artist,valence,arousal",
        "/music/a.mp3,,,0.5,-1",
        ",Song B,B,-0.25,0.75",
        ",Song C,C,0,0",
        ",song b,b,-0.5,1",
    )
    with Library.open() as library:
        library.put(song(path="/music/a.mp3", title="Song A", artist="A"))
        library.put(song(path="/music/x/B - Song B.ogg", title="B - Song B", artist=""))
        import_affect(library, path)
        songs = by_title(library)
    assert (songs["Song A"].valence, songs["Song A"].arousal, songs["Song A"].source) == (0.5, -1.0, "given")
    assert (songs["B - Song B"].valence, songs["B - Song B"].arousal) == (-0.5, 1.0), "the last row counts"
    assert songs["Song C"].path == ""
    assert len(songs) == 3


def test_what_is_given_is_believed_before_ratings_and_these_before_words(tmp_path: Path) -> None:
    words = written(tmp_path / "words.csv", "id,genre,mood", "7,rock,grief")
    ratings = written(tmp_path / "ratings.csv", EMOTIFY, rating(7, "rock", ["joyful_activation"], 3, 1))
    given_file = written(tmp_path / "given.csv", "id,genre,valence,arousal", "7,rock,0.125,0.25")
    imports: list[tuple[Callable[[Library, Path], ImportResult], Path]] = [
        (import_words, words),
        (import_ratings, ratings),
        (import_affect, given_file),
    ]
    for order in (imports, imports[::-1]):
        with Library.open(tmp_path / f"{order is imports}.db") as library:
            for take, path in order:
                take(library, path)
            (only,) = library.songs()
            assert (only.valence, only.arousal, only.source) == (0.125, 0.25, "given")
            assert only.words == {"sad": 1.0}, "a word that was given is not overruled by feelings"
            assert only.feelings["joyful_activation"] == 1.0


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from(["rock", "pop"]),
            st.sets(st.sampled_from(FEELINGS)),
            st.integers(1, 5),
            st.integers(0, 1),
        ),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("AB"), st.sampled_from(sorted(WORDS))), min_size=1),
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(-1, 1), st.floats(-1, 1)), min_size=1),
)
def test_importing_twice_is_importing_once(
    tmp_path_factory: pytest.TempPathFactory,
    rated: list[tuple[int, str, set[str], int, int]],
    worded: list[tuple[str, str, str]],
    placed: list[tuple[str, float, float]],
) -> None:
    folder = tmp_path_factory.mktemp("imports")
    rows = [rating(track, genre, sorted(felt), mood, liked) for track, genre, felt, mood, liked in rated]
    ratings = written(folder / "ratings.csv", EMOTIFY, *rows)
    words = written(folder / "words.csv", "title,artist,mood", *(",".join(row) for row in worded))
    affect = written(folder / "affect.csv", "title,valence,arousal", *(f"{t},{v!r},{a!r}" for t, v, a in placed))
    with Library.open(folder / "library.db") as library:
        library.put(song(path="/music/rock/1.mp3", title="a", artist="A"))
        library.put(song(path="/music/b.mp3", title="b", artist=""))

        def take_all() -> list[Song]:
            import_ratings(library, ratings)
            import_words(library, words)
            import_affect(library, affect)
            return library.songs()

        once = take_all()
        kept = library.connection.execute("SELECT * FROM ratings").fetchall()
        assert take_all() == once
        assert library.connection.execute("SELECT * FROM ratings").fetchall() == kept


GOOD = rating(1, "rock", ["power"], 3, 1)
WRONG: list[tuple[str, Callable[[Library, Path], ImportResult], list[str], str]] = [
    ("no column", import_ratings, [EMOTIFY.replace(" power,", ""), GOOD], "row 1: no column power"),
    ("no feeling", import_ratings, [EMOTIFY, GOOD, GOOD.replace(",1,", ",2,", 1)], "row 3, column power: '2'.* 0 or 1"),
    ("no mood", import_ratings, [EMOTIFY, GOOD, rating(1, "rock", [], 6, 1)], "row 3, column mood: '6'.* from 1 to 5"),
    ("half a mood", import_ratings, [EMOTIFY, GOOD.replace(",3,1", ",2.5,1")], "row 2, column mood: '2.5'"),
    ("too short", import_ratings, [EMOTIFY, GOOD, "2,rock,1,0"], "row 3, column .*: nothing in it"),
    ("no track", import_ratings, [EMOTIFY, GOOD, "," + GOOD.split(",", 1)[1]], "row 3, column track_id: nothing"),
    ("too long", import_words, ["title,mood", "One,sad", "Two, with a comma,sad"], "row 3: 3 cells where 2 columns"),
    ("no word", import_words, ["title,mood", "One,sad", "Two,"], "row 3, column mood: nothing in it"),
    ("no song", import_words, ["title,mood", "One,sad", ",happy"], "row 3, column title"),
    ("two columns", import_words, ["title,mood,Mood", "One,sad,sad"], "row 1: two columns mood"),
    ("no number", import_affect, ["title,valence,arousal", "A,0,0", "B,high,0"], "row 3, column valence: 'high'"),
    ("nan", import_affect, ["title,valence,arousal", "A,nan,0"], "row 2, column valence: 'nan'"),
    ("out of range", import_affect, ["title,valence,arousal", "A,0,0", "B,0,1.5"], "row 3, column arousal: '1.5'"),
    ("open quote", import_affect, ["title,valence,arousal", '"A,0,0'], "not a CSV file"),
    ("empty", import_affect, [""], "empty; its first row has to name"),
    ("only names", import_affect, ["title,valence,arousal"], "no rows below"),
]


@pytest.mark.parametrize(("take", "lines", "told"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_file_with_anything_wrong_is_not_taken_up_at_all(
    tmp_path: Path, take: Callable[[Library, Path], ImportResult], lines: list[str], told: str
) -> None:
    path = written(tmp_path / "said.csv", *lines)
    with Library.open() as library:
        library.put(song(title="One"))
        before = library.songs()
        with pytest.raises(ImportFileError, match=told) as raised:
            take(library, path)
        assert str(path) in str(raised.value)
        assert "\n" not in str(raised.value)
        assert library.songs() == before
        assert library.connection.execute("SELECT count(*) FROM catalogue").fetchone() == (0,)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("title,valence,arousal\nDéjà vu,0,0\n".encode("latin-1"))
    with Library.open() as library:
        with pytest.raises(ImportFileError, match="not a CSV file in UTF-8"):
            import_affect(library, tmp_path / "latin.csv")
        with pytest.raises(ImportFileError, match=r"cannot be read \(No such file"):
            import_affect(library, tmp_path / "none.csv")
        with pytest.raises(ImportFileError, match="cannot be read"):
            import_affect(library, tmp_path)
