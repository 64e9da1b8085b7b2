"""The sections `[cameras.*]`: what each camera is, how it hangs, and how it lets us in."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from soundit_edge.settings.section import AT_ONCE, Section

AUTO: Final = "auto"
OFF: Final = "off"
CSI: Final = "csi:"
"""What stands before the number of a camera on a Raspberry Pi's own camera port."""
PORTS: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""The usual TCP port of each way to speak to a camera, by how its address begins."""
MAX_ADDRESS: Final = 500
"""Characters."""
_LOCAL: Final = re.compile(rf"{AUTO}|{OFF}|(?:{CSI})?[0-9]+", re.ASCII)
_SECRETS: Final = re.compile(
    r"passw?(?:or)?d?|pwd|loginpas|token|secret|auth|usr|user(?:name)?|loginuse", re.IGNORECASE
)
"""Names of values behind the question mark of an address that let somebody in."""


def number_as_text(value: object) -> object:
    """Return a whole number as text, and anything else as it is: people write both camera = 0 and camera = "0"."""
    return str(value) if type(value) is int else value


def is_address(source: str) -> bool:
    """Return whether a camera is reached over the network."""
    return "://" in source


def origin_of(source: str) -> str:
    """Return whom an address speaks to, such as "rtsp://porch:554"; "" for a camera that has no address.

    Args:
        source: a valid name of a camera; see `check_source`.
    """
    if not is_address(source):
        return ""
    parts = urllib.parse.urlsplit(source)
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{parts.port or PORTS[parts.scheme]}"


def login_apart(typed: str) -> tuple[str, str, str]:
    """Part what somebody types, such as rtsp://USER:PASSWORD@HOST/, into address, user name and password.

    The last two are "" where none stand in it.
    """
    scheme, separator, rest = typed.strip().partition("://")
    authority, slash, path = rest.partition("/")
    login, at, host = authority.rpartition("@")
    if not separator or not at:
        return typed.strip(), "", ""
    user, _, password = login.partition(":")
    return f"{scheme}://{host}{slash}{path}", urllib.parse.unquote(user), urllib.parse.unquote(password)


def check_source(source: str) -> str:
    """Return the name of a camera as it is.

    Raises:
        ValueError: it is none; the text says what it could be. It does not repeat what may be a password.
    """
    if _LOCAL.fullmatch(source):
        return source
    scheme, separator, _ = source.partition("://")
    if not separator:
        given = "" if "@" in source else f", not {source[:40]!r}"  # a login whose scheme was forgotten is not repeated
        raise ValueError(
            f'a camera is a number, "{CSI}0", "{AUTO}", "{OFF}" or an address such as rtsp://HOST/PATH{given}'
        )
    if scheme not in PORTS:
        raise ValueError(f"an address of a camera begins with one of {', '.join(f'{one}://' for one in PORTS)}")
    if not source.isprintable() or " " in source:
        raise ValueError("an address has no spaces: write %20 for one")
    try:
        parts = urllib.parse.urlsplit(source)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the address of the camera has no valid host or port") from None
    if not host:
        raise ValueError("the address of the camera lacks the host, as in rtsp://HOST/PATH")
    if "@" in parts.netloc:
        raise ValueError("user name and password of a camera stand in settings of their own, not in its address")
    if any(_SECRETS.fullmatch(name) for name in urllib.parse.parse_qs(parts.query, keep_blank_values=True)):
        raise ValueError("a password behind the question mark cannot be kept secret: use user name and password")
    return source


def check_login_for(origin: str) -> str:
    """Return whom a login is for as it is: the address of a camera, or "".

    Raises:
        ValueError: it is none.
    """
    if origin and not is_address(origin):
        raise ValueError("a login is for an address such as rtsp://HOST:554")
    return check_source(origin) if origin else ""


Source = Annotated[
    str, BeforeValidator(number_as_text), AfterValidator(check_source), Field(min_length=1, max_length=MAX_ADDRESS)
]
"""A camera: see `check_source`."""


class CameraSettings(Section):
    """How the camera that is chosen under Device hangs, and how it lets us in."""

    rotation: Annotated[Literal["0", "90", "180", "270"], BeforeValidator(number_as_text)] = Field(
        default="0",
        title="Rotation",
        description="Degrees by which its picture is turned clockwise: 180 for a camera that hangs upside down.",
        json_schema_extra=AT_ONCE,
    )
    mirrored: bool = Field(
        default=False,
        title="Mirrored",
        description="Its picture is seen in a mirror, and left and right are exchanged again.",
        json_schema_extra=AT_ONCE,
    )
    locked: bool = Field(
        default=False,
        title="Fixed exposure",
        description="Exposure and white balance stay as they are some seconds after the start, where the camera can.",
        json_schema_extra=AT_ONCE,
    )
    user: str = Field(
        default="",
        title="User name",
        description='That a network camera asks for; "" where it asks for none.',
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        json_schema_extra=AT_ONCE,
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        title="Password",
        description="Of that user.",
        max_length=1000,
        json_schema_extra=AT_ONCE,
    )
    login_for: Annotated[str, AfterValidator(check_login_for)] = Field(
        default="",
        title="Login is for",
        description="The camera that user name and password were given for, such as rtsp://HOST:554; "
        'no other one is sent them. "" is the present one.',
        max_length=MAX_ADDRESS,
        json_schema_extra={**AT_ONCE, "readOnly": True},
    )

    @property
    def has_login(self) -> bool:
        """Return whether there is a user name or a password."""
        return bool(self.user or self.password.get_secret_value())

    def is_withheld_from(self, source: str) -> bool:
        """Return whether there is a login that was given for another camera than this one."""
        return self.has_login and self.login_for != "" and origin_of(self.login_for) != origin_of(source)

    def login_at(self, source: str) -> tuple[str, SecretStr]:
        """Return user name and password for a camera; both are "" where they were given for another one."""
        return ("", SecretStr("")) if self.is_withheld_from(source) else (self.user, self.password)


class FurtherCameraSettings(CameraSettings):
    """Another camera that is read at the same time: the mood is that of all of them together."""

    source: Source = Field(
        default=OFF,
        title="Camera",
        description=f'Number of the camera, "{CSI}0" for one on a Raspberry Pi\'s own port, an address such as '
        f'rtsp://HOST/PATH or http://HOST/PATH, or "{OFF}".',
        json_schema_extra=AT_ONCE,
    )


NO_LOGIN: Final[Mapping[str, Any]] = {"user": "", "password": SecretStr(""), "login_for": ""}


class CamerasSettings(Section):
    """The cameras."""

    first: CameraSettings = Field(default=CameraSettings(), title="Camera")
    second: FurtherCameraSettings = Field(default=FurtherCameraSettings(), title="Second camera")
    third: FurtherCameraSettings = Field(default=FurtherCameraSettings(), title="Third camera")

    @property
    def further(self) -> tuple[FurtherCameraSettings, ...]:
        """Return those beside the first."""
        return self.second, self.third


def choose_first(before: str, cameras: CamerasSettings, typed: str) -> tuple[str, CamerasSettings]:
    """Return the name of another first camera, and the settings of the cameras with it.

    A login that stands in what was typed goes into the settings. The one that is there is kept for the same host, port
    and scheme only: no camera is shown the password of another one.

    Args:
        before: the name of the first camera until now.
        cameras: the settings until now.
        typed: the new one as somebody typed it.

    Raises:
        ValueError: it is no name of a camera.
    """
    source, user, password = login_apart(typed)
    check_source(source)
    if len(source) > MAX_ADDRESS:
        raise ValueError(f"the address of the camera is longer than {MAX_ADDRESS} characters")
    origin = origin_of(source)
    login: dict[str, Any] = {"user": user, "password": SecretStr(password), "login_for": origin}
    if not user and not password:
        if origin == origin_of(before):
            return source, cameras
        login = dict(NO_LOGIN)
    first = cameras.first.model_copy(update=login)
    return source, cameras.model_copy(update={"first": first})
