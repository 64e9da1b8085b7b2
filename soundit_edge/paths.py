"""The paths of the program's files: by a `$SOUNDIT_*` variable each, or in the user's own folders by the XDG rules.

Nothing is created here. A user without a home folder (a container's, a service's) has no folders of their own: then
`NoHome` is raised, and the caller decides what to do without one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import platformdirs

from soundit_edge.errors import SounditError

NAME: Final = "soundit"
_JOURNAL: Final = Path("/run/systemd/journal/socket")


class NoHome(SounditError):
    """This user has no usable home folder, and the variable of the path is not set."""


def check_working_folder() -> None:
    """Make sure that processes can be started in the working folder, which Python's own enter by its name.

    Raises:
        SounditError: it is gone, or closed to this user.
    """
    try:
        os.chdir(os.getcwd())
    except OSError as error:
        why = "is gone" if isinstance(error, FileNotFoundError) else "is closed to this user"
        raise SounditError(f"the folder that soundit was started in {why}; start it in another one") from error


def settings_file() -> Path:
    """Return the path of the settings: `$SOUNDIT_SETTINGS`, or settings.toml in the user's configuration folder.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_SETTINGS", platformdirs.user_config_path, "settings.toml")


def log_file() -> Path:
    """Return the path of the log: `$SOUNDIT_LOG`, or soundit.log in the user's state folder; see `journal_socket`.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_LOG", platformdirs.user_log_path, "soundit.log")


def journal_socket() -> Path | None:
    """Return the journal's socket where `$SOUNDIT_LOG` is "journal" or "journal:SOCKET"; None: the log is a file."""
    word, _, socket = os.environ.get("SOUNDIT_LOG", "").partition(":")
    return Path(socket or _JOURNAL) if word == "journal" else None


def library_file() -> Path:
    """Return the path of the library: `$SOUNDIT_LIBRARY`, or soundit/library.db in the user's data folder.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_LIBRARY", platformdirs.user_data_path, "library.db")


def music_folder() -> Path | None:
    """Return the user's folder of music: `$XDG_MUSIC_DIR`, or as their desktop has it; None where it is not there."""
    chosen = _chosen("XDG_MUSIC_DIR")
    try:
        folder = platformdirs.user_music_path() if chosen is None else chosen
        return folder if folder.is_dir() else None
    except (RuntimeError, OSError):  # no home, or a closed one
        return None


def state_folder() -> Path:
    """Return the folder of what the device remembers by itself: `$SOUNDIT_STATE`, or the user's state folder.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_STATE", platformdirs.user_state_path)


def sets_folder() -> Path:
    """Return the folder of the model sets that came over the air: "sets" in the folder of `state_folder`.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return state_folder() / "sets"


def tuf_folder() -> Path:
    """Return the folder of the signed lists of model sets as last seen: "tuf" in the folder of `state_folder`.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return state_folder() / "tuf"


def media_folders() -> tuple[Path, ...]:
    """Return the folders below which systems mount USB sticks: `$SOUNDIT_MEDIA` alone, or the usual ones."""
    chosen = _chosen("SOUNDIT_MEDIA")
    return (Path("/media"), Path("/run/media"), Path("/mnt")) if chosen is None else (chosen,)


def cache_folder() -> Path:
    """Return the folder of files that can be computed again: `$SOUNDIT_CACHE`, or the user's cache folder.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_CACHE", platformdirs.user_cache_path)


def local_models_folder() -> Path:
    """Return the folder of the user's own models: `$SOUNDIT_LOCAL_MODELS`, or soundit/models in the user's data folder.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_LOCAL_MODELS", platformdirs.user_data_path, "models")


def edgetpu_folder() -> Path:
    """Return the folder of models compiled for an Edge TPU: `$SOUNDIT_EDGETPU_MODELS`, or beside the user's own models.

    Raises:
        NoHome: the variable is not set, and the user has no usable home folder.
    """
    return _place("SOUNDIT_EDGETPU_MODELS", platformdirs.user_data_path, "edgetpu")


def models_folder() -> Path:
    """Return the folder of the shipped models: `$SOUNDIT_MODELS`, or one in the package, or the checkout's `models`."""
    package = Path(__file__).resolve().parent
    installed = package / "models"
    return _chosen("SOUNDIT_MODELS") or (installed if installed.is_dir() else package.parent / "models")


def reference_folder() -> Path:
    """Return the folder of other computers' figures: one in the package, or the checkout's `benches/reference`."""
    package = Path(__file__).resolve().parent
    installed = package / "reference"
    return installed if installed.is_dir() else package.parent / "benches" / "reference"


def update_root_file() -> Path:
    """Return the root of trust that an administrator gives: `$SOUNDIT_UPDATE_ROOT`, or the one in /etc/soundit-edge.

    It counts for packages without one of their own (soundit_edge/update/root.py). It lies where the device itself
    cannot write.
    """
    return _chosen("SOUNDIT_UPDATE_ROOT") or Path("/etc/soundit-edge/root.json")


def soundfont() -> Path | None:
    """Return the SoundFont that `$SOUNDIT_SOUNDFONT` names; None where it names none."""
    return _chosen("SOUNDIT_SOUNDFONT")


def if_any(place: Callable[[], Path]) -> Path | None:
    """Return one of the paths above, or None for a user without a home folder.

    Args:
        place: one of the functions above.
    """
    try:
        return place()
    except NoHome:
        return None


def _place(variable: str, of_user: Callable[[str], Path], *below: str) -> Path:
    if chosen := _chosen(variable):
        return chosen
    try:
        folder = of_user(NAME)
        folder.stat()
    except FileNotFoundError:
        pass  # the folder is created when something is written there
    except (RuntimeError, OSError) as error:
        # RuntimeError: neither $HOME nor an entry in the list of users. OSError: the home is no folder (system users
        # have /dev/null), or it is closed to this user (a $HOME kept when the user was changed).
        what = below[-1] if below else "what can be made again"
        raise NoHome(
            f"this user has no home folder that can be used: say where to keep {what} in {variable}"
        ) from error
    return folder.joinpath(*below)


def _chosen(variable: str) -> Path | None:
    path = os.environ.get(variable)
    return Path(path) if path else None
