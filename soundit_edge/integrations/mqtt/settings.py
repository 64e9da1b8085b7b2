"""The settings of the MQTT integration: where the broker is, who we are there, and how often values are sent."""

from __future__ import annotations

from typing import Final

from pydantic import Field, SecretStr

from soundit_edge.integrations.integration import IntegrationSettings

PLAIN_TOPIC: Final = r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$"
"""Neither wildcards (+ and #) nor empty levels, nor a $ at the beginning, which is the broker's own."""
PLAIN_NAME: Final = r"^[A-Za-z0-9_-]*$"
NO_CONTROL_CHARACTERS: Final = r"^[^\x00-\x1f\x7f]*$"


class MqttSettings(IntegrationSettings):
    """The MQTT broker, such as Home Assistant's, and how the device is known there."""

    host: str = Field(
        default="homeassistant.local",
        title="Broker",
        description="Name or address of the MQTT broker; Home Assistant's own runs on its computer.",
        max_length=253,
        pattern=r"^[A-Za-z0-9_.:-]+$",
    )
    port: int = Field(
        default=1883, ge=1, le=65535, title="Port", description="TCP port of the broker: mostly 1883, 8883 with TLS."
    )
    username: str = Field(
        default="",
        title="User name",
        description='That the broker knows this device by; "" where it asks for none.',
        max_length=200,
        pattern=NO_CONTROL_CHARACTERS,
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        title="Password",
        description="Of that user. Without TLS, whoever listens in your network can read it.",
        max_length=1000,
    )
    tls: bool = Field(
        default=False, title="TLS", description="Encrypted, and only with a broker whose certificate is trusted."
    )
    ca_file: str = Field(
        default="",
        title="Certificate authority",
        description='File with the certificate that the broker\'s is signed by; "" trusts those this computer trusts.',
        max_length=4096,
        pattern=NO_CONTROL_CHARACTERS,
    )
    prefix: str = Field(
        default="soundit",
        title="Topic",
        description="What the device's own topics begin with, such as soundit/4f7a12cd/state.",
        max_length=64,
        pattern=PLAIN_TOPIC,
    )
    discovery_prefix: str = Field(
        default="homeassistant",
        title="Discovery topic",
        description="Where Home Assistant looks for devices and says that it has started.",
        max_length=64,
        pattern=PLAIN_TOPIC,
    )
    device_id: str = Field(
        default="",
        title="Device ID",
        description='Tells this device from others of its kind, in all topics; "" takes one that is made once.',
        max_length=32,
        pattern=PLAIN_NAME,
    )
    interval_s: float = Field(
        default=5.0,
        ge=0.5,
        le=3600,
        title="Interval",
        description="Values that drift, such as valence and tempo, are sent at most this often; all else at once.",
        json_schema_extra={"unit": "s"},
    )
