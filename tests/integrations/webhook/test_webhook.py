"""The webhook of a device: what it tells, to whom, in which order, and what it does where it is not heard."""

from __future__ import annotations

import asyncio
import datetime
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from soundit_edge import __version__
from soundit_edge.control.events import MoodChanged, PrivacyChanged, TrackChanged
from soundit_edge.control.status import PrivacyStatus
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.supervisor import Supervisor
from soundit_edge.integrations.webhook.integration import MAX_RETRY_AFTER_S, Webhook, WebhookSettings
from soundit_edge.integrations.webhook.outbox import MAX_ATTEMPTS, MAX_WAITING
from soundit_edge.integrations.webhook.signature import signature
from tests.fakes.clock import ManualClock
from tests.fakes.control import FakeControl, mood_status
from tests.fakes.receiver import Receiver
from tests.waiting import until

DOCS = Path(__file__).resolve().parents[3] / "docs"
SECRET = "a long random text"
FAILED = b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"


class Device(FakeControl):
    """A device in which a test lets things happen."""

    def feel(self, emotion: Emotion) -> None:
        mood = mood_status(emotion)
        self.now = self.now.model_copy(update={"mood": mood})
        self.bus.publish(MoodChanged(mood))

    def play(self, title: str) -> None:
        self.change_music(title=title)
        self.bus.publish(TrackChanged(title))

    def stand_in_public(self, public: bool) -> None:
        privacy = PrivacyStatus(public_place=public)
        self.now = self.now.model_copy(update={"privacy": privacy})
        self.bus.publish(PrivacyChanged(privacy))


class Told:
    """A device whose webhook runs.

    Attributes:
        device: the device.
        webhook: that tells.
        sleeps: for how long it waited before it told anything, in seconds.
        supervisor: says how it is.
        may_retry: once it is lost, it tries again while this is set.
    """

    def __init__(self, section: dict[str, Any], device: Device, now: Callable[[], float]) -> None:
        self.device = device
        self.sleeps: list[float] = []
        self.webhook = Webhook(WebhookSettings.model_validate(section), now=now, sleep=self._sleep)
        self.may_retry = asyncio.Event()
        self.may_retry.set()
        self.supervisor = Supervisor(self.webhook, time.monotonic, lambda _: self.may_retry.wait())

    @property
    def state(self) -> tuple[str, str]:
        status = self.supervisor.status()
        return status.state, status.note

    async def _sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)


@asynccontextmanager
async def telling(
    receiver: Receiver, device: Device | None = None, now: Callable[[], float] = time.monotonic, **section: object
) -> AsyncIterator[Told]:
    """Let the webhook of a device tell a receiver what happens, and wait until the hello has come."""
    address = {"address": f"http://127.0.0.1:{receiver.port}/hook"}
    told = Told(address | section, device or Device(), now)
    running = asyncio.create_task(told.supervisor.run(told.device))
    try:
        await until(lambda: running.done() or told.state[0] == "on")
        assert not running.done(), running
        yield told
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_it_says_hello_and_then_what_happens_in_order() -> None:
    async with Receiver() as receiver, telling(receiver) as it:
        it.device.now = it.device.now.model_copy(update={"room": "Kitchen"})
        it.device.feel(Emotion.SAD)
        await until(lambda: len(receiver.requests) == 2)
        it.device.play("Blue")
        await until(lambda: len(receiver.requests) == 3)
        hello, mood, track = (request.content for request in receiver.requests)
        assert hello["event"] == "hello"
        assert hello["data"] == {"version": __version__, "events": ["mood", "track", "privacy", "integration"]}
        assert (mood["event"], mood["data"]["emotion"], mood["room"]) == ("mood", "sad", "Kitchen")
        assert (track["event"], track["data"]["title"], track["dropped"]) == ("track", "Blue", 0)
        assert mood.keys() == {"id", "event", "time", "device", "room", "data", "dropped"}
        moment = datetime.datetime.fromisoformat(mood["time"])
        assert moment.utcoffset() == datetime.timedelta(0)
        assert abs(moment - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(hours=1)
        for request in receiver.requests:
            assert request.headers["content-type"] == "application/json"
            assert request.headers["x-soundit-event"] == request.content["event"]
            assert request.headers["x-soundit-delivery"] == request.content["id"]
            assert "x-soundit-signature" not in request.headers  # there is no secret
        assert len({request.content["id"] for request in receiver.requests}) == 3


def example() -> Callable[..., bool]:
    """Return what docs/webhook.md shows for receivers."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", (DOCS / "webhook.md").read_text(), re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/webhook.md", "exec"), names)
    found: Callable[..., bool] = names["is_genuine"]
    return found


async def test_a_receiver_can_see_who_sent_it_and_when_as_the_document_shows() -> None:
    is_genuine = example()
    async with Receiver() as receiver, telling(receiver, secret=SECRET):
        (request,) = receiver.requests
    headers, body = request.headers, request.body
    assert is_genuine(SECRET, headers, body)
    assert not is_genuine(SECRET + "x", headers, body)
    assert not is_genuine(SECRET, headers, body.replace(b"hello", b"hullo"))
    assert not is_genuine(SECRET, headers | {"x-soundit-timestamp": "1"}, body)
    assert not is_genuine(SECRET, {}, body)
    old = str(int(time.time()) - 3600)
    replayed = {"x-soundit-timestamp": old, "x-soundit-signature": signature(SECRET, old, body)}
    assert not is_genuine(SECRET, replayed, body)
    assert is_genuine(SECRET, replayed, body, max_age_s=7200)


def test_the_document_names_every_event_and_every_setting() -> None:
    text = (DOCS / "webhook.md").read_text()
    for name in ("hello", *WebhookSettings.model_fields):
        assert f"`{name}`" in text or f"\n{name} = " in text, name


async def test_what_is_switched_off_is_not_told() -> None:
    async with Receiver() as receiver, telling(receiver, mood=False, reason=True) as it:
        assert receiver.requests[0].content["data"]["events"] == ["track", "reason", "privacy", "integration"]
        it.device.feel(Emotion.SAD)
        it.device.play("Blue")
        await until(lambda: len(receiver.requests) == 2)
        assert receiver.events == ["hello", "track"]


async def test_in_a_public_place_no_mood_is_told_nor_one_that_still_waits() -> None:
    async with Receiver() as receiver, telling(receiver) as it:
        it.may_retry.clear()
        await receiver.vanish()
        it.device.feel(Emotion.SAD)
        await until(lambda: it.state[0] == "lost")
        assert len(it.webhook.outbox) == 1
        it.device.stand_in_public(True)
        it.device.feel(Emotion.ANGRY)
        await receiver.appear()
        it.may_retry.set()
        await until(lambda: it.state[0] == "on")
        it.device.feel(Emotion.CALM)
        it.device.play("Blue")
        await until(lambda: "track" in receiver.events)
        it.device.stand_in_public(False)
        await until(lambda: len(receiver.requests) == 4)
        assert receiver.events == ["hello", "privacy", "track", "privacy"]
        assert it.webhook.outbox.dropped == 0


async def test_what_changed_while_the_receiver_was_away_is_told_once_it_is_back() -> None:
    async with Receiver() as receiver, telling(receiver) as it:
        it.may_retry.clear()
        await receiver.vanish()
        it.device.play("Blue")
        await until(lambda: it.state[0] == "lost")
        assert it.state[1] == f"127.0.0.1:{receiver.port} cannot be reached (Connection refused)"
        it.device.feel(Emotion.SAD)
        await receiver.appear()
        it.may_retry.set()
        await until(lambda: len(receiver.requests) == 3)
        assert receiver.events == ["hello", "track", "mood"]
        await until(lambda: it.state == ("on", ""))


async def test_a_failing_server_is_tried_again_with_the_same_id_and_a_new_signature() -> None:
    async with Receiver() as receiver, telling(receiver, secret=SECRET) as it:
        receiver.answers += [FAILED, b"HTTP/1.1 408 Slow\r\n\r\n", b""]
        it.device.play("Blue")
        it.device.feel(Emotion.SAD)
        await until(lambda: len(receiver.requests) == 6)
        *first, last = receiver.requests[1:]
        kinds = {request.content["event"] for request in first}
        assert len(kinds) == 1  # the order stays: nothing overtakes what has not arrived
        assert len({request.headers["x-soundit-delivery"] for request in first}) == 1
        assert last.content["event"] not in kinds
        assert all(example()(SECRET, request.headers, request.body) for request in first)
        assert it.webhook.outbox.dropped == 0


async def test_one_that_is_never_taken_is_given_up_and_does_not_hold_up_the_next() -> None:
    async with Receiver() as receiver, telling(receiver) as it:
        receiver.answers += [FAILED] * MAX_ATTEMPTS
        it.device.play("Blue")
        await until(lambda: len(receiver.requests) > MAX_ATTEMPTS)  # once it is given up, a hello may follow at once
        it.device.feel(Emotion.SAD)
        await until(lambda: "mood" in receiver.events)
        assert receiver.events.count("track") == MAX_ATTEMPTS
        assert it.webhook.outbox.dropped == 1
        assert receiver.requests[-1].content["dropped"] == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 401 No\r\n\r\n", r"refuses what it is sent \(401\): check the address and the secret"),
        (b"HTTP/1.1 302 No\r\nLocation: /x\r\n\r\n", "answers 302: enter the address that it now points to"),
    ],
)
async def test_one_that_is_refused_is_given_up_at_once_and_the_page_says_why(answer: bytes, words: str) -> None:
    async with Receiver() as receiver, telling(receiver) as it:
        it.may_retry.clear()
        receiver.answers += [answer]
        it.device.play("Blue")
        await until(lambda: it.state[0] == "lost")
        assert re.fullmatch(rf"127\.0\.0\.1:\d+ {words}", it.state[1])
        it.may_retry.set()
        await until(lambda: it.state[0] == "on")
        assert receiver.events == ["hello", "track", "hello"]
        assert it.webhook.outbox.dropped == 1


@pytest.mark.parametrize(("header", "wait_s"), [("120", 120.0), ("999999", MAX_RETRY_AFTER_S), ("soon", 0.0)])
async def test_who_wants_to_be_left_alone_is_for_as_long_as_is_sensible(header: str, wait_s: float) -> None:
    clock = ManualClock()
    async with Receiver() as receiver, telling(receiver, now=clock.now) as it:
        receiver.answers.append(f"HTTP/1.1 429 Slow Down\r\nRetry-After: {header}\r\n\r\n".encode())
        it.device.play("Blue")
        await until(lambda: len(receiver.requests) == 3)
        assert it.sleeps == [0.0, wait_s]


async def test_a_flood_of_events_neither_holds_up_the_loop_nor_fills_the_memory() -> None:
    async with Receiver() as receiver, telling(receiver) as it:
        held, entered = asyncio.Event(), asyncio.Event()

        async def hold(writer: asyncio.StreamWriter) -> None:
            entered.set()
            await held.wait()
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

        receiver.answers.append(hold)
        it.device.play("Track -1")
        await entered.wait()
        for number in range(300):
            it.device.play(f"Track {number}")
            await asyncio.sleep(0)
            assert len(it.webhook.outbox) <= MAX_WAITING
        held.set()
        await until(lambda: receiver.requests[-1].content["data"].get("title") == "Track 299")
        assert it.webhook.outbox.dropped > 0
        assert receiver.requests[-1].content["dropped"] == it.webhook.outbox.dropped


async def test_without_an_address_it_says_what_to_do() -> None:
    with pytest.raises(IntegrationError, match="no address is set: enter the one"):
        await Webhook(WebhookSettings(enabled=True)).run(Device(), lambda: None)


async def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing of the kind")
    for file in ("ca.pem", "gone.pem"):
        settings = WebhookSettings(address="https://127.0.0.1/", ca_file=str(tmp_path / file))
        with pytest.raises(IntegrationError, match="the certificate authority's file cannot be used"):
            await Webhook(settings).run(Device(), lambda: None)


def test_no_secret_and_no_path_of_a_file_is_a_defect() -> None:
    assert signature("\ud800", "1", b"") != signature("", "1", b"")
    with pytest.raises(ValidationError, match="ca_file"):
        WebhookSettings(ca_file="a\x00b")


async def test_neither_secret_nor_path_is_said_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Receiver() as receiver:
        address = f"http://127.0.0.1:{receiver.port}/kgbx?kgbx"
        async with telling(receiver, address=address, secret="kgbx") as it:
            receiver.answers += [FAILED, b"HTTP/1.1 401 kgbx\r\n\r\n", b"kgbx"]
            it.device.play("Blue")
            await until(lambda: not receiver.answers and it.state[0] == "on")
    for words in ("webhook is connected", "answers 500", "refuses what it is sent (401)", "hung up"):
        assert words in caplog.text
    assert "kgbx" not in caplog.text
