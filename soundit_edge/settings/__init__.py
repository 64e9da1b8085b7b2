"""The user's settings: the models of settings.toml, the file itself, and how both are shown to people."""

from soundit_edge.settings.file import default_path, load, update
from soundit_edge.settings.migrations import VERSION
from soundit_edge.settings.model import (
    DeviceSettings,
    InferenceSettings,
    KioskSettings,
    LiveMusicSettings,
    LockSettings,
    MusicSettings,
    PageSettings,
    PrivacySettings,
    SensesSettings,
    Settings,
)
from soundit_edge.settings.refusals import SettingsError, explain
from soundit_edge.settings.schedule import QuietHours, ScheduleEntry, ScheduleSettings
from soundit_edge.settings.section import AcceleratorName, PlayName, PolicyName, PresetName, Section
from soundit_edge.settings.updates import UpdateMode, UpdateSettings

__all__ = [
    "VERSION",
    "AcceleratorName",
    "DeviceSettings",
    "InferenceSettings",
    "KioskSettings",
    "LiveMusicSettings",
    "LockSettings",
    "MusicSettings",
    "PageSettings",
    "PlayName",
    "PolicyName",
    "PresetName",
    "PrivacySettings",
    "QuietHours",
    "ScheduleEntry",
    "ScheduleSettings",
    "Section",
    "SensesSettings",
    "Settings",
    "SettingsError",
    "UpdateMode",
    "UpdateSettings",
    "default_path",
    "explain",
    "load",
    "update",
]
