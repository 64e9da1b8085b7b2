"""The user's settings: what settings.toml may hold, with a default and a help text for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, create_model

from soundit_edge.modalities import MODALITIES
from soundit_edge.parameters import PARAMETERS
from soundit_edge.settings.cameras import CamerasSettings, Source
from soundit_edge.settings.migrations import VERSION
from soundit_edge.settings.schedule import ScheduleSettings
from soundit_edge.settings.section import (
    AT_ONCE,
    SCENE_PATTERN,
    AcceleratorName,
    PaletteName,
    PlayName,
    PolicyName,
    PresetName,
    Section,
)
from soundit_edge.settings.updates import UpdateSettings
from soundit_edge.tables.choices import (
    ACCELERATOR_WORDS,
    PALETTE_WORDS,
    POLICY_WORDS,
    PRESET_WORDS,
    SOURCE_WORDS,
    described,
)

MAX_TRIAL_MB: Final = 16_000
"""Megabytes of the largest file that may ever be tried on the page."""


class DeviceSettings(Section):
    """Where the device stands, and which camera, microphone and speaker are used."""

    room: str = Field(
        default="",
        title="Room",
        description='Name of the room, such as "Kitchen": the page shows it.',
        max_length=60,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        json_schema_extra=AT_ONCE,
    )
    camera: Source = Field(
        default="auto",
        title="Camera",
        description='Number of the camera, "csi:0" for one on a Raspberry Pi\'s own port, an address such as '
        'rtsp://HOST/PATH, "auto" for the first one (the drawn demo where there is none), or "off".',
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
        description='Name of the speaker or a part of it, "auto" for the system\'s, "snapcast:HOST" for the rooms of a '
        'Snapcast server, "file:OUT.wav", or "off".',
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
        **{
            row.name: (
                bool,
                Field(True, title=row.title, description=row.description, json_schema_extra=AT_ONCE),
            )
            for row in MODALITIES.values()
        },
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
            row.name: (
                float | None,
                Field(
                    None,
                    ge=row.low,
                    le=row.high,
                    title=row.title,
                    description=row.help,
                    examples=[row.neutral],
                    json_schema_extra=AT_ONCE | ({} if row.unit in ("ratio", "share") else {"unit": row.unit}),
                ),
            )
            for row in PARAMETERS.values()
        },
    )
    """One lock for each row of `PARAMETERS`."""


class LiveMusicSettings(Section):
    """What can be changed while the music plays; see `control.patch.DevicePatch`."""

    volume: float = Field(
        default=0.7, ge=0, le=1, title="Volume", description="0 is silent, 1 is full.", json_schema_extra=AT_ONCE
    )
    muted: bool = Field(
        default=False,
        title="Muted",
        description="Silent, and the volume stays where it is.",
        json_schema_extra=AT_ONCE,
    )
    policy: PolicyName = Field(
        default="follow",
        title="Policy",
        description=f"What the music does with the mood. {described(POLICY_WORDS)}",
        json_schema_extra=AT_ONCE,
    )
    preset: PresetName = Field(
        default="musical",
        title="Preset",
        description=f"How far the music goes. {described(PRESET_WORDS)}",
        json_schema_extra=AT_ONCE,
    )
    play: PlayName = Field(
        default="theme",
        title="Play",
        description=f"Where the music comes from. {described(SOURCE_WORDS)}",
        json_schema_extra=AT_ONCE,
    )

    @property
    def audible_volume(self) -> float:
        """Return how loud the music is to be, 0 to 1: silent where it is muted."""
        return 0.0 if self.muted else self.volume


class MusicSettings(LiveMusicSettings):
    """What is played, how loud, and what a mood does to it."""

    max_volume: float = Field(
        default=1.0,
        ge=0,
        le=1,
        title="Volume ceiling",
        description="No louder than this, whoever turns it up; 1 is full.",
        json_schema_extra=AT_ONCE,
    )
    seed: int = Field(default=1, ge=0, title="Seed", description="The same seed composes the same music.")
    palette: PaletteName = Field(
        default="auto", title="Palette", description=f"Who plays what is composed. {described(PALETTE_WORDS)}"
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
        examples=[2],
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
        default=False,
        title="Private",
        description="Camera and microphone are closed, until this is taken back.",
        json_schema_extra=AT_ONCE,
    )
    public_place: bool = Field(
        default=False,
        title="Public place",
        description="Nothing about individuals is kept: neither what anybody liked, nor when which mood was felt.",
        json_schema_extra=AT_ONCE,
    )
    contact: str = Field(
        default="",
        title="Contact",
        description="Whom people can ask about the device; it stands on the notice for a public place.",
        max_length=200,
        json_schema_extra=AT_ONCE,
    )
    light_pin: int | None = Field(
        default=None,
        ge=2,
        le=27,
        title="Sensing light",
        description="BCM number of the pin of an LED that is on whenever camera or microphone are open.",
        examples=[25],
    )
    light_active_low: bool = Field(
        default=False,
        title="Sensing light is on at low level",
        description="The LED is wired from 3.3 V to the pin, not from the pin to ground.",
    )


class PageSettings(Section):
    """The page, and who may open it. Port, network and HTTPS count from the next start."""

    port: int = Field(
        default=8347, ge=0, le=65535, title="Port", description="TCP port on this computer; 0 takes any free one."
    )
    network: bool = Field(
        default=True,
        title="Network",
        description="Others on your network can open the page too, once they have claimed the device or signed in.",
    )
    https: bool = Field(
        default=False,
        title="HTTPS",
        description="Encrypted, with a certificate that the device makes itself and that each browser warns of once.",
    )
    hosts: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,253}$")]] = Field(
        default=[],
        title="Names",
        description="Names of this device in your network, such as music.example, by which the page may be opened.",
        json_schema_extra=AT_ONCE,
    )
    local_role: Literal["none", "viewer", "operator", "admin"] = Field(
        default="operator",
        title="On the device itself",
        description="What may be done in a browser on the device itself without signing in, once it is claimed.",
        json_schema_extra=AT_ONCE,
    )
    kiosk_lock: bool = Field(
        default=False,
        title="Kiosk lock",
        description="Only administrators can change anything; everybody else looks on. It needs a claimed device.",
        json_schema_extra=AT_ONCE,
    )
    welcomed: bool = Field(
        default=False,
        title="Welcomed",
        description="Whether the guide of the first run was seen or put away.",
        json_schema_extra=AT_ONCE,
    )


class KioskSettings(Section):
    """The full-screen picture that moves with the music."""

    scene: str = Field(
        default="",
        title="Scene",
        description="Name of the scene that is shown; left empty, they take turns.",
        pattern=SCENE_PATTERN,
        json_schema_extra=AT_ONCE,
    )


class TrialsSettings(Section):
    """Files that visitors of the page have read and scored."""

    max_mb: int = Field(
        default=2_000,
        ge=1,
        le=MAX_TRIAL_MB,
        title="Largest file to try",
        description="Megabytes; as much again is needed while it is worked on.",
        json_schema_extra=AT_ONCE,
    )


class Settings(Section):
    """Everything that settings.toml may hold."""

    version: int = Field(
        default=VERSION, ge=VERSION, le=VERSION, title="Version", description="Of the file's format; not to be edited."
    )
    device: DeviceSettings = DeviceSettings()
    cameras: CamerasSettings = CamerasSettings()
    senses: SensesSettings = SensesSettings()
    music: MusicSettings = MusicSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    inference: InferenceSettings = InferenceSettings()
    privacy: PrivacySettings = PrivacySettings()
    page: PageSettings = PageSettings()
    trials: TrialsSettings = TrialsSettings()
    update: UpdateSettings = Field(default=UpdateSettings(), title="Updates of the models")
    kiosk: KioskSettings = KioskSettings()
    integrations: dict[str, Any] = Field(
        default={},
        repr=False,  # a password may stand in them
        title="Integrations",
        description="One table for each; they are checked by the model that `integrations.registry` makes of this one.",
    )
