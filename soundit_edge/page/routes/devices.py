"""Cameras, microphones and speakers: which there are, which is used, and what the device sees and hears with them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.control.actor import Role
from soundit_edge.control.devices import DeviceControl, DeviceKind, DevicesStatus
from soundit_edge.control.sight import HearingStatus, SightStatus
from soundit_edge.page.route import By, Route
from soundit_edge.page.routes.changes import EmptyBody
from soundit_edge.settings.cameras import login_apart


class DeviceBody(BaseModel):
    """The name of a device: "auto", "off", a camera's number or address, or a microphone's or speaker's name."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=800)


class PublicPlaceBody(BaseModel):
    """Whether nothing about individuals is kept."""

    model_config = ConfigDict(extra="forbid", strict=True)

    public_place: bool


def routes(devices: DeviceControl) -> list[Route]:
    """Return the routes of the ways in and out.

    Args:
        devices: chooses and tests them.
    """

    async def found() -> DevicesStatus:
        return await devices.devices()

    async def choose(kind: DeviceKind, body: DeviceBody, by: By) -> DeviceBody:
        await devices.choose_device(kind, body.name, by)
        return DeviceBody(name=login_apart(body.name)[0] if kind == "camera" else body.name)

    async def test(body: EmptyBody, by: By) -> EmptyBody:
        await devices.test_speaker(by)
        return body

    async def public_place(body: PublicPlaceBody, by: By) -> PublicPlaceBody:
        await devices.set_public_place(body.public_place, by)
        return body

    async def sight() -> SightStatus:
        return devices.sight()

    async def hearing() -> HearingStatus:
        return devices.hearing()

    return [
        Route("GET", "/api/devices", Role.ADMIN, found),
        Route("PUT", "/api/devices/{kind}", Role.ADMIN, choose),
        Route("POST", "/api/speaker/test", Role.OPERATOR, test),
        Route("PUT", "/api/public-place", Role.ADMIN, public_place),
        Route("GET", "/api/sight", Role.OPERATOR, sight),
        Route("GET", "/api/hearing", Role.OPERATOR, hearing),
    ]
