"""Open a mirror by the scheme of its URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from soundit_edge.update.failure import MirrorError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.folder import FolderMirror
from soundit_edge.update.mirrors.mirror import Mirror
from soundit_edge.update.mirrors.web import WebMirror


def open_mirror(url: str, limits: UpdateLimits) -> Mirror:
    """Return the mirror of a URL.

    Raises:
        MirrorError: it is none of https, http and file, or has a password in it.
    """
    try:
        parts = urlsplit(url)
        scheme, host, user = parts.scheme, parts.hostname, parts.username
    except ValueError:
        scheme, host, user = "", None, None
    if user is not None:  # without the address: it would stand in the log
        raise MirrorError("The address of a mirror has no user name and no password in it")
    if scheme == "file":
        return FolderMirror(url)
    if scheme in ("http", "https") and host:
        return WebMirror(url, limits)
    raise MirrorError(f"{url!r} is no address of a mirror: it begins with https://, http:// or file:///")
