"""The shared libraries that wheels carry inside (FFmpeg in PyAV's, OpenBLAS in numpy's), and their licences.

A wheel's metadata names its own licence only. Here is what the libraries' own projects say; a library without a row
stops the build, so that none is handed on unnamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError

_FFMPEG: Final = "LGPL-2.1-or-later"
_GCC: Final = "GPL-3.0-or-later WITH GCC-exception-3.1"

LICENCES: Final = {
    "SvtAv1Enc": "BSD-3-Clause-Clear",
    "Xau": "MIT",
    "aom": "BSD-2-Clause",
    "asound": "LGPL-2.1-or-later",
    "avcodec": _FFMPEG,
    "avdevice": _FFMPEG,
    "avfilter": _FFMPEG,
    "avformat": _FFMPEG,
    "avif": "BSD-2-Clause",
    "avutil": _FFMPEG,
    "brotlicommon": "MIT",
    "brotlidec": "MIT",
    "crypto": "OpenSSL",
    "dav1d": "BSD-2-Clause",
    "drm": "MIT",
    "freetype": "FTL OR GPL-2.0-or-later",
    "gfortran": _GCC,
    "gmp": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "gnutls": "LGPL-2.1-or-later",
    "gomp": _GCC,
    "harfbuzz": "MIT",
    "hogweed": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "jpeg": "IJG AND BSD-3-Clause",
    "lcms2": "MIT",
    "lzma": "0BSD",
    "mp3lame": "LGPL-2.0-or-later",
    "nettle": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "opencore-amrnb": "Apache-2.0",
    "opencore-amrwb": "Apache-2.0",
    "openblas": "BSD-3-Clause",
    "openblas64_p": "BSD-3-Clause",
    "openjp2": "BSD-2-Clause",
    "opus": "BSD-3-Clause",
    "png16": "libpng-2.0",
    "quadmath": "LGPL-2.1-or-later",
    "scipy_openblas64_": "BSD-3-Clause",
    "sharpyuv": "BSD-3-Clause",
    "sndfile": "LGPL-2.1-or-later",
    "ssl": "OpenSSL",
    "swresample": _FFMPEG,
    "swscale": _FFMPEG,
    "tiff": "libtiff",
    "unistring": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "vpl": "MIT",
    "vpx": "BSD-3-Clause",
    "webp": "BSD-3-Clause",
    "webpdemux": "BSD-3-Clause",
    "webpmux": "BSD-3-Clause",
    "x264": "GPL-2.0-or-later",
    "x265": "GPL-2.0-or-later",
    "xcb": "MIT",
    "xcb-shape": "MIT",
    "xcb-shm": "MIT",
    "xcb-xfixes": "MIT",
    "zstd": "BSD-3-Clause OR GPL-2.0-only",
}
"""Licences as SPDX expressions, by the libraries' names without "lib" and version."""

GPL_NOTE: Final = (
    "PyAV's wheel carries FFmpeg built with x264 and x265, which are under the GPL, version 2 or later: this copy of "
    "FFmpeg, and what is distributed as one work with it, is under the GPL; version 3 goes with the Apache licence."
)

_NAME: Final = re.compile(
    r"lib(?P<name>.+?)(?:-r0)?-[0-9a-f]{8}(?:\.(?P<before>[\d.]+?)(?:\.dev)?)?\.so(?:\.(?P<behind>[\d.]+))?"
)


class UnknownLibrary(SounditError):
    """A wheel carries a library whose licence is not known. The text says which."""


@dataclass(frozen=True)
class Library:
    """One shared library in a wheel.

    Attributes:
        name: its name without "lib" and version, such as "avcodec".
        version: the version in its file's name; empty where that has none.
        path: where it lies, from the folder of packages.
    """

    name: str
    version: str
    path: str

    @property
    def licence(self) -> str:
        """Return its licence as an SPDX expression."""
        return LICENCES[self.name]


def libraries(site: Path) -> Iterator[Library]:
    """Give each library that was copied into a wheel, by path.

    Args:
        site: a folder of installed packages.

    Raises:
        UnknownLibrary: one has no row in `LICENCES`.
    """
    for path in sorted((*site.glob("*.libs/*.so*"), *site.glob("_soundfile_data/*.so"))):
        if path.parent.name == "_soundfile_data":
            name, version = "sndfile", ""
        elif match := _NAME.fullmatch(path.name):
            name, version = match["name"], match["behind"] or match["before"] or ""
        else:
            raise UnknownLibrary(f"{path.name}: which library is this? Say how to read it in tools/deb/libraries.py")
        if name not in LICENCES:
            raise UnknownLibrary(f"{path.name}: say the licence of {name} in tools/deb/libraries.py")
        yield Library(name, version, str(path.relative_to(site)))
