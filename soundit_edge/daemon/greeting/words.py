"""What plays, through which speaker, and where the settings lie, in words."""

from __future__ import annotations

import os
from pathlib import Path

from soundit_edge.daemon.launch import LaunchConfig
from soundit_edge.music.source import MusicSource


def what_plays(config: LaunchConfig, title: str, speaker: str) -> str:
    """Return what is played and where to, in words.

    Args:
        config: what is used.
        title: of the piece that has begun.
        speaker: what the page calls it: the name of a device, "file:OUT.wav", or "none".
    """
    match config.play:
        case MusicSource.THEME:
            what = "the theme"
        case MusicSource.COMPOSE:
            what = "music composed for the room"
        case MusicSource.LIBRARY:
            what = f"your library, {title} first,"
        case MusicSource.TRACKS:
            more = len(config.tracks) - 1
            what = f"{title} and {more} more" if more else title
    if speaker == "none":
        return f"playing {what}, unheard"
    way = f"into {speaker.removeprefix('file:')}" if speaker.startswith("file:") else f"through {speaker}"
    return f"playing {what} {way}"


def where_settings_lie(path: Path | None) -> str:
    """Return where the settings can be changed, in words; None: nowhere."""
    if path is None:
        return "settings: the defaults; name a file in SOUNDIT_SETTINGS to have your own"
    return f"settings: {path}" + ("" if os.path.exists(path) else " (not there yet: the defaults)")
