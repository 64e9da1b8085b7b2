"""Who asks for a change, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do: a viewer looks, an operator also changes the music, an administrator also the device."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Return whether this role may do all that the other one may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


class Kind(StrEnum):
    """Through which client somebody asks."""

    PAGE = "page"
    PANEL = "panel"
    SCHEDULE = "schedule"
    INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for a change.

    Attributes:
        kind: through which client.
        role: what they may do.
        name: of the page's user, of the integration or of the schedule's entry; "" where it has none.
    """

    kind: Kind
    role: Role
    name: str = ""

    @property
    def may_change(self) -> bool:
        """Return whether the actor may change what is played, and how."""
        return self.role.covers(Role.OPERATOR)

    @property
    def may_configure(self) -> bool:
        """Return whether the actor may change the device itself: its settings, its users, its models."""
        return self.role.covers(Role.ADMIN)

    @property
    def subject(self) -> str:
        """Return how a sentence about what they did begins, such as "you" or "mqtt"."""
        if self.kind in (Kind.PAGE, Kind.PANEL):
            return "you"
        return "the schedule" if self.kind is Kind.SCHEDULE else self.name or "an integration"
