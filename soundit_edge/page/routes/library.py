"""The library: what is in it, where its songs come from, what is known and said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import HTTPException, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from soundit_edge.control.actor import Role
from soundit_edge.control.control import Control
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.emotion import EMOTIONS, Affect, Emotion, emotion_named
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.corrections import MAX_BPM, MIN_BPM, MoodByHand, correct_mood, correct_tempo
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Event, PlayEvent
from soundit_edge.page.library.catalogue import SongQuery, events_page, history_csv, song_map, song_row, songs_page
from soundit_edge.page.library.librarian import Librarian
from soundit_edge.page.library.models import Erased, EventPage, LibraryOverview, SongPage, SongRow, SortName
from soundit_edge.page.library.places import PlaceListing
from soundit_edge.page.route import Route
from soundit_edge.page.routes.changes import EmptyBody, RatingBody

if TYPE_CHECKING:  # mypy knows no Literal that is made while the program runs
    EmotionName = str
else:
    EmotionName = Literal[tuple(map(str, EMOTIONS))]

_Number = Annotated[int, Path(ge=1, le=2**53)]
_Offset = Annotated[int, Query(ge=0, le=10**9)]
_Limit = Annotated[int, Query(ge=1, le=200)]
_Place = Annotated[float, Field(ge=-1, le=1)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PlaceBody(_Body):
    """A folder, by its id of the list of places."""

    place: str = Field(max_length=100)


class MoodBody(_Body):
    """The mood of a song: an emotion, or valence and arousal."""

    emotion: EmotionName | None = None
    valence: _Place | None = None
    arousal: _Place | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> MoodBody:
        if (self.valence is None) != (self.arousal is None) or (self.emotion is None) == (self.valence is None):
            raise ValueError("an emotion, or valence and arousal")
        return self

    def by_hand(self) -> MoodByHand:
        """Return it as the library keeps it."""
        if self.valence is not None and self.arousal is not None:
            return MoodByHand(Affect(self.valence, self.arousal))
        return MoodByHand.named(emotion_named(self.emotion or ""))


class CorrectionBody(_Body):
    """What a song is really like; null takes a correction back, and what is left out stays as it is."""

    mood: MoodBody | None = None
    tempo: Literal["double", "half"] | Annotated[float, Field(ge=MIN_BPM, le=MAX_BPM)] | None = None


def routes(control: Control, librarian: Librarian) -> list[Route]:
    """Return the routes of the library.

    Args:
        control: says what mood and policy there are while a song is rated.
        librarian: has the library.
    """

    async def overview() -> LibraryOverview:
        return await librarian.overview()

    async def songs(
        search: Annotated[str, Query(max_length=200)] = "",
        emotion: EmotionName | None = None,
        sort: SortName = "title",
        offset: _Offset = 0,
        limit: _Limit = 50,
    ) -> SongPage:
        query = SongQuery(search, None if emotion is None else Emotion(emotion), sort, offset, limit)
        return await librarian.library.ask(lambda library: songs_page(library, query))

    async def whole_map() -> Response:
        return Response(await librarian.library.ask(song_map), media_type="application/json")

    async def places(place: Annotated[str | None, Query(max_length=100)] = None) -> PlaceListing:
        return await librarian.listing(place)

    async def add_folder(body: PlaceBody) -> LibraryOverview:
        await librarian.add_folder(body.place)
        return await librarian.overview()

    async def remove_folder(folder: _Number, body: EmptyBody) -> LibraryOverview:
        if not await librarian.remove_folder(folder):
            raise HTTPException(404, "There is no such folder in the library.")
        return await librarian.overview()

    async def scan(body: EmptyBody) -> LibraryOverview:
        await librarian.rescan()
        return await librarian.overview()

    async def stop_scan(body: EmptyBody) -> LibraryOverview:
        await librarian.stop_scan()
        return await librarian.overview()

    async def song(song: _Number) -> SongRow:
        return _found(await librarian.library.ask(lambda library: song_row(library, song)))

    async def correct(song: _Number, body: CorrectionBody) -> SongRow:
        def write(library: Library) -> SongRow:
            with library.transaction():
                _correct(library, _found(song_row(library, song)), body)
            return _found(song_row(library, song))

        row = await librarian.library.write(write)
        await librarian.songs_changed()
        return row

    async def rate(song: _Number, body: RatingBody) -> SongRow:
        known = await librarian.library.ask(lambda library: library.song(song))
        if known is None or not known.path:
            raise HTTPException(404, _NO_SONG)
        status = control.status()
        entry = PlayEvent(
            librarian.clock(),
            song,
            known.path,
            Event(body.rating),
            None,
            status.mood.emotion,
            Affect(status.mood.valence, status.mood.arousal),
            policy=Policy(status.music.policy),
        )
        await librarian.record(entry, known)
        return _found(await librarian.library.ask(lambda library: song_row(library, song)))

    async def history(offset: _Offset = 0, limit: _Limit = 50) -> EventPage:
        return await librarian.library.ask(lambda library: events_page(library, offset, limit))

    async def export() -> Response:
        content = await librarian.library.ask(history_csv)
        headers = {"content-disposition": 'attachment; filename="soundit-history.csv"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    async def erase(body: EmptyBody) -> Erased:
        return Erased(entries=await librarian.erase(), taste=True)

    return [
        Route("GET", "/api/library", Role.VIEWER, overview),
        Route("GET", "/api/library/songs", Role.VIEWER, songs),
        Route("GET", "/api/library/map", Role.VIEWER, whole_map),
        Route("GET", "/api/library/songs/{song}", Role.VIEWER, song),
        Route("PATCH", "/api/library/songs/{song}", Role.OPERATOR, correct),
        Route("PUT", "/api/library/songs/{song}/rating", Role.OPERATOR, rate),
        Route("GET", "/api/library/places", Role.ADMIN, places),
        Route("POST", "/api/library/folders", Role.ADMIN, add_folder),
        Route("DELETE", "/api/library/folders/{folder}", Role.ADMIN, remove_folder),
        Route("POST", "/api/library/scan", Role.ADMIN, scan),
        Route("DELETE", "/api/library/scan", Role.ADMIN, stop_scan),
        Route("GET", "/api/library/history", Role.OPERATOR, history),
        Route("GET", "/api/library/history.csv", Role.OPERATOR, export),
        Route("DELETE", "/api/library/history", Role.ADMIN, erase),
    ]


_NO_SONG = "There is no such song in the library."


def _found(row: SongRow | None) -> SongRow:
    if row is None:
        raise HTTPException(404, _NO_SONG)
    return row


def _correct(library: Library, song: SongRow, body: CorrectionBody) -> None:
    if "mood" in body.model_fields_set:
        correct_mood(library, song.id, body.mood.by_hand() if body.mood else None)
    if "tempo" in body.model_fields_set:
        correct_tempo(library, song.id, _tempo(song, body.tempo))


def _tempo(song: SongRow, wanted: Literal["double", "half"] | float | None) -> float | None:
    if wanted is None or not isinstance(wanted, str):
        return wanted
    if song.tempo is None:
        raise NotNow("This song has no beat that could be doubled or halved; give its tempo as a number.")
    bpm = song.tempo * (2.0 if wanted == "double" else 0.5)
    if not MIN_BPM <= bpm <= MAX_BPM:
        raise InvalidChange(f"A tempo is {MIN_BPM:.0f} to {MAX_BPM:.0f} beats per minute, and {bpm:.0f} is none.")
    return bpm
