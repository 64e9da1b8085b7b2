"""The user's settings: settings.toml, validated, with a default and a help text for each."""

from __future__ import annotations

import codecs
import reprlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from soundit_edge import paths
from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from soundit_edge.formats import toml_edit
from soundit_edge.modalities import MODALITIES
from soundit_edge.parameters import PARAMETERS
from soundit_edge.tables.choices import ACCELERATOR_WORDS, POLICY_WORDS, PRESET_WORDS, SOURCE_WORDS, described
from soundit_edge.text import known_names, reason

VERSION: Final = 1
MARK: Final = "\ufeff"
"""The byte-order mark, which editors on Windows write before a text in UTF-8."""

if TYPE_CHECKING:  # mypy knows no Literal that is made while the program runs
    PolicyName = str
    PresetName = str
    PlayName = str
    AcceleratorName = str
else:
    PolicyName, PresetName, PlayName, AcceleratorName = (
        Literal[tuple(names)] for names in (POLICY_WORDS, PRESET_WORDS, SOURCE_WORDS, ACCELERATOR_WORDS)
    )

_SHORT: Final = reprlib.Repr()
"""Formats a user's value for a message, shortened where it is long."""
_SHORT.maxstring = 60


class SettingsError(SounditError):
    """The settings file is broken, holds something unknown, or cannot be written."""


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


class Section(BaseModel):
    """A table of settings.toml: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeviceSettings(Section):
    """Which camera, microphone and speaker are used."""

    camera: Annotated[str, BeforeValidator(_number_as_text)] = Field(
        default="auto",
        title="Camera",
        description='Number of the camera, "auto" for the first one (the drawn demo where there is none), or "off".',
        pattern=r"^(auto|off|[0-9]+)$",
    )
    microphone: str = Field(
        default="auto",
        title="Microphone",
        description='Name of the microphone or a part of it, "auto" for the system\'s, or "off".',
        min_length=1,
    )
    speaker: str = Field(
        default="auto",
        title="Speaker",
        description='Name of the speaker or a part of it, "auto" for the system\'s, "file:OUT.wav", or "off".',
        min_length=1,
    )


class _Switches(Section):
    """Which senses run."""

    def __init__(self, **switches: bool) -> None:
        super().__init__(**switches)

    def switched_on(self) -> frozenset[str]:
        """Return the names of the senses that run."""
        return frozenset(name for name, on in self.model_dump().items() if on)


if TYPE_CHECKING:  # mypy does not follow create_model
    SensesSettings = _Switches
else:
    SensesSettings = create_model(
        "SensesSettings",
        __base__=_Switches,
        __doc__=_Switches.__doc__,
        **{row.name: (bool, Field(True, title=row.title, description=row.description)) for row in MODALITIES.values()},
    )
    """One switch for each row of `MODALITIES`."""


class _Locks(Section):
    """Parameters of the music that no mood moves; one that is left out follows the mood."""

    def __init__(self, **locks: float | None) -> None:
        super().__init__(**locks)

    def chosen(self) -> dict[str, float]:
        """Return the locked parameters by name."""
        return self.model_dump(exclude_none=True)


if TYPE_CHECKING:
    LockSettings = _Locks
else:
    LockSettings = create_model(
        "LockSettings",
        __base__=_Locks,
        __doc__=_Locks.__doc__,
        **{
            row.name: (float | None, Field(None, ge=row.low, le=row.high, title=row.title, description=row.help))
            for row in PARAMETERS.values()
        },
    )
    """One lock for each row of `PARAMETERS`."""


class LiveMusicSettings(Section):
    """What can be changed while the music plays; see `control.patch.DevicePatch`."""

    volume: float = Field(default=0.7, ge=0, le=1, title="Volume", description="0 is silent, 1 is full.")
    muted: bool = Field(default=False, title="Muted", description="Silent, and the volume stays where it is.")
    policy: PolicyName = Field(
        default="follow",
        title="Policy",
        description=f"What the music does with the mood. {described(POLICY_WORDS)}",
    )
    preset: PresetName = Field(
        default="musical",
        title="Preset",
        description=f"How far the music goes. {described(PRESET_WORDS)}",
    )


class MusicSettings(LiveMusicSettings):
    """What is played, how loud, and what a mood does to it."""

    seed: int = Field(default=1, ge=0, title="Seed", description="The same seed composes the same music.")
    play: PlayName = Field(
        default="theme",
        title="Play",
        description=f"Where the music comes from. {described(SOURCE_WORDS)}",
    )
    track: str = Field(default="", title="Track", description="A sound file of your own to play in place of the theme.")
    lock: LockSettings = Field(
        default=LockSettings(), title="Locks", description="Parameters that stay where you put them, whatever the mood."
    )


class InferenceSettings(Section):
    """How the models are run, and on what."""

    threads: int | None = Field(
        default=None,
        title="Threads",
        description="Processor threads within one call of a model, 1 to 64; left out, as many as were measured to pay.",
    )
    accelerator: AcceleratorName = Field(
        default="auto",
        title="Accelerator",
        description=f"What the small models run on. {described(ACCELERATOR_WORDS)}",
    )
    accelerator_library: str = Field(
        default="", title="Accelerator's library", description='Path of the delegate\'s library, or "" to look for it.'
    )
    accelerator_options: dict[str, str] = Field(
        default={},
        title="Accelerator's options",
        description="Handed to the delegate; its own documentation lists them.",
    )


class PrivacySettings(Section):
    """What is sensed and kept of the people in the room."""

    private: bool = Field(
        default=False, title="Private", description="Camera and microphone are closed, until this is taken back."
    )
    public_place: bool = Field(
        default=False,
        title="Public place",
        description="Nothing about individuals is kept: neither what anybody liked, nor when which mood was felt.",
    )
    contact: str = Field(
        default="",
        title="Contact",
        description="Whom people can ask about the device; it stands on the notice for a public place.",
        max_length=200,
    )


class PageSettings(Section):
    """The local web page."""

    port: int = Field(
        default=8347, ge=0, le=65535, title="Port", description="TCP port on this computer; 0 takes any free one."
    )


class Settings(Section):
    """Everything that settings.toml may hold."""

    version: int = Field(default=VERSION, title="Version", description="Of the file's format; not to be edited.")
    device: DeviceSettings = DeviceSettings()
    senses: SensesSettings = SensesSettings()
    music: MusicSettings = MusicSettings()
    inference: InferenceSettings = InferenceSettings()
    privacy: PrivacySettings = PrivacySettings()
    page: PageSettings = PageSettings()
    integrations: dict[str, Any] = Field(
        default={},
        repr=False,  # a password may stand in them
        title="Integrations",
        description="One table for each; they are checked by the model that `integrations.registry` makes of this one.",
    )


def default_path() -> Path | None:
    """Return the path of the settings file; None for a user without a home folder and without SOUNDIT_SETTINGS."""
    return paths.if_any(paths.settings_file)


def load(path: Path | None, model: type[Settings] = Settings) -> Settings:
    """Read the settings in a file; return the defaults where the file does not exist, or `path` is None.

    Args:
        path: of the file.
        model: what it may hold; the device's own knows the integrations, too.

    Raises:
        SettingsError: the file cannot be read or is not valid; the message names the first thing to correct.
    """
    if path is None:
        return model()
    try:
        content = tomllib.loads(_read(path).removeprefix(MARK))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error})") from error
    version = content.get("version", VERSION)
    if version != VERSION:
        raise SettingsError(f"{path}: written for format {version}, this program knows format {VERSION}")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SettingsError(f"{path}: {explain(error, model)}") from error


def update(path: Path | None, changes: Mapping[toml_edit.KeyPath, toml_edit.Value | None]) -> None:
    """Change some values in a settings file, atomically and durably.

    The file is read again and only these values change: what its owner wrote in the meantime, comments and layout stay,
    and so do its mode, its byte-order mark and a link to it. A missing file is created.

    Args:
        path: the file; None: this user has no place for a settings file.
        changes: new values by the path of their key, for example ("music", "volume"); None removes a key.

    Raises:
        SettingsError: the file cannot be read, is not valid or cannot be written, or `path` is None.
    """
    if path is None:
        raise SettingsError("this user has no home folder, and SOUNDIT_SETTINGS names no file")
    whole = _read(path)
    text = whole.removeprefix(MARK)
    try:
        changed = toml_edit.edited(text, changes)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error})") from error
    if changed == text:
        return
    try:
        path.resolve().parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (whole.removesuffix(text) + changed).encode())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({reason(error)})") from error


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first problem of `model` in one line, with the nearest known name for a misspelt one."""
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    name = ".".join(place)
    if first["type"] != "extra_forbidden":
        # What was written for an integration may be a password, and what is said here goes to the log.
        value = "" if place[:1] == ["integrations"] else f", but it is {_SHORT.repr(first['input'])}"
        return f"{name or 'a name'}: {first['msg'].lower()}{value}"
    known = _names_in(model, place[:-1])
    return f"unknown setting {_SHORT.repr(name)}{known_names(place[-1], known)}"


def _read(path: Path) -> str:
    """Return the text of a file unchanged, with its byte-order mark and its line ends; "" where it does not exist."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    # Some editors call UTF-16 "Unicode"; in it every other byte of an English text is 0.
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise SettingsError(f"{path}: not valid TOML (it is saved as UTF-16 or is no text: save it as UTF-8)")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}: not valid TOML (line {line} is not UTF-8: save the file as UTF-8)") from error


def _names_in(model: Any, place: list[str]) -> list[str]:
    for part in place:
        model = model.model_fields[part].annotation
    return list(model.model_fields)
