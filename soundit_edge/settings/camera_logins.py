"""A camera's login is for the camera that it was given for: it is kept for that one, and forgotten for any other."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator

from soundit_edge.formats.toml_edit import KeyPath
from soundit_edge.settings.cameras import NO_LOGIN, CameraSettings, origin_of
from soundit_edge.settings.model import Settings

log = logging.getLogger(__name__)


def sources_of(settings: Settings) -> Iterator[tuple[str, str, CameraSettings]]:
    """Yield of each camera the name of its table, what the user calls it, and its settings."""
    cameras = settings.cameras
    yield "first", settings.device.camera, cameras.first
    yield "second", cameras.second.source, cameras.second
    yield "third", cameras.third.source, cameras.third


def bound_at_start(read: Settings) -> Settings:
    """Return settings that were read, with each new login bound to the camera that it stands beside.

    One that is bound to another camera stays where somebody wrote it, and is not sent: see `CameraSettings.login_at`.
    """
    return _with_cameras(read, {name: _bound(one, source) for name, source, one in sources_of(read)})


def rebound(before: Settings, after: Settings, given: Collection[str]) -> Settings:
    """Return changed settings, with each login that was given bound to its camera, and without one of another camera.

    Args:
        before: the settings until now, which say whom a login is for: no change of settings does.
        after: the settings as they were asked for.
        given: names of the cameras' tables in which a password was given with the change.
    """
    bindings = {name: one.login_for for name, _, one in sources_of(before)}
    cameras = {}
    for name, source, one in sources_of(after):
        new = name in given or not one.password.get_secret_value()  # a name alone is no secret
        one = one.model_copy(update={"login_for": "" if new else bindings[name]})
        if origin_of(source) and one.is_withheld_from(source):
            log.warning("the login of the %s camera was given for another address, and is forgotten", name)
            one = one.model_copy(update=NO_LOGIN)
        cameras[name] = _bound(one, source)
    return _with_cameras(after, cameras)


def changed_logins(before: Settings, after: Settings) -> Iterator[KeyPath]:
    """Yield the paths of what differs between the logins of two settings, and whom they are for."""
    for (name, _, old), (_, _, new) in zip(sources_of(before), sources_of(after), strict=True):
        for key in NO_LOGIN:
            if getattr(old, key) != getattr(new, key):
                yield "cameras", name, key


def _bound(camera: CameraSettings, source: str) -> CameraSettings:
    """Return a camera's settings with a login that is for nobody yet bound to a source, and without an idle binding."""
    if not camera.has_login:
        return camera.model_copy(update={"login_for": ""})
    return camera.model_copy(update={"login_for": camera.login_for or origin_of(source)})


def _with_cameras(settings: Settings, cameras: dict[str, CameraSettings]) -> Settings:
    return settings.model_copy(update={"cameras": settings.cameras.model_copy(update=cameras)})
