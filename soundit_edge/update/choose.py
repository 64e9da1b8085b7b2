"""Choose the set that this device takes from those that are offered: a pure function of what is known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

_NUMBER: Final = re.compile(r"\d+")


class OfferTerms(BaseModel):
    """What the signed list says of a set, under "soundit" in the custom data of its `set.json`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    release: int = Field(ge=1)
    hardware: tuple[str, ...] = ()
    min_version: str = ""
    max_version: str = ""
    percent: int = Field(default=100, ge=0, le=100, description="The share of all devices that take it.")
    revoked: bool = False
    bytes: int = Field(default=0, ge=0)


class OfferShare(BaseModel):
    """What the list of the roll-out says of a set, in the same place: a share that counts in place of the other."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    percent: int = Field(ge=0, le=100)


@dataclass(frozen=True)
class PublishedSet:
    """A published set."""

    set_id: str
    terms: OfferTerms


@dataclass(frozen=True)
class ThisDevice:
    """What decides which sets a device takes.

    Attributes:
        device_id: any text that stays the same; it decides when in a staged roll-out the device's turn is.
        hardware: names of what it is and has, such as "aarch64" and "edgetpu".
        version: of soundit_edge.
        floor: the highest release that it ever had.
        release: of the set in use; lower than the floor where a newer one was lost.
        current: the set in use; None: the shipped one.
        refused: sets that it does not take again.
    """

    device_id: str
    hardware: frozenset[str]
    version: str
    floor: int
    release: int
    current: str | None = None
    refused: Collection[str] = ()


def choose(offers: Iterable[PublishedSet], device: ThisDevice) -> PublishedSet | None:
    """Return the set of the highest release that a device is to take; None where there is none.

    The same release may be taken again where the device has lost it (its disk has damaged it).
    """
    fitting = [offer for offer in offers if not why_not(offer, device)]
    return max(fitting, key=lambda offer: (offer.terms.release, offer.set_id), default=None)


def why_not(offer: PublishedSet, device: ThisDevice) -> str:
    """Return why a device does not take a set, in words for the user; "" where it does."""
    terms = offer.terms
    if terms.revoked:
        return "it was revoked"
    if offer.set_id == device.current:
        return "it is in use"
    if terms.release < device.floor or terms.release <= device.release:
        return "it is not newer than what this device had"
    if offer.set_id in device.refused:
        return "this device has refused it"
    if misfit := why_unfit(terms.hardware, terms.min_version, terms.max_version, device):
        return misfit
    if bucket(device.device_id, offer.set_id) >= terms.percent:
        return "this device's turn comes later"
    return ""


def why_unfit(hardware: Collection[str], min_version: str, max_version: str, device: ThisDevice) -> str:
    """Return why a set cannot run on a device, in words for the user; "" where it can.

    Args:
        hardware: names, one of which the device must have; none: any device.
        min_version: the first version of soundit_edge that can use it; "": any.
        max_version: the first version that no longer can; "": none.
        device: the device.
    """
    if hardware and not device.hardware.intersection(hardware):
        return f"it is for other hardware ({', '.join(hardware)})"
    version = _numbers(device.version)
    if min_version and version < _numbers(min_version):
        return f"it needs soundit {min_version} or newer"
    if max_version and version >= _numbers(max_version):
        return f"it is for soundit before {max_version}"
    return ""


def bucket(device_id: str, set_id: str) -> int:
    """Return where in the roll-out of a set a device stands, 0..99: it takes the set once its percent is above."""
    return int(hashlib.sha256((device_id + set_id).encode()).hexdigest(), 16) % 100


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, "0.2" as (0, 2, 0, 0), so that versions can be compared."""
    numbers = [int(number) for number in _NUMBER.findall(version)][:4]
    return tuple(numbers + [0] * (4 - len(numbers)))
