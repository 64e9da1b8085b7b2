"""How `soundit run` is launched: the command's options over the settings."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from soundit_edge.daemon.health.safe_mode import safe_settings
from soundit_edge.daemon.music.choice import choice_of
from soundit_edge.errors import SounditError
from soundit_edge.integrations.registry import settings_model
from soundit_edge.music.source import MusicSource
from soundit_edge.paths import check_working_folder
from soundit_edge.settings import Settings, SettingsError, default_path, load
from soundit_edge.settings.cameras import CamerasSettings, choose_first
from soundit_edge.tables.choices import SOURCE_WORDS
from soundit_edge.text import did_you_mean, reason

log = logging.getLogger(__name__)

AUTO: Final = "auto"
OFF: Final = "off"
ONE_CAMERA: Final = CamerasSettings()
"""One that hangs as it should and asks for no login."""


class OptionError(SounditError):
    """An option of the command is not understood."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `soundit run`; None, and no tracks: as the settings say."""

    clip: Path | None = None
    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None
    tracks: tuple[Path, ...] = ()
    seconds: float | None = None
    port: int | None = None
    settings: Path | None = None
    play: str | None = None
    network: bool | None = None


@dataclass(frozen=True, slots=True)
class LaunchConfig:
    """What the device is launched with.

    Attributes:
        clip: a file that takes the place of camera and microphone, or None.
        camera: "auto", "off", a number, "csi:" with a number, or an address.
        microphone: "auto", "off" or a name.
        speaker: "auto", "off", a name or "file:OUT.wav".
        tracks: sound files to play, one after the other for ever, where `play` is `MusicSource.TRACKS`.
        seconds: how long to run, or None for until stopped.
        port: of the page, 0 for any free one.
        play: where the music comes from.
        network: whether others can open the page, too.
        music_given: whether the command says so: what it asks for and cannot be played is an error. In the place of
            what the settings say the theme is played.
        cameras: how each camera hangs and lets us in, and those that are read beside `camera`.
        camera_given: whether somebody asks for this camera now: it has to be there, also one in the network.
    """

    clip: Path | None
    camera: str
    microphone: str
    speaker: str
    tracks: tuple[Path, ...]
    seconds: float | None
    port: int
    play: MusicSource = MusicSource.THEME
    network: bool = True
    music_given: bool = False
    cameras: CamerasSettings = ONE_CAMERA
    camera_given: bool = False


@dataclass(frozen=True, slots=True)
class Launch:
    """All that the device is started with.

    Attributes:
        config: what is to be used.
        settings: as they were read.
        settings_path: where they lie; None for a user without a place for any.
    """

    config: LaunchConfig
    settings: Settings
    settings_path: Path | None


def prepare(options: Options, *, safe: bool = False) -> Launch:
    """Read the settings, and lay the command's options over them.

    Args:
        options: of the command.
        safe: whether to start in safe mode: of the options, what is sensed and played is left out, and settings that
            are broken count as none, which are not written either.

    Raises:
        SettingsError: they are broken.
        OptionError: an option is; see `resolve`.
        SounditError: nothing can be started in the working folder.
    """
    check_working_folder()  # the music is made by processes of its own
    path = options.settings or default_path()
    try:
        settings = load(path, settings_model())
    except SettingsError as error:
        if not safe:
            raise
        log.error("%s", error)
        settings, path = settings_model()(), None
    if safe:
        settings = safe_settings(settings)
        options = replace(options, clip=None, camera=None, microphone=None, tracks=(), play=None)
    return Launch(resolve(options, settings), settings, path)


def resolve(options: Options, settings: Settings) -> LaunchConfig:
    """Return the command's options where they are given, the settings where not.

    Raises:
        OptionError: the camera is none, a clip is to be watched beside a camera, music comes from two places, or
            from a file that is not there.
    """
    camera, cameras = settings.device.camera, settings.cameras
    if options.camera is not None:
        try:
            camera, cameras = choose_first(camera, cameras, options.camera)
        except ValueError as error:
            raise OptionError(f"--camera: {error}") from None
    if options.clip is not None and {options.camera, options.microphone} - {None, OFF}:
        raise OptionError("--clip takes the place of camera and microphone: leave out --camera and --microphone")
    play, tracks = _music(options, settings)
    return LaunchConfig(
        clip=options.clip,
        camera=camera,
        microphone=options.microphone if options.microphone is not None else settings.device.microphone,
        speaker=options.speaker if options.speaker is not None else settings.device.speaker,
        tracks=tracks,
        seconds=options.seconds,
        port=options.port if options.port is not None else settings.page.port,
        play=play,
        network=options.network if options.network is not None else settings.page.network,
        music_given=bool(options.tracks) or options.play is not None,
        cameras=cameras,
        camera_given=options.camera not in (None, OFF),
    )


def _music(options: Options, settings: Settings) -> tuple[MusicSource, tuple[Path, ...]]:
    """Return where the music comes from, and the tracks where they are given."""
    if options.tracks:
        if options.play is not None:
            raise OptionError("--track and --play both say what to play: leave one out")
        return MusicSource.TRACKS, options.tracks
    if options.play is None:
        chosen = choice_of(settings.music)
        return chosen.source, chosen.tracks
    if options.play in SOURCE_WORDS:
        return MusicSource(options.play), ()
    try:
        os.stat(options.play)
    except OSError as error:
        why = "no such file" if isinstance(error, FileNotFoundError) else reason(error)
        hint = did_you_mean(options.play, SOURCE_WORDS)
        raise OptionError(
            f"--play takes {', '.join(SOURCE_WORDS)} or a sound file; {options.play}: {why}{hint}"
        ) from error
    return MusicSource.TRACKS, (Path(options.play),)
