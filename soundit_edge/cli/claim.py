"""`soundit claim`: whether the device is claimed, and the way back for who has forgotten a password."""

from __future__ import annotations

from pathlib import Path

from soundit_edge import console, paths, settings
from soundit_edge.cli.running_device import ask
from soundit_edge.errors import SounditError
from soundit_edge.integrations.registry import settings_model
from soundit_edge.page.auth.access import ACCOUNTS_FILE, SESSIONS_FILE
from soundit_edge.page.auth.accounts import AccountsFile
from soundit_edge.page.state_file import StateFile
from soundit_edge.text import reason


def show_claim(*, reset: bool, settings_path: Path | None) -> None:
    """Print who has claimed the device, or how that is done.

    Args:
        reset: whether to remove all accounts first; a device that runs notices it.
        settings_path: another settings.toml than the user's.

    Raises:
        SounditError: the accounts cannot be read or removed.
    """
    folder = paths.state_folder()
    if reset:
        for name in (ACCOUNTS_FILE, SESSIONS_FILE):
            _remove(folder / name)
        console.result(f"all users, sessions and tokens in {folder} are removed")
    users = StateFile(folder / ACCOUNTS_FILE, AccountsFile()).content.users
    if users:
        console.result(f"this device is claimed: {folder / ACCOUNTS_FILE}")
        for user in users:
            console.result(f"  {user.name} ({user.role})")
        return
    page = settings.load(settings_path or settings.default_path(), settings_model()).page
    code = (ask(page, "/api/claim") or {}).get("code")
    console.result("this device is not claimed")
    if code:
        console.result(f"to claim it, open its page and enter the code {code}")
    else:
        console.result("to claim it, start it (soundit run): it shows a code")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise SounditError(f"{path} cannot be removed: {reason(error)}") from error
