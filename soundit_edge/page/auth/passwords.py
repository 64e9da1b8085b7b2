"""Passwords: which are good enough, and their slow hashes (argon2id), computed in a thread, one at a time."""

from __future__ import annotations

import asyncio
import unicodedata
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from soundit_edge.control.refusals import InvalidChange

MIN_PASSWORD: Final = 10
MAX_PASSWORD: Final = 256
"""In characters: nobody remembers more, and a longer one would only cost time."""
# fmt: off
COMMON: Final = frozenset({
    "0123456789", "0987654321", "1122334455", "1234512345", "1234554321", "12345678910", "1234567890",
    "123456789a", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "9876543210", "abc1234567", "abcd123456",
    "abcdefghij", "administrator", "basketball", "changemenow", "charlie123", "football123", "iloveyou12",
    "iloveyou123", "letmein123", "liverpool1", "manchester", "michelle123", "monkey1234", "passw0rd12",
    "passw0rd123", "password00", "password01", "password10", "password11", "password12", "password123",
    "password1234", "password12345", "password99", "passwordpassword", "princess123", "qazwsxedcrfv", "qwerty1234",
    "qwerty12345", "qwerty123456", "qwertyuiop", "qwertyuiop123", "qwertzuiop", "raspberry1", "raspberrypi",
    "starwars123", "sunshine123", "superman123", "tinkerbell", "trustno1234", "unbelievable", "welcome123",
    "welcome1234", "zaq12wsxcde3",
})
# fmt: on
"""The commonest ones of this length; shorter ones are refused anyway."""
REPEATED_CHARACTERS: Final = 3
"""A password of no more than so many different characters is a pattern such as 1212121212."""


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one hash costs: argon2id's parameters.

    Attributes:
        memory_kib: memory, in KiB.
        passes: over that memory.
        lanes: threads.
    """

    memory_kib: int
    passes: int
    lanes: int = 1


DEVICE_COST: Final = HashCost(memory_kib=19 * 1024, passes=2)
"""The least that OWASP asks for: 64 MiB in three passes would take seconds, and a tenth of the memory, of a
Raspberry Pi 3 that plays music meanwhile. What guesses online is held up by `RateLimit`."""


class Passwords:
    """Hashes passwords and compares them, in a thread; one at a time, so that many sign-ins do not fill the memory."""

    def __init__(self, cost: HashCost = DEVICE_COST) -> None:
        """Choose what a hash costs; tests take less."""
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._one = asyncio.Semaphore(1)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return the hash of a password, with its own salt and cost in it."""
        async with self._one:
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Return whether a password is the one of a hash.

        Args:
            password: what was typed.
            hashed: from `hash`; None: there is no such user. Then it takes as long, so that nobody learns it.
        """
        if hashed is None and self._nobody is None:
            self._nobody = await self.hash("nobody's password")
        async with self._one:
            right = await asyncio.to_thread(self._verify, hashed or self._nobody or "", normal(password))
        return right and hashed is not None

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def normal(password: str) -> str:
    """Return a password as every keyboard sends it: an é may be one character or two."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str) -> None:
    """Make sure that a password is good enough for a user of this name.

    Raises:
        InvalidChange: it is too short, too long, or one of the first that anybody would try.
    """
    plain = normal(password)
    if len(plain) < MIN_PASSWORD:
        raise InvalidChange(f"A password has at least {MIN_PASSWORD} characters.")
    if len(plain) > MAX_PASSWORD:
        raise InvalidChange(f"A password has at most {MAX_PASSWORD} characters.")
    simple = plain.casefold()
    obvious = {name.casefold(), 2 * name.casefold(), "soundit-edge", "soundit edge", "sounditedge"}
    if simple in COMMON or simple in obvious or len(set(simple)) <= REPEATED_CHARACTERS:
        raise InvalidChange("This password is one of the first that anybody would try: choose another one.")
