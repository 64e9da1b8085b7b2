"""The user's settings: settings.toml, checked, with a default and a help text for everything."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import tomli_w
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from soundit_edge import paths
from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from soundit_edge.text import did_you_mean, reason

VERSION: Final = 1

PolicyName = Literal["follow", "lift", "calm"]
PresetName = Literal["musical", "dramatic"]
PlayName = Literal["theme", "compose", "library"]


class SettingsError(SounditError):
    """The settings file is broken, holds something unknown, or cannot be written."""


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeviceSettings(_Section):
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


class SensesSettings(_Section):
    """Which senses run."""

    face: bool = Field(default=True, title="Faces", description="Read expressions.")
    body: bool = Field(default=True, title="Bodies", description="Read how people move and hold themselves.")
    lips: bool = Field(
        default=True, title="Lips", description="Read who speaks and, as far as lips tell, what is said."
    )
    voice: bool = Field(default=True, title="Voices", description="Read how people speak (not what they say).")
    hue: bool = Field(default=True, title="Colours", description="Read the colours of the room.")


class LockSettings(_Section):
    """Parameters of the music that no mood moves; one that is left out follows the mood."""

    tempo: float | None = Field(
        default=None, ge=0.5, le=2, title="Tempo", description="Ratio to the track's own: 1 is as written."
    )
    semitones: float | None = Field(
        default=None, ge=-12, le=12, title="Key", description="Semitones up or down: 0 is as written."
    )
    cutoff_hz: float | None = Field(
        default=None, ge=200, le=20_000, title="Brightness", description="Hertz that the treble goes up to."
    )
    reverb_s: float | None = Field(
        default=None, ge=0.2, le=6, title="Size of the room", description="Seconds that the reverberation lasts."
    )
    wet: float | None = Field(default=None, ge=0, le=1, title="Reverberation", description="0 is none.")
    loudness_db: float | None = Field(
        default=None, ge=-40, le=6, title="Loudness", description="Decibels against the track as written."
    )
    highpass_hz: float | None = Field(
        default=None, ge=20, le=2_000, title="Bass", description="Hertz that the bass goes down to; 20 is all of it."
    )
    delay_s: float | None = Field(
        default=None, ge=0.05, le=1, title="Echo time", description="Seconds from one echo to the next."
    )
    delay_wet: float | None = Field(default=None, ge=0, le=1, title="Echo", description="0 is none.")
    wah: float | None = Field(default=None, ge=0, le=1, title="Wah", description="Depth of the sweep; 0 is none.")
    tremolo: float | None = Field(default=None, ge=0, le=1, title="Tremolo", description="Depth; 0 is none.")

    def chosen(self) -> dict[str, float]:
        """The locked parameters by name."""
        return self.model_dump(exclude_none=True)


class MusicSettings(_Section):
    """What is played, how loud, and what a mood does to it."""

    volume: float = Field(default=0.7, ge=0, le=1, title="Volume", description="0 is silent, 1 is full.")
    seed: int = Field(default=1, ge=0, title="Seed", description="The same seed composes the same music.")
    play: PlayName = Field(
        default="theme",
        title="Play",
        description='"theme" plays a short piece for ever, bent to the mood; "compose" makes endless music for the '
        'room; "library" chooses among your own tracks (see soundit library).',
    )
    track: str = Field(default="", title="Track", description="A sound file of your own to play in place of the theme.")
    policy: PolicyName = Field(
        default="follow",
        title="Policy",
        description='"follow" mirrors the room; "lift" and "calm" begin where it is and lead it to there, bar by bar.',
    )
    preset: PresetName = Field(
        default="musical",
        title="Preset",
        description='How far the music goes: "musical" stays subtle, "dramatic" lets everybody hear it.',
    )
    lock: LockSettings = Field(
        default=LockSettings(), title="Locks", description="Parameters that stay where you put them, whatever the mood."
    )


class PageSettings(_Section):
    """The local web page."""

    port: int = Field(
        default=8347, ge=0, le=65535, title="Port", description="TCP port on this computer; 0 takes any free one."
    )


class Settings(_Section):
    """Everything that settings.toml may hold."""

    version: int = Field(default=VERSION, title="Version", description="Of the file's format; not to be edited.")
    device: DeviceSettings = DeviceSettings()
    senses: SensesSettings = SensesSettings()
    music: MusicSettings = MusicSettings()
    page: PageSettings = PageSettings()


def default_path() -> Path | None:
    """Return where the settings lie; None for a user without a place for any."""
    return paths.if_any(paths.settings_file)


def load(path: Path | None) -> Settings:
    """Read the settings in a file; the defaults where there is no such file, or no place for one (None).

    Raises:
        SettingsError: the file cannot be read or understood; the message names the first thing to mend.
    """
    if path is None:
        return Settings()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({reason(error)})") from error
    except ValueError as error:
        raise SettingsError(f"{path}: not valid TOML ({error})") from error
    version = content.get("version", VERSION)
    if version != VERSION:
        raise SettingsError(f"{path}: written for format {version}, this program knows format {VERSION}")
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise SettingsError(f"{path}: {_explain(error)}") from error


def save(settings: Settings, path: Path | None) -> None:
    """Write all settings to a file, wholly or not at all, surviving a power cut.

    Raises:
        SettingsError: the file cannot be written, or there is no place for one (None).
    """
    if path is None:
        raise SettingsError("what was chosen is not kept: this user has no home folder, and SOUNDIT_SETTINGS no file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, tomli_w.dumps(settings.model_dump(exclude_none=True)).encode())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({reason(error)})") from error


def _explain(error: ValidationError) -> str:
    """The first problem in one line, with the nearest known name for a misspelt one."""
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    name = ".".join(place)
    if first["type"] != "extra_forbidden":
        return f"{name}: {first['msg'].lower()}, but it is {first['input']!r}"
    known = _names_in(place[:-1])
    return f"unknown setting {name!r}" + (did_you_mean(place[-1], known) or f"; known are {', '.join(known)}")


def _names_in(place: list[str]) -> list[str]:
    model: Any = Settings
    for part in place:
        model = model.model_fields[part].annotation
    return list(model.model_fields)
