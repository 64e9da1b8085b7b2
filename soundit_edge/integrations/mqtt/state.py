"""The state that is published: what it says, and when it is due."""

from __future__ import annotations

from typing import Final

from soundit_edge.control.status import Status
from soundit_edge.integrations.mqtt.entities import ENTITIES
from soundit_edge.integrations.mqtt.entity import Value
from soundit_edge.integrations.mqtt.models import models_state

State = dict[str, Value]
DRIFTING: Final = frozenset(entity.key for entity in ENTITIES if entity.drifts)


def state_of(status: Status, ignored: int) -> State:
    """Return what is published of the device, by the keys of the entities.

    Args:
        status: of the device.
        ignored: how many messages were ignored.
    """
    state = {entity.key: entity.value(status) for entity in ENTITIES if entity.value}
    state |= models_state(status)
    return {**state, "artist": status.music.artist, "album": status.music.album, "ignored": ignored}


class DueStates:
    """Says which states are worth a message: those that differ from the last one, not too often."""

    def __init__(self, interval_s: float) -> None:
        """Begin with nothing published.

        Args:
            interval_s: from one message to the next, where nothing but drifting values differ.
        """
        self._interval_s = interval_s
        self._last: State | None = None
        self._at = 0.0

    def forget(self) -> None:
        """Let the next state be due, whatever it is."""
        self._last = None

    def take(self, state: State, now: float) -> bool:
        """Return whether a state is due; one that is counts as published.

        Args:
            state: as it is now.
            now: seconds, never going back.
        """
        if self._last is not None:
            differs = {key for key, value in state.items() if value != self._last[key]}
            if not differs or (differs <= DRIFTING and now - self._at < self._interval_s):
                return False
        self._last, self._at = state, now
        return True
