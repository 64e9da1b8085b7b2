"""The user's library, for the page: its folders and their scan, what is said of songs, and who has to know of it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from soundit_edge.control.refusals import NotNow
from soundit_edge.music.library import folders
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import PlayEvent, Record, erase_history
from soundit_edge.music.library.scan import Report
from soundit_edge.music.library.song import Song
from soundit_edge.page.background import BackgroundWork, WorkStatus
from soundit_edge.page.background import Report as Tell
from soundit_edge.page.library.access import LibraryAccess, patiently
from soundit_edge.page.library.catalogue import counts
from soundit_edge.page.library.models import FolderRow, LibraryOverview, ScanReport
from soundit_edge.page.library.places import PlaceListing, Places
from soundit_edge.page.library.scan_process import scanned
from soundit_edge.text import presentable

MAX_SKIPPED: Final = 100
"""Lines of the last scan that are kept for the page."""


class LibraryListener(Protocol):
    """Whoever plays from the library, and has to know what became of it. To be called in the event loop."""

    def songs_changed(self, songs: Mapping[Path, Song]) -> None:
        """Go on with these songs, by file."""

    def rated(self, entry: PlayEvent, song: Song) -> None:
        """Learn from a rating, which is recorded already."""

    def erased(self) -> None:
        """Forget what was heard and liked."""


class Librarian:
    """Answers the page's questions about the library, and changes it."""

    def __init__(
        self,
        listener: Callable[[], LibraryListener | None] = lambda: None,
        *,
        public_place: Callable[[], bool] = lambda: False,
        places: Places | None = None,
        scan: Callable[[Sequence[Path], Tell], Awaitable[Report]] = scanned,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open nothing yet.

        Args:
            listener: returns who plays from the library now, None where nobody does.
            public_place: returns whether this is a place in which nobody's taste is kept.
            places: the folders that can be added; None: those of this computer.
            scan: scans folders.
            clock: seconds since 1970.
        """
        self.library = LibraryAccess()
        """Opens the library."""
        self.clock = clock
        self._listener = listener
        self._places = places or Places()
        self._public_place = public_place
        self._scan_folders = scan
        self._scan = BackgroundWork("the scan")
        self._report: ScanReport | None = None

    async def overview(self) -> LibraryOverview:
        """Return the library as a whole."""

        def look(library: Library) -> LibraryOverview:
            songs, missing = counts(library)
            rows = [
                FolderRow(
                    id=folder.id,
                    name=presentable(os.path.basename(folder.path) or folder.path),
                    there=os.path.exists(folder.path),
                    songs=folder.songs,
                    missing=folder.missing,
                    scanned_t=folder.scanned_t,
                )
                for folder in folders.folders_of(library)
            ]
            return LibraryOverview(
                songs=songs,
                missing=missing,
                folders=rows,
                scan=WorkStatus(**self._scan.status.model_dump()),  # all of it set, so that all of it is sent
                report=self._report,
            )

        return await self.library.ask_patiently(look)

    async def listing(self, place: str | None) -> PlaceListing:
        """Return what is in a folder that could be added; None: the folders to begin with."""
        return await patiently("places", lambda: self._places.listing(place))

    async def add_folder(self, place: str) -> None:
        """Scan a folder, by its id of `listing`; it is part of the library from then on.

        Raises:
            InvalidChange: there is no such folder any more.
            NotNow: a scan is under way.
        """
        path = await patiently("places", lambda: self._places.path_of(place))
        self._start_scan([path])

    async def rescan(self) -> None:
        """Scan all folders of the library again.

        Raises:
            NotNow: a scan is under way, or there is no folder yet.
        """
        known = await self.library.ask(folders.folders_of)
        if not known:
            raise NotNow("There is no folder in the library yet; add one first.")
        self._start_scan([Path(folder.path) for folder in known])

    async def stop_scan(self) -> None:
        """Break the scan off; what it has found stays."""
        await self._scan.cancel()

    async def remove_folder(self, number: int) -> bool:
        """Take a folder and its songs out of the library; what was said of them is kept. Return whether there was one.

        Raises:
            NotNow: a scan is under way.
        """
        if self._scan.status.state == "running":
            raise NotNow("The library is being scanned; wait for the scan, or break it off.")
        removed = await self.library.write(lambda library: folders.remove(library, number))
        await self.songs_changed()
        return removed

    async def songs_changed(self) -> None:
        """Let whoever plays from the library have its songs as they are now."""
        if (listener := self._listener()) is not None:
            songs = await self.library.ask(
                lambda library: {Path(song.path): song for song in library.songs() if song.path}
            )
            listener.songs_changed(songs)

    async def record(self, entry: PlayEvent, song: Song) -> None:
        """Record what was said of a song, and have it learnt from.

        Raises:
            NotNow: nobody's taste is kept here, or the library cannot be written.
        """
        if self._public_place():
            raise NotNow("In a public place nothing is kept of what anybody likes.")
        await self.library.write(lambda library: Record(library.connection).add(entry))
        if (listener := self._listener()) is not None:
            listener.rated(entry, song)

    async def erase(self) -> int:
        """Erase the history and what was learnt from it. Return how many entries there were."""
        if (listener := self._listener()) is not None:
            listener.erased()
        return await self.library.write(erase_history)

    def _start_scan(self, places: Sequence[Path]) -> None:
        async def work(tell: Tell) -> None:
            try:
                report = await self._scan_folders(places, tell)
                self._report = _report_of(report)
            finally:
                with contextlib.suppress(NotNow):
                    await self.songs_changed()  # also those of a scan that was broken off
            if report.vanished:
                raise NotNow(
                    f"{report.vanished} files went away while they were read; their songs are kept, scan again when "
                    "they are back."
                )

        self._scan.start(work)


def _songs_by_file(library: Library) -> dict[Path, Song]:
    return {Path(song.path): song for song in library.songs() if song.path}


def _report_of(report: Report) -> ScanReport:
    return ScanReport(
        new=report.new,
        changed=report.changed,
        moved=report.moved,
        same=report.same,
        missing=report.missing,
        vanished=report.vanished,
        skipped=[presentable(line) for line in report.skipped[:MAX_SKIPPED]],
        skipped_count=len(report.skipped),
    )
