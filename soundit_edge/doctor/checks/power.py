"""Heat and power: how warm the box is, and whether its power supply is strong enough."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.inference.thermal import HOT_C, Thermal

FLAGS: Final = "sys/devices/platform/soc/soc:firmware/get_throttled"
UNDER_VOLTAGE: Final = 1 << 0
THROTTLED: Final = 0b1110
SINCE_BOOT: Final = 16
"""The firmware repeats its bits so many places higher for what has happened since the boot."""
SUPPLY: Final = "use the power supply that was made for this board, with a short cable, and unplug what draws much"
COOL: Final = "give it air: a heat sink, a fan, no closed cupboard and no sun"


def look_at_temperature(here: Surroundings) -> Iterator[Finding]:
    """Find how warm the box is, and what the senses lose by it."""
    thermal = Thermal(here.root)
    temperature = thermal.temperature()
    if temperature is None:
        yield Finding("temperature", "ok", "unknown: there is no thermometer")
        return
    share = thermal.share()
    slowed = "" if share == 1.0 else f": the senses take {100 * share:.0f} % of their time, until it is cooler"
    text = f"{temperature:.0f} °C{slowed}"
    if temperature >= HOT_C:
        yield Finding("temperature", "bad", text, COOL)
    else:
        yield Finding("temperature", "note" if slowed else "ok", text, COOL if slowed else "")


def look_at_power(here: Surroundings) -> Iterator[Finding]:
    """Find whether a Raspberry Pi had too little voltage or was slowed down, now or since the boot."""
    word = flags(here)
    alarms = _voltage_alarms(here)
    if word is None and alarms is None:
        return  # no Raspberry Pi
    word = word or 0
    if word & UNDER_VOLTAGE or alarms:
        yield Finding("power", "bad", "the voltage is too low now: music stutters and cards get damaged", SUPPLY)
    elif word >> SINCE_BOOT & UNDER_VOLTAGE:
        yield Finding("power", "bad", "the voltage was too low since the last start", SUPPLY)
    else:
        yield Finding("power", "ok", "the voltage was never too low since the last start")
    if word & THROTTLED:
        yield Finding("throttling", "bad", "the processor is slowed down now", f"{COOL}; {SUPPLY}")
    elif word >> SINCE_BOOT & THROTTLED:
        yield Finding("throttling", "note", "the processor was slowed down since the last start", f"{COOL}; {SUPPLY}")


def flags(here: Surroundings) -> int | None:
    """Return the firmware's word, of the kernel or of its own command; None where there is none."""
    word = here.number(FLAGS, 16)
    if word is None and here.text("proc/device-tree/model") is not None:
        found = re.fullmatch(r"throttled=(0x[0-9a-fA-F]+)\s*", here.output_of(("vcgencmd", "get_throttled")) or "")
        word = int(found[1], 16) if found else None
    return word


def _voltage_alarms(here: Surroundings) -> bool | None:
    """Return whether the kernel's own watch over the voltage gives an alarm; None where there is none."""
    names = here.found("sys/class/hwmon/hwmon*/name")
    watches = [path.parent for path in names if here.text(path) == "rpi_volt"]
    return any(here.number(folder / "in0_lcrit_alarm") for folder in watches) if watches else None


TEMPERATURE: Final = Check("temperature", look_at_temperature)
POWER: Final = Check("power", look_at_power)
CHECKS: Final = (
    TEMPERATURE,
    POWER,
)
