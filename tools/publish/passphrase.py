"""Where passphrases of key files come from: asked on the terminal, or one for all from a file or the environment."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Final

from soundit_edge.text import reason
from tools.publish.errors import PublishError
from tools.publish.keys import Passphrase

VARIABLE: Final = "SOUNDIT_PUBLISH_PASSPHRASE"
MIN_LENGTH: Final = 12


def passphrases(file: Path | None) -> Passphrase:
    """Return what gives the passphrase of each key: one file's for all, `$SOUNDIT_PUBLISH_PASSPHRASE`, or asked.

    Args:
        file: a file with the passphrase in its first line; None: the variable, or asked for each key.

    Raises:
        PublishError: the file cannot be read.
    """
    if file is None:
        given = os.environ.get(VARIABLE)
    else:
        try:
            given = file.read_text().partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            why = reason(error) if isinstance(error, OSError) else "it is no text"
            raise PublishError(f"{file}: cannot read the passphrase ({why})") from error

    def of_key(name: str, new: bool) -> bytes:
        passphrase = _asked(name, new) if given is None else given
        if new and len(passphrase) < MIN_LENGTH:
            raise PublishError(f"{name}: a passphrase has {MIN_LENGTH} characters or more; choose a longer one")
        return passphrase.encode()

    return of_key


def _asked(name: str, new: bool) -> str:
    if not sys.stdin.isatty():
        raise PublishError(f"{name}: no terminal to ask for its passphrase; give --passphrase-file or ${VARIABLE}")
    passphrase = getpass.getpass(f"{'New passphrase' if new else 'Passphrase'} of {name}: ")
    if new and passphrase != getpass.getpass("The same again: "):
        raise PublishError(f"{name}: the two passphrases differ; begin again")
    return passphrase
