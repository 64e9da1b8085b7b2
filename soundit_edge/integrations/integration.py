"""What every integration is: a name, its section of the settings, and one coroutine that runs beside the device."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

from pydantic import Field

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.errors import SounditError
from soundit_edge.settings import Section


class IntegrationError(SounditError):
    """The integration's peer is away, or something is not installed that it needs. The text goes to page and log."""


@contextlib.contextmanager
def needs(library: str) -> Iterator[None]:
    """Let what is imported inside the block be missing in one sentence.

    Raises:
        IntegrationError: it is.
    """
    try:
        yield
    except ImportError as error:
        raise IntegrationError(f"{library} is not installed: install soundit_edge again") from error


class IntegrationSettings(Section):
    """The section `[integrations.NAME]`. Each field has a title and a description; a password is a `SecretStr`."""

    enabled: bool = Field(default=False, title="Enabled", description="Whether it runs.")


class Connected(Protocol):
    """Where an integration says that its peer is there."""

    def __call__(self, note: str = "") -> None:
        """Say so; again where there is something else to note.

        Args:
            note: one short sentence about the peer for the user, or "".
        """


class Integration(Protocol):
    """One integration: a class in its own file, and a word in `integrations.registry`; see docs/howto/integration.md.

    A library that is not ours is imported in `run` only, so that nobody pays for what is switched off.
    """

    name: ClassVar[str]
    """As in settings, status and reasons, such as "mqtt"."""
    title: ClassVar[str]
    """For people, such as "Home Assistant (MQTT)"."""
    Settings: ClassVar[type[IntegrationSettings]]
    """Its section of the settings."""

    def __init__(self, settings: Any) -> None:
        """Hold its own section of the settings, an instance of `Settings`. Nothing is opened yet."""

    async def run(self, device: Control, connected: Connected) -> None:
        """Connect, and serve until cancelled or until the peer goes away; clean up before it ends.

        It is called again after a while where it returned or raised `IntegrationError`. Anything else that it raises
        is a defect and takes the device down. A change that the device refuses is no reason to end.

        Args:
            device: what it sees and changes, as `actor_of` its name. More changes at once than
                `limited_control.MAX_CHANGES` are refused.
            connected: to be called once the peer is there.

        Raises:
            IntegrationError: the peer is away. Several of them may come as an `ExceptionGroup`.
        """


def actor_of(name: str) -> Actor:
    """Return as whom the integration of that name asks for changes."""
    return Actor(Kind.INTEGRATION, Role.OPERATOR, name)
