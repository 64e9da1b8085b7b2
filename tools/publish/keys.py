"""Private keys: one encrypted PEM file each, found by the id of the public key in any of several folders.

A file is named by its role and by the first digits of its key's id. Where it lies does not matter: the keys of root may
be on three USB sticks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, Key

from soundit_edge.files import replacing
from tools.publish.errors import PublishError

ID_DIGITS: Final = 12
"""How many hexadecimal digits of a key's id are in the name of its file."""

Passphrase = Callable[[str, bool], bytes]
"""Return the passphrase of a key file by its name; the second argument: it is chosen now, and not only given."""


def file_name(role: str, key_id: str) -> str:
    """Return the name of the file of a private key."""
    return f"{role}-{key_id[:ID_DIGITS]}.pem"


class KeyRing:
    """The private keys at hand.

    A key is read when it is first signed with; its passphrase is asked for then.
    """

    def __init__(self, folders: Sequence[Path], passphrase: Passphrase) -> None:
        """Look for keys in folders; new ones are written to the first.

        Args:
            folders: where key files lie; a folder may be missing, as a USB stick is.
            passphrase: gives a key file's passphrase.
        """
        self._folders = folders
        self._passphrase = passphrase
        self._signers: dict[Path, CryptoSigner] = {}

    def make(self, role: str) -> CryptoSigner:
        """Make a key pair (Ed25519) and write its encrypted private key, which only this user may read.

        Raises:
            OSError: the file cannot be written.
        """
        private = Ed25519PrivateKey.generate()
        signer = CryptoSigner(private)
        path = self._folders[0] / file_name(role, signer.public_key.keyid)
        encryption = BestAvailableEncryption(self._passphrase(path.name, True))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(path) as temporary:
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            temporary.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        self._signers[path] = signer
        return signer

    def path(self, role: str, key_id: str) -> Path | None:
        """Return the file of a private key; None where no folder has it."""
        paths = (folder / file_name(role, key_id) for folder in self._folders)
        return next((path for path in paths if path.is_file()), None)

    def signers(self, role: str, keys: Mapping[str, Key], needed: int) -> list[CryptoSigner]:
        """Return the signers of a role for which a private key is at hand, as many as are needed.

        Args:
            role: the name of the role.
            keys: its public keys by their ids.
            needed: how many there must be.

        Raises:
            PublishError: there are fewer, a passphrase is wrong, or a file holds no such key.
        """
        found = [(path, keys[key_id]) for key_id in keys if (path := self.path(role, key_id)) is not None]
        if len(found) < needed:
            missing = [file_name(role, key_id) for key_id in keys if self.path(role, key_id) is None]
            places = ", ".join(map(str, self._folders)) or "no folder"
            raise PublishError(
                f"{role}: {len(found)} of the {needed} keys that must sign are in {places}; "
                f"give the folder of {' or '.join(missing)} with --keys"
            )
        return [self._signer(path, key) for path, key in found[:needed]]

    def _signer(self, path: Path, key: Key) -> CryptoSigner:
        if path not in self._signers:
            try:
                private = load_pem_private_key(path.read_bytes(), self._passphrase(path.name, False))
            except TypeError as error:  # it is not encrypted at all
                raise PublishError(f"{path}: the key is not encrypted: it may be known to others, rotate it") from error
            except ValueError as error:
                raise PublishError(f"{path}: a wrong passphrase, or no private key") from error
            if not isinstance(private, Ed25519PrivateKey):
                raise PublishError(f"{path}: not a key of the kind that `init` makes (Ed25519)")
            self._signers[path] = CryptoSigner(private)
        signer = self._signers[path]
        if signer.public_key.keyid != key.keyid:
            raise PublishError(f"{path}: another key than its name says; put back what `init` or `rotate` wrote")
        return signer
