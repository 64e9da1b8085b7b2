"""What there is to tell: how one status differs from the one before.

So nothing is missed while the receiver is away: what has changed meanwhile is told once it is back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from soundit_edge.control.status import Status

EventName = Literal["hello", "mood", "track", "reason", "privacy", "integration"]
TOLD: Final[tuple[EventName, ...]] = ("mood", "track", "reason", "privacy", "integration")
"""What can be told, each where the setting of the same name says so."""
OF_MOODS: Final[frozenset[EventName]] = frozenset({"mood", "reason"})
"""They tell when which mood was felt, which nobody is told in a public place."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened.

    Attributes:
        event: of what kind.
        data: what there is to say of it, as JSON has it.
    """

    event: EventName
    data: Mapping[str, Any]


class NewsWatcher:
    """Remembers the latest status, and says what is new in the next one."""

    def __init__(self, name: str) -> None:
        """Begin with no status.

        Args:
            name: of the integration that tells the news, which are not about itself.
        """
        self._name = name
        self._before: Status | None = None
        self._links: dict[str, str] = {}  # of each integration, whether it was "on" or "lost" at last

    def look(self, now: Status) -> list[News]:
        """Return what is new, the oldest reason first; nothing in the first status."""
        before, self._before = self._before, now
        links = list(self._integrations(now))
        if before is None:
            return []
        found = [*_changes(before, now), *links]
        hidden = OF_MOODS if now.privacy.public_place else ()
        return [news for news in found if news.event not in hidden]

    def _integrations(self, now: Status) -> Iterator[News]:
        """Give each other integration that was lost or found again; that one is being connected is not worth a word."""
        for one in now.integrations:
            if one.state in ("on", "lost") and one.name != self._name:
                if one.state != self._links.get(one.name, "on"):
                    yield News("integration", one.model_dump(include={"name", "state", "note"}))
                self._links[one.name] = one.state


def _changes(before: Status, now: Status) -> Iterator[News]:
    mood, music = now.mood, now.music
    if mood.emotion is not before.mood.emotion:
        yield News("mood", mood.model_dump(mode="json", include={"emotion", "valence", "arousal", "confidence"}))
    track = {"title", "artist", "album"}
    if music.model_dump(include=track) != before.music.model_dump(include=track):
        yield News("track", music.model_dump(include=track))
    known = before.music.reasons[0].t if before.music.reasons else -1.0
    for reason in reversed(music.reasons):
        if reason.t > known:
            yield News("reason", {"words": reason.words})
    if now.privacy != before.privacy:
        yield News("privacy", now.privacy.model_dump())
