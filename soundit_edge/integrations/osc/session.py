"""One run of the integration: what is sent, and what becomes of what comes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Final

from soundit_edge.control.control import Control
from soundit_edge.control.status import Status
from soundit_edge.errors import SounditError
from soundit_edge.integrations.integration import IntegrationError, actor_of
from soundit_edge.integrations.osc import addresses
from soundit_edge.integrations.osc.addresses import Address
from soundit_edge.integrations.osc.beats import beats
from soundit_edge.integrations.osc.changes import Changes, UnknownAddress, change_of
from soundit_edge.integrations.osc.packets import Argument, MalformedPacket, Message, UntimelyPacket, encoded, messages
from soundit_edge.integrations.osc.receiver import Budget, Receiver
from soundit_edge.integrations.osc.settings import OscSettings
from soundit_edge.integrations.osc.tally import MALFORMED, REFUSED, TOO_MANY, UNKNOWN, WRONG_TIME, Tally
from soundit_edge.integrations.osc.targets import Targets
from soundit_edge.text import presentable

LEVEL_S: Final = 0.25
"""From one level to the next."""
STATE_S: Final = 1.0
"""So often is looked what has changed, where no event says so before."""
MIN_STATE_S: Final = 0.05
"""Events may come fast, such as those of a slider."""
REPEAT_S: Final = 5.0
"""All is sent again so often: a datagram may be lost, and a program that starts later knows nothing yet."""

MAX_SHOWN: Final = 80
"""Characters of an address that somebody has sent, in the log."""

EVERYWHERE: Final = "0.0.0.0"
LOOPBACK: Final = "127.0.0.1"


class OscSession:
    """Sends and listens, until it is cancelled or the network is gone."""

    def __init__(self, name: str, settings: OscSettings, device: Control, tally: Tally) -> None:
        """Open nothing yet.

        Args:
            name: as which changes are asked for.
            settings: where to send and to listen.
            device: that is shown and changed.
            tally: counts what is dropped.
        """
        self._settings = settings
        self._device = device
        self._tally = tally
        self._targets = Targets(settings.targets, tally)
        self._budget = Budget(time.monotonic)
        self._receiver = Receiver(settings.allow, self._take, self._budget, tally)
        self._changes = Changes(device, actor_of(name), self._refuse)
        self._sent: dict[tuple[Address, str], tuple[Argument, ...]] = {}

    async def run(self, connected: Callable[[], None]) -> None:
        """See `Integration.run`.

        Raises:
            ExceptionGroup: of `IntegrationError`: no target can be reached any more.
            IntegrationError: no target can be reached, the port cannot be had, or there is nothing to do.
        """
        settings = self._settings
        if not settings.targets and not settings.listen:
            raise IntegrationError("nothing to do; name a target in integrations.osc.targets, or have it listen")
        try:
            await self._targets.open()
            if settings.listen:
                self._receiver.open(EVERYWHERE if settings.network else LOOPBACK, settings.listen_port)
            connected()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._changes.run())
                if settings.targets:
                    for work in (self._targets.keep, self._send_beats, self._send_levels, self._send_state):
                        tasks.create_task(work())
        finally:
            self._receiver.close()
            self._targets.close()
            self._tally.sum_up()

    def _send(self, address: Address, *arguments: Argument, name: str = "") -> None:
        self._targets.send(encoded(self._settings.prefix, address, arguments, name))

    async def _send_beats(self) -> None:
        ahead_s = self._settings.offset_ms / 1000.0
        async for beat in beats(self._device.pulse, time.monotonic, asyncio.sleep, ahead_s):
            self._send(addresses.BEAT, beat.bar, beat.beat, beat.phase, beat.bpm, beat.beats)

    async def _send_levels(self) -> None:
        while True:
            self._send(addresses.LEVEL, self._device.pulse().level_db)
            await asyncio.sleep(LEVEL_S)

    async def _send_state(self) -> None:
        """Send what has changed, at once where an event says so, and all of it from time to time."""
        last_s = time.monotonic()
        async with self._device.events() as events:
            while True:
                if time.monotonic() - last_s > REPEAT_S:
                    last_s = time.monotonic()
                    self._sent.clear()
                for address, arguments, name in state(self._device.status()):
                    if self._sent.get((address, name)) != arguments:
                        self._sent[address, name] = arguments
                        self._send(address, *arguments, name=name)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STATE_S):
                        await anext(events)
                    await asyncio.sleep(MIN_STATE_S)

    def _take(self, datagram: bytes) -> None:
        """Take a datagram that has come apart, and have done what it asks for."""
        try:
            for number, message in enumerate(messages(datagram, time.time())):
                if number and not self._budget.take():
                    self._tally.add(TOO_MANY)
                else:
                    self._follow(message)
        except MalformedPacket as error:
            self._tally.add(MALFORMED, str(error))
        except UntimelyPacket as error:
            self._tally.add(WRONG_TIME, str(error))

    def _follow(self, message: Message) -> None:
        try:
            change = change_of(message, self._settings.prefix, self._settings.may_open)
        except UnknownAddress:
            self._tally.add(UNKNOWN, presentable(message.address)[:MAX_SHOWN])
        except SounditError as error:
            self._refuse(message.address, error)
        else:
            if change is not None and not self._changes.add(message.address, change):
                self._tally.add(TOO_MANY)

    def _refuse(self, address: str, error: SounditError) -> None:
        """Say to the targets why a message is not followed: its sender may be anybody, and is not answered."""
        self._tally.add(REFUSED, f"{presentable(address)[:MAX_SHOWN]}: {error}")
        self._send(addresses.REFUSED, address, str(error))


def state(status: Status) -> Iterator[tuple[Address, tuple[Argument, ...], str]]:
    """Give what is sent of a picture of the device: address, arguments and the name in the address."""
    mood, music = status.mood, status.music
    yield addresses.MOOD, (mood.emotion.value,), ""
    yield addresses.AFFECT, (mood.valence, mood.arousal), ""
    yield addresses.CONFIDENCE, (mood.confidence,), ""
    for sense in status.senses:
        said = sense.emotion.value if sense.emotion else ""
        yield addresses.SENSE_SAY, (said, sense.confidence), sense.name
        yield addresses.SENSE_TRUST, (sense.trust,), sense.name
    yield addresses.REASON, (music.reason,), ""
    yield addresses.TRACK, (music.title, music.artist), ""
    yield addresses.PRIVATE, (int(status.privacy.private),), ""
    yield addresses.PAUSED, (int(music.paused),), ""
    yield addresses.VOLUME, (status.volume,), ""
    yield addresses.POLICY, (music.policy,), ""
    yield addresses.PRESET, (music.preset,), ""
