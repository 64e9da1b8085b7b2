"""Trials: a visitor sends a file, watches what is read in it, and gets the scored film; nobody else sees any of it."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote

from fastapi import Header, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.requests import ClientDisconnect

from soundit_edge.control.actor import Actor, Role
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.film.scoring.sources import SOURCES
from soundit_edge.modalities import MODALITIES
from soundit_edge.page.route import By, Route
from soundit_edge.settings.model import MAX_TRIAL_MB
from soundit_edge.tables.choices import PRESET_WORDS
from soundit_edge.trials.job import TrialOptions
from soundit_edge.trials.limits import MB
from soundit_edge.trials.messages import Result
from soundit_edge.trials.trial import Trial, TrialStatus
from soundit_edge.trials.trials import NoTrial, Offer, Trials
from soundit_edge.trials.upload import UploadTooLarge

MEDIA_TYPES: Final = ("video/", "audio/", "image/", "application/octet-stream")
"""Types that a file may be sent as. Which of them it is decides nothing: what counts is what is in it."""
MAX_ROWS: Final = 500
"""Readings in one answer."""
_TYPES: Final = {".mp4": "video/mp4", ".mkv": "video/x-matroska", ".mov": "video/quicktime", ".png": "image/png"}


def routes(trials: Trials) -> list[Route]:
    """Return the routes of trials: operators may try files."""

    def find(trial: str, by: Actor) -> Trial:
        try:
            return trials.find(trial, by)
        except NoTrial as error:
            raise HTTPException(404, str(error)) from error

    async def terms(by: By) -> dict[str, Any]:
        limits = asdict(trials.limits)
        shown = ("max_bytes", "max_media_s", "max_per_visitor", "max_quiet_s", "max_age_s")
        return {**{name: limits[name] for name in shown}, "music": SOURCES, "refusal": trials.objection(by)}

    async def begin(
        request: Request,
        by: By,
        senses: Annotated[str, Query(max_length=200)] = ",".join(MODALITIES),
        music: Annotated[str, Query(max_length=20)] = SOURCES[0],
        preset: Annotated[str, Query(max_length=20)] = next(iter(PRESET_WORDS)),
        x_name: Annotated[str, Header(max_length=4096)] = "",
    ) -> TrialStatus:
        size = int(request.headers["content-length"])  # the guard lets nothing else in
        offer = Offer(by, unquote(x_name, errors="replace"), size, _options(senses, music, preset))
        try:
            trial = await trials.begin(offer, request.stream())
        except UploadTooLarge as error:
            raise HTTPException(413, str(error)) from error
        except ClientDisconnect as error:
            raise NotNow("The visitor has gone.") from error
        return trial.status(0, 0)

    async def status(trial: str, by: By, after: Annotated[int, Query(ge=0, le=10**6)] = 0) -> TrialStatus:
        return find(trial, by).status(after, MAX_ROWS)

    async def result(trial: str, by: By) -> Result:
        found = find(trial, by)
        if found.result is None:
            raise NotNow("There is no result of this trial.")
        return found.result

    async def file(trial: str, by: By, what: Literal["film", "plot"]) -> Response:
        path = find(trial, by).file(what)
        if path is None:
            raise HTTPException(404, f"There is no {what} of this trial.")
        try:
            found = os.stat(path)
        except OSError as error:
            raise HTTPException(404, f"There is no {what} of this trial.") from error
        return FileResponse(path, media_type=_TYPES[path.suffix], stat_result=found)

    async def film(trial: str, by: By) -> Response:
        return await file(trial, by, "film")

    async def plot(trial: str, by: By) -> Response:
        return await file(trial, by, "plot")

    async def delete(trial: str, by: By) -> None:
        await trials.remove(find(trial, by))

    one = "/api/trials/{trial}"
    return [
        Route("GET", "/api/trials", Role.OPERATOR, terms),
        Route("POST", "/api/trials", Role.OPERATOR, begin, max_body=MAX_TRIAL_MB * MB, body_types=MEDIA_TYPES),
        Route("GET", one, Role.OPERATOR, status),
        Route("GET", f"{one}/result", Role.OPERATOR, result),
        Route("GET", f"{one}/film", Role.OPERATOR, film),
        Route("GET", f"{one}/plot", Role.OPERATOR, plot),
        Route("DELETE", one, Role.OPERATOR, delete),
    ]


def _options(senses: str, music: str, preset: str) -> TrialOptions:
    """Return what a visitor chose.

    Raises:
        InvalidChange: a name is unknown, or no sense is chosen.
    """
    chosen = frozenset(filter(None, senses.split(",")))
    if not chosen or not chosen <= MODALITIES.keys():
        raise InvalidChange(f"senses must be some of {', '.join(MODALITIES)}.")
    for name, value, known in (("music", music, SOURCES), ("preset", preset, tuple(PRESET_WORDS))):
        if value not in known:
            raise InvalidChange(f"{name} must be one of {', '.join(known)}.")
    return TrialOptions(senses=chosen, music=music, preset=preset)
