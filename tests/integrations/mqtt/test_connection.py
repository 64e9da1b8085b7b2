"""How the integration comes to a broker, or says in one sentence why not and what to do."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from aiomqtt.exceptions import MqttConnectError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import SecretStr

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.mqtt import connection
from soundit_edge.integrations.mqtt.client import Mqtt
from soundit_edge.integrations.mqtt.connection import heeding_cancellation, words_for
from soundit_edge.integrations.mqtt.settings import MqttSettings
from tests.fakes.control import FakeControl
from tests.integrations.mqtt.broker import connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

NOW = datetime.datetime.now(datetime.UTC)
USER, PASSWORD = "box", "Kgbx7fWq"


def write_certificate(folder: Path, name: str, signed_by: str = "", address: str = "127.0.0.1") -> None:
    """Write NAME.pem and NAME.key: of an authority, or signed by one of the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = subject, key
    if signed_by:
        issuer = x509.load_pem_x509_certificate((folder / f"{signed_by}.pem").read_bytes()).subject
        loaded = serialization.load_pem_private_key((folder / f"{signed_by}.key").read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        signing = loaded
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(NOW - datetime.timedelta(1)).not_valid_after(NOW + datetime.timedelta(1))
    builder = builder.add_extension(x509.BasicConstraints(ca=not signed_by, path_length=None), critical=True)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = builder.add_extension(names, critical=False).sign(signing, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two authorities, and a broker's certificate that one of them has signed."""
    folder = tmp_path_factory.mktemp("mosquitto")
    write_certificate(folder, "authority")
    write_certificate(folder, "stranger")
    write_certificate(folder, "broker", signed_by="authority")
    return folder


@pytest.fixture(scope="module")
def guarded(folder: Path) -> Iterator[Mosquitto]:
    """A broker that wants TLS, a user name and a password."""
    command = ["mosquitto_passwd", "-b", "-c", str(folder / "users"), USER, PASSWORD]
    subprocess.run(command, check=True, capture_output=True)
    options = [
        "allow_anonymous false",
        f"password_file {folder}/users",
        f"certfile {folder}/broker.pem",
        f"keyfile {folder}/broker.key",
    ]
    with Mosquitto(options) as it:
        yield it


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LEAVE_S", 0.05)


@pytest.fixture
def settings(guarded: Mosquitto, folder: Path) -> MqttSettings:
    """Settings by which the guarded broker lets us in."""
    return MqttSettings(
        enabled=True,
        host="127.0.0.1",
        port=guarded.port,
        tls=True,
        ca_file=str(folder / "authority.pem"),
        username=USER,
        password=SecretStr(PASSWORD),
        device_id="box",
    )


async def why_not(settings: MqttSettings) -> str:
    """Return why the integration cannot connect."""
    with pytest.raises(IntegrationError) as failure:
        await Mqtt(settings).run(FakeControl(), lambda: None)
    said = str(failure.value)
    assert PASSWORD not in said
    return said


async def test_with_tls_and_a_password_it_is_let_in(settings: MqttSettings) -> None:
    async with connected(settings, FakeControl()):
        pass


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": SecretStr("another")}, "wants another user name or password: correct them"),
        ({"username": "somebody"}, "wants another user name or password: correct them"),
        ({"username": ""}, "wants another user name or password: set them"),
        ({"ca_file": "stranger.pem"}, "has a certificate that is not trusted"),
        ({"ca_file": ""}, "has a certificate that is not trusted"),
        ({"host": "localhost"}, "has a certificate that is not trusted"),
        ({"ca_file": "nowhere.pem"}, "cannot be read (No such file or directory): correct ca_file"),
        ({"ca_file": "users"}, "is no certificate in PEM format: correct ca_file"),
        ({"host": "a..b"}, "no computer is found by the name a..b"),
    ],
    ids=str,
)
async def test_why_it_is_not_let_in_is_one_sentence(
    settings: MqttSettings, folder: Path, changes: dict[str, Any], said: str
) -> None:
    if changes.get("ca_file"):
        changes = {"ca_file": str(folder / changes["ca_file"])}
    assert said in await why_not(settings.model_copy(update=changes))


async def test_the_right_password_after_the_wrong_one_is_all_that_is_needed(settings: MqttSettings) -> None:
    wrong = settings.model_copy(update={"password": SecretStr("another")})
    for _ in range(3):
        assert "correct them" in await why_not(wrong)
    async with connected(settings, FakeControl()):
        pass


async def test_plain_words_at_a_port_of_tls_are_explained(
    settings: MqttSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ANSWER_S", 0.2)
    assert "correct port or tls" in await why_not(settings.model_copy(update={"tls": False}))


class Stranger:
    """What accepts connections and answers as it likes, or not at all.

    Attributes:
        port: where.
        open: connections that stand.
        came: how many there were.
    """

    def __init__(self, *answers: bytes) -> None:
        """Be ready to give one answer to each thing that is said, and none after them."""
        self.port = 0
        self.open = 0
        self.came = 0
        self._answers = answers

    @asynccontextmanager
    async def there(self) -> AsyncIterator[Stranger]:
        """Be there until the context is left; then nobody is connected any more."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        await until(lambda: not self.open, "a connection is left open")
        server.close()
        await server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        self.open += 1
        answers = iter(self._answers)
        with suppress(OSError):
            while await reader.read(4096):
                writer.write(next(answers, b""))
        writer.close()
        self.open -= 1


@pytest.mark.parametrize(
    "says",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 100, b"\x20\x7f\0\0"],
    ids=["nothing", "http", "ff", "half a CONNACK"],
)
async def test_what_is_no_broker_is_given_up_and_hung_up_on(says: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ANSWER_S", 0.2)
    async with Stranger(says).there() as stranger:
        said = await why_not(MqttSettings(host="127.0.0.1", port=stranger.port, device_id="box"))
        assert said.startswith(f"the broker at 127.0.0.1:{stranger.port} ")


async def test_who_may_not_read_the_topics_of_commands_is_said_so() -> None:
    connack, suback = b"\x20\x03\0\0\0", b"\x90\x04\0\x01\0\x87"  # the latter: not authorised
    async with Stranger(connack, suback).there() as stranger:
        said = await why_not(MqttSettings(host="127.0.0.1", port=stranger.port, device_id="box"))
        assert said == "the broker does not let this user read soundit/box/set: allow it there"


async def test_who_is_cancelled_while_it_connects_ends_at_once_and_leaves_no_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "ANSWER_S", 0.5)
    async with Stranger().there() as stranger:
        settings = MqttSettings(host="127.0.0.1", port=stranger.port, device_id="box")
        task = asyncio.create_task(Mqtt(settings).run(FakeControl(), lambda: None))
        await until(lambda: stranger.came)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


async def test_where_nobody_listens_it_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    said = await why_not(MqttSettings(host="127.0.0.1", port=port, device_id="box"))
    assert said == (
        f"the broker at 127.0.0.1:{port} cannot be reached (Connection refused): "
        "see whether it runs, and correct host or port"
    )


async def test_a_cancellation_that_aiomqtt_forgets_is_heeded() -> None:
    async def forget() -> str:
        with suppress(asyncio.CancelledError):  # as wait_for in Python 3.11, where the answer has just come
            await asyncio.Event().wait()
        return "answer"

    task = asyncio.create_task(heeding_cancellation(forget()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


def caused_by(error: Exception) -> aiomqtt.MqttError:
    """Return the error that aiomqtt makes of another one."""
    try:
        try:
            raise error
        except Exception as caught:
            raise aiomqtt.MqttError(str(caught)) from None
    except aiomqtt.MqttError as made:
        return made


def test_what_a_broker_or_a_network_can_answer_has_words() -> None:
    settings = MqttSettings()
    unknown = caused_by(socket.gaierror(-2, "Name or service not known"))
    assert "set its address" in words_for(unknown, settings)
    old = MqttConnectError(ReasonCode(PacketTypes.CONNACK, "Unsupported protocol version"))
    assert "does not speak MQTT 5" in words_for(old, settings)
    busy = MqttConnectError(ReasonCode(PacketTypes.CONNACK, "Server busy"))
    assert "refuses the connection ([code:137] Server busy)" in words_for(busy, settings)
    twin = aiomqtt.MqttCodeError(ReasonCode(PacketTypes.DISCONNECT, "Session taken over"))
    assert "set another device_id" in words_for(twin, settings)
    assert "has hung up" in words_for(aiomqtt.MqttError("Disconnected during message iteration"), settings)
