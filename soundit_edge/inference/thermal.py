"""How warm the box is, and how much of its time the senses may take so that it stays cool.

Linux gives temperatures in /sys/class/thermal; a Raspberry Pi's firmware also says whether it has slowed its processor
down (Raspberry Pi documentation, `vcgencmd get_throttled`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

WARM_C: Final = 70.0
"""Up to this temperature in degrees Celsius the senses may take all the time that they need..."""
HOT_C: Final = 85.0
"""...and from this one on, at which a Raspberry Pi is throttled to its slowest, `MIN_SHARE` of it."""
MIN_SHARE: Final = 0.3
THROTTLED_SHARE: Final = 0.6
"""The share at most while the firmware slows the processor down."""
PLAUSIBLE_C: Final = (-40.0, 150.0)
"""What a sensor of a box can show; anything else is a broken one."""
THROTTLED_NOW: Final = 0b1110
"""Bits of the firmware's word: the frequency is capped, throttled, or held down by the temperature."""


class Thermal:
    """Reads the box's thermometers and flags. What cannot be read does not count."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Read below a folder.

        Args:
            root: in which sys lies; another one than / in tests.
        """
        self._zones = root / "sys/class/thermal"
        self._flags = root / "sys/devices/platform/soc/soc:firmware/get_throttled"

    def temperature(self) -> float | None:
        """Return the temperature of the warmest sensor in degrees Celsius; None where none can be read."""
        found = [_number(path, 10) for path in self._zones.glob("thermal_zone*/temp")]
        low, high = PLAUSIBLE_C
        return max((t / 1000 for t in found if t is not None and low <= t / 1000 <= high), default=None)

    def is_throttled(self) -> bool:
        """Return whether the firmware slows the processor down now."""
        word = _number(self._flags, 16)
        return word is not None and bool(word & THROTTLED_NOW)

    def share(self) -> float:
        """Return which share of the time that they may usually take the senses may take now, `MIN_SHARE` to 1."""
        temperature = self.temperature()
        warm = 0.0 if temperature is None else (temperature - WARM_C) / (HOT_C - WARM_C)
        share = 1.0 - (1.0 - MIN_SHARE) * min(1.0, max(0.0, warm))
        return min(share, THROTTLED_SHARE) if self.is_throttled() else share


def _number(path: Path, base: int) -> int | None:
    """Return the number in a file of the kernel; None where there is none."""
    try:
        return int(path.read_text(encoding="ascii").strip(), base)
    except (OSError, ValueError):
        return None
