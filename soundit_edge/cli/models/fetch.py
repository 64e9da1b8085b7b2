"""`soundit models check` and `update`: ask the mirrors, and fetch what they offer, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from soundit_edge import console, settings
from soundit_edge.cli.models.show import megabytes
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.updates.timing.quiet_hours import by_itself
from soundit_edge.errors import SounditError
from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import Settings
from soundit_edge.update.device.request import NO_MIRROR, mirrors_of, request_of
from soundit_edge.update.messages import UpdateProgress, UpdateResult, UpdateStage
from soundit_edge.update.sets.set_id import release_of

READY: Final = 100
"""Exit code of `check` where a set is ready, as package managers have it."""
_WORDS: Final = {
    UpdateStage.ASKING: "asking the mirrors",
    UpdateStage.FETCHING: "fetching",
    UpdateStage.CHECKING: "checking",
}


def check(as_json: bool, settings_path: Path | None) -> int:
    """Print whether a better set is there; return the exit code.

    Args:
        as_json: print what was answered as one line of JSON.
        settings_path: another settings.toml than the user's.

    Raises:
        SounditError: nobody could be asked.
    """
    result = _asked(_settings(settings_path), fetch=False, again=False)
    if as_json:
        console.json_result(result.model_dump(mode="json"))
    elif result.ended == "nothing":
        console.result(result.why)
    else:
        size = megabytes(result.bytes)
        console.result(f"release {release_of(result.set_id)} is ready ({result.set_id}, {size}), at {result.mirror}")
        if result.notes:
            console.result(result.notes)
        console.result("to take it: soundit models update")
    _warn_of_revoked(result)
    return READY if result.ended == "offered" else 0


def update(*, unattended: bool, again: bool, as_json: bool, settings_path: Path | None) -> None:
    """Fetch the set that is offered, and begin its trial.

    Args:
        unattended: only what the settings allow to happen by itself, and no failure.
        again: take also what was refused.
        as_json: print what has come of it as one line of JSON.
        settings_path: another settings.toml than the user's.

    Raises:
        SounditError: nothing could be fetched, and somebody is there to be told.
    """
    chosen = _settings(settings_path)
    result = _unattended(chosen) if unattended else _asked(chosen, fetch=True, again=again)
    if as_json:
        console.json_result(result.model_dump(mode="json"))
    elif result.ended == "fetched":
        fetched = megabytes(result.missing)
        console.result(f"release {release_of(result.set_id)} is here ({result.set_id}; {fetched} were fetched)")
        if result.notes:
            console.result(result.notes)
        console.result("it is tried now where the device runs, else at its next start; soundit models list says more")
    else:
        console.result(result.why)
    _warn_of_revoked(result)


def _unattended(chosen: Settings) -> UpdateResult:
    """Return what has come of an update that nobody waits for."""
    if why := why_not_by_itself(chosen):
        return UpdateResult(ended="nothing", why=why)
    try:
        return _asked(chosen, fetch=True, again=False)
    except SounditError as error:
        return UpdateResult(ended="failed", why=str(error))


def why_not_by_itself(chosen: Settings) -> str:
    """Return why nothing may be fetched by itself now, in words for the log of a timer; "" where it may."""
    update = chosen.update
    if update.mode == "off":
        return "Nothing is done: nobody is to look for models (mode is off in the settings)."
    if update.mode == "ask":
        return "Nothing is done: you want to be asked first (mode is ask in the settings); the page says what is ready."
    if not by_itself(update, local_time(chosen.schedule.time_zone)):
        return f"Nothing is done now: models are fetched by themselves from {update.hours_from} to {update.hours_to}."
    return ""


def _asked(chosen: Settings, *, fetch: bool, again: bool) -> UpdateResult:
    """Ask the mirrors, with a progress bar.

    Raises:
        SounditError: there is no mirror, or it could not be done.
    """
    mirrors = mirrors_of(chosen.update)
    if not mirrors:
        raise SounditError(NO_MIRROR)
    request = request_of(mirrors, fetch=fetch, again=again)
    # Imported here: TUF and cryptography take a while on a small computer.
    from soundit_edge.update.run import update

    with console.progress_bar() as bar:
        task = bar.add_task(_WORDS[UpdateStage.ASKING], total=None)

        def show(progress: UpdateProgress) -> None:
            bar.update(task, description=_WORDS[progress.stage], completed=progress.done, total=progress.total or None)

        result = update(request, show)
    if result.ended == "failed":
        raise SounditError(result.why)
    return result


def _warn_of_revoked(result: UpdateResult) -> None:
    for set_id in result.revoked:
        console.say(f"the set {set_id} was revoked by its publisher: a running device leaves it now, else at its start")


def _settings(path: Path | None) -> Settings:
    return settings.load(path or settings.default_path(), settings_model())
