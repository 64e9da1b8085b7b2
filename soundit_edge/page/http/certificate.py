"""HTTPS with a certificate that the device makes itself. Nobody vouches for it but its fingerprint on the console."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import logging
import os
import ssl
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from soundit_edge.errors import SounditError
from soundit_edge.files import replacing
from soundit_edge.text import reason

log = logging.getLogger(__name__)

LIFE: Final = datetime.timedelta(days=397)
"""Browsers take no certificate that lasts longer."""
RENEWED: Final = datetime.timedelta(days=30)
"""So long before its end another one is made."""
LOOK_S: Final = 6 * 3600.0
"""How often it is looked at while the device runs, in seconds."""
_EARLIER: Final = datetime.timedelta(days=1)  # the clock of a browser may be behind


class CertificateError(SounditError):
    """No certificate can be kept."""


class Certificate:
    """Keeps a certificate and its key in one private file, and makes another one where it must."""

    def __init__(self, path: Path, names: Iterable[str], addresses: Iterable[str]) -> None:
        """Stand for a file.

        Args:
            path: of the file.
            names: of the device.
            addresses: of the device, IPv4 and IPv6.
        """
        self._path = path
        self._names = sorted({"localhost", *names})
        self._addresses = sorted({ipaddress.ip_address(one) for one in ("127.0.0.1", "::1", *addresses)}, key=str)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        """What to serve with; a renewed certificate counts from the next connection on."""
        self.fingerprint = ""
        """Of the certificate, SHA-256, as browsers show it: "AB:CD:...". Empty before `renew`."""

    def renew(self, now: datetime.datetime) -> bool:
        """Load the certificate, and make another one where it ends soon or does not name the device as it is.

        Args:
            now: the time of day, with its zone.

        Returns:
            Whether another one was made.

        Raises:
            CertificateError: it cannot be written or read.
        """
        try:
            found = self._load()
            fresh = found is None or not self._will_do(found, now)
            if fresh:
                found = self._make(now)
            self.context.load_cert_chain(self._path)
        except (OSError, ssl.SSLError) as error:
            why = reason(error)
            raise CertificateError(f"{self._path}: the certificate for HTTPS cannot be kept ({why})") from error
        assert found is not None
        self.fingerprint = found.fingerprint(hashes.SHA256()).hex(":").upper()
        return fresh

    async def keep(self, wall: Callable[[], float]) -> None:
        """Renew it before its end, until cancelled.

        Args:
            wall: gives the time of day, in seconds since 1970.
        """
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                if await asyncio.to_thread(self.renew, datetime.datetime.fromtimestamp(wall(), datetime.UTC)):
                    log.info("the page has another certificate: %s", self.fingerprint)
            except CertificateError as error:
                log.warning("%s", error)

    def _load(self) -> x509.Certificate | None:
        try:
            content = self._path.read_bytes()
            serialization.load_pem_private_key(content, None)
            return x509.load_pem_x509_certificate(content)
        except (FileNotFoundError, ValueError):
            return None

    def _will_do(self, found: x509.Certificate, now: datetime.datetime) -> bool:
        try:
            named = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return False
        in_time = found.not_valid_before_utc <= now <= found.not_valid_after_utc - RENEWED
        names, addresses = named.get_values_for_type(x509.DNSName), named.get_values_for_type(x509.IPAddress)
        return in_time and set(self._names) <= set(names) and set(self._addresses) <= set(addresses)

    def _make(self, now: datetime.datetime) -> x509.Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "soundit edge")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _EARLIER)
            .not_valid_after(now - _EARLIER + LIFE)
            .add_extension(x509.SubjectAlternativeName(self._alternatives()), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(key, hashes.SHA256())
        )
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(self._path) as temporary:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(key.private_bytes(serialization.Encoding.PEM, *plain))
                file.write(made.public_bytes(serialization.Encoding.PEM))
        return made

    def _alternatives(self) -> Sequence[x509.GeneralName]:
        return [*map(x509.DNSName, self._names), *map(x509.IPAddress, self._addresses)]
