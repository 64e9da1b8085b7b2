"""The device in its network: its addresses, and its own name, such as soundit-4f7a.local."""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path

import ifaddr
from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.page.state_file import StateFile


def _random_suffix() -> str:
    return secrets.token_hex(2)


class DeviceFile(BaseModel):
    """What device.json says: the end of this device's own name, made once."""

    model_config = ConfigDict(frozen=True)

    version: int = 1
    suffix: str = Field(default_factory=_random_suffix, pattern=r"^[0-9a-f]{4}$")


class OwnName:
    """The device's name: the same at each start, and another one where it is taken."""

    def __init__(self, folder: Path | None) -> None:
        """Look which name the device has.

        Args:
            folder: where it is kept; None: it is another one at each start.
        """
        self._file = StateFile(None if folder is None else folder / "device.json", DeviceFile())

    @property
    def label(self) -> str:
        """Return the name without its domain, such as "soundit-4f7a"."""
        return f"soundit-{self._file.content.suffix}"

    @property
    def host(self) -> str:
        """Return the name as it stands in an address, such as "soundit-4f7a.local"."""
        return f"{self.label}.local"

    async def keep(self) -> None:
        """Have the same name at the next start.

        Raises:
            NotNow: it cannot be written.
        """
        await self._file.change(lambda content: content)

    async def change(self) -> None:
        """Take another name from now on, because another device has this one.

        Raises:
            NotNow: it cannot be written; the name stays.
        """
        await self._file.change(lambda content: DeviceFile())


def own_addresses() -> list[str]:
    """Return the addresses at which others may reach this computer: all but loopback and link-local ones."""
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            address = ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
            if not (address.is_loopback or address.is_link_local):
                found.append(str(address))
    return found
