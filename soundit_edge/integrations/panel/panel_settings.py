"""The section `[integrations.panel]`: what is wired to which pin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pydantic import Field, model_validator

from soundit_edge.integrations.integration import IntegrationSettings
from soundit_edge.integrations.panel.pins import Pin
from soundit_edge.integrations.panel.strip import MAX_LIGHTS, SPI_PINS

BUTTONS: Final = ("privacy_button", "next_button", "mood_button", "claim_button")
KNOB: Final = ("knob_a", "knob_b")
LAMPS: Final = ("red", "green", "blue")


class PanelSettings(IntegrationSettings):
    """Which buttons, knob and light are wired to which pin (BCM number); what is left out is not there."""

    privacy_button: Pin | None = Field(
        default=None,
        title="Privacy button",
        description="Closes camera and microphone; pressed again, opens them.",
        examples=[5],
    )
    next_button: Pin | None = Field(
        default=None,
        title="Next and like button",
        description="Goes on to the next track; held for a second, remembers that you like the song.",
        examples=[6],
    )
    mood_button: Pin | None = Field(
        default=None,
        title="Mood button",
        description="Holds the present mood for an hour; pressed again, the room leads.",
        examples=[16],
    )
    claim_button: Pin | None = Field(
        default=None,
        title="Claim button",
        description="Lets the device be claimed for two minutes; held for ten seconds, removes all its users.",
        examples=[26],
    )
    knob_a: Pin | None = Field(
        default=None,
        title="Knob, contact A",
        description="A rotary encoder for the volume; it needs both contacts.",
        examples=[17],
    )
    knob_b: Pin | None = Field(
        default=None, title="Knob, contact B", description="The encoder's other contact.", examples=[27]
    )
    red: Pin | None = Field(default=None, title="Red", description="The light's red part.", examples=[12])
    green: Pin | None = Field(default=None, title="Green", description="The light's green part.", examples=[13])
    blue: Pin | None = Field(default=None, title="Blue", description="The light's blue part.", examples=[19])
    strip: int = Field(
        default=0,
        ge=0,
        le=MAX_LIGHTS,
        title="Strip",
        description="How many lights an APA102 strip on the board's SPI (pins 10 and 11) has; 0: there is none.",
    )
    brightness: float = Field(
        default=0.6,
        ge=0,
        le=1,
        title="Brightness",
        description="Of the light; while camera or microphone are open it never goes out altogether.",
    )
    buttons_active_high: bool = Field(
        default=False,
        title="Buttons to 3.3 V",
        description="Buttons join their pin with 3.3 V when they are pressed, not with ground.",
    )
    pull_resistors: bool = Field(
        default=True,
        title="Own resistors",
        description="The pins' own resistors hold the buttons that are not pressed; off where the panel has some.",
    )
    light_active_low: bool = Field(
        default=False,
        title="Common anode",
        description="The light is wired from 3.3 V to its pins, not from its pins to ground.",
    )

    @model_validator(mode="after")
    def _check_pins(self) -> PanelSettings:
        twice = [pin for pin, count in Counter(self._pins()).items() if count > 1]
        if twice:
            raise ValueError(f"pin {twice[0]} is used twice{' (a strip has 8 to 11)' if self.strip else ''}")
        return self

    def _pins(self) -> Iterator[int]:
        for name in (*BUTTONS, *KNOB, *LAMPS):
            if (pin := getattr(self, name)) is not None:
                yield pin
        if self.strip:
            yield from SPI_PINS
