"""The webhook as an integration: it tells what happens, in order, until each is taken or given up."""

from __future__ import annotations

import asyncio
import datetime
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import ClassVar, Final

from pydantic import Field, SecretStr

from soundit_edge import __version__
from soundit_edge.control.control import Control
from soundit_edge.control.events import Event
from soundit_edge.control.status import Status
from soundit_edge.integrations.integration import IntegrationError, IntegrationSettings
from soundit_edge.integrations.webhook.address import Endpoint, WebAddress, endpoint_of
from soundit_edge.integrations.webhook.news import OF_MOODS, TOLD, News, NewsWatcher
from soundit_edge.integrations.webhook.outbox import Delivery, Outbox
from soundit_edge.integrations.webhook.signature import signature
from soundit_edge.text import reason

MAX_RETRY_AFTER_S: Final = 300.0
"""A server that wants to be left alone for longer is asked again all the same."""
_AGAIN: Final = frozenset({408, 425, 429})
"""Answers that may be another one at the next attempt, as those from 500 on."""


class WebhookSettings(IntegrationSettings):
    """One POST for each thing that happens, to an address of your choice; a secret signs them."""

    address: WebAddress = Field(
        default="",
        title="Address",
        description="Where it is sent to, such as https://example.org/hooks/mood; http:// is sent in the clear.",
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        title="Secret",
        description="Signs what is sent, so that its receiver knows who sent it; left empty, it is not signed.",
    )
    ca_file: str = Field(
        default="",
        title="Certificate authority",
        description="File (PEM) that the receiver's certificate is checked with; left empty, the system's.",
        max_length=4096,
        pattern=r"^[^\x00-\x1f\x7f]*$",
    )
    mood: bool = Field(default=True, title="Moods", description="Tell when the room feels another emotion.")
    track: bool = Field(default=True, title="Tracks", description="Tell when another track is heard.")
    reason: bool = Field(default=False, title="Reasons", description="Tell why the music changes, in words.")
    privacy: bool = Field(default=True, title="Privacy", description="Tell when camera or microphone open or close.")
    integration: bool = Field(
        default=True, title="Other connections", description="Tell when another connection is lost or found again."
    )


class Webhook:
    """Tells an address of the user's choice what happens. What cannot be delivered waits in `Outbox`, within bounds."""

    name: ClassVar[str] = "webhook"
    title: ClassVar[str] = "Webhook"
    Settings: ClassVar[type[IntegrationSettings]] = WebhookSettings

    def __init__(
        self,
        settings: WebhookSettings,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Hold the settings.

        Args:
            settings: what is told, to whom.
            now: gives seconds, never going back.
            wall: gives the time of day, in seconds since 1970.
            sleep: waits for seconds.
        """
        self._settings = settings
        self._now, self._wall, self._sleep = now, wall, sleep
        self._watcher = NewsWatcher(self.name)
        self.outbox: Final = Outbox()
        """What waits."""
        self._not_before = now()  # the receiver is left alone until then

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Tell what happens until the receiver does not answer; see `Integration.run`.

        It is connected once the receiver has taken something: with nothing else to tell, that is a "hello".
        """
        if not self._settings.address:
            raise IntegrationError("no address is set: enter the one that it is to be sent to")
        endpoint = endpoint_of(self._settings.address)
        tls = await asyncio.to_thread(_tls, self._settings.ca_file) if endpoint.secure else None
        async with device.events() as events, asyncio.TaskGroup() as tasks:
            self._collect(device.status())
            tasks.create_task(self._listen(device, events))
            await self._sleep(max(0.0, self._not_before - self._now()))
            self.outbox.expire(self._now())
            if not self.outbox:
                told = [name for name in TOLD if getattr(self._settings, name)]
                self._put(News("hello", {"version": __version__, "events": told}), device.status())
            await self._deliver_first(endpoint, tls)
            connected()
            while True:
                await self._deliver_first(endpoint, tls)

    async def _listen(self, device: Control, events: AsyncIterator[Event]) -> None:
        async for _ in events:
            self._collect(device.status())

    def _collect(self, status: Status) -> None:
        """Put in what is new, and take out what must not be told any more."""
        if status.privacy.public_place:
            self.outbox.withdraw(OF_MOODS)
        for news in self._watcher.look(status):
            if getattr(self._settings, news.event):
                self._put(news, status)

    def _put(self, news: News, status: Status) -> None:
        moment = datetime.datetime.fromtimestamp(self._wall(), datetime.UTC)
        content = {
            "event": news.event,
            "time": moment.isoformat(timespec="milliseconds"),
            "device": socket.gethostname(),
            "room": status.room,
            "data": news.data,
        }
        self.outbox.put(Delivery(news.event, content, self._now()))

    async def _deliver_first(self, endpoint: Endpoint, tls: ssl.SSLContext | None) -> None:
        """Deliver the oldest of what waits.

        Raises:
            IntegrationError: the receiver does not take it.
        """
        # Imported here: its library is for those who have switched this on.
        from soundit_edge.integrations.webhook.post import PostError, post

        delivery = await self.outbox.first()
        body = json.dumps({"id": delivery.id, **delivery.content, "dropped": self.outbox.dropped}).encode()
        try:
            answer = await post(endpoint, self._headers(delivery, body), body, tls)
        except PostError as error:
            self.outbox.failed(delivery, final=False)
            raise IntegrationError(str(error)) from error
        status, where = answer.status, endpoint.authority
        if 200 <= status < 300:
            self.outbox.delivered(delivery)
            return
        again = status in _AGAIN or status >= 500
        self.outbox.failed(delivery, final=not again)
        if again:
            moment = datetime.datetime.fromtimestamp(self._wall(), datetime.UTC)
            self._not_before = self._now() + min(answer.retry_after_s(moment), MAX_RETRY_AFTER_S)
            raise IntegrationError(f"{where} answers {status}: it is tried again")
        if status < 400:
            raise IntegrationError(f"{where} answers {status}: enter the address that it now points to")
        raise IntegrationError(f"{where} refuses what it is sent ({status}): check the address and the secret")

    def _headers(self, delivery: Delivery, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"soundit-edge/{__version__}",
            "X-Soundit-Event": delivery.event,
            "X-Soundit-Delivery": delivery.id,
        }
        secret = self._settings.secret.get_secret_value()
        if secret:
            headers["X-Soundit-Timestamp"] = timestamp = str(int(self._wall()))
            headers["X-Soundit-Signature"] = signature(secret, timestamp, body)
        return headers


def _tls(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # also one that is no certificate
        raise IntegrationError(f"the certificate authority's file cannot be used ({reason(error)})") from error
