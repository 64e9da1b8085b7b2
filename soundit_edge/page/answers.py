"""How a refusal is answered: the code that says of what kind it is, and its sentence."""

from __future__ import annotations

import math
from typing import Final

from starlette.responses import JSONResponse

from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.page.auth.refusals import NotSignedIn, TooManyAttempts

_CODES: Final[dict[type[SounditError], int]] = {
    InvalidChange: 422,
    NotNow: 409,
    NotAllowed: 403,
    NotSignedIn: 401,
    TooManyAttempts: 429,
}
"""Any other failure is 503."""


def refusal_answer(error: SounditError) -> JSONResponse:
    """Return the answer to a request that is refused."""
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, TooManyAttempts):
        headers["retry-after"] = str(math.ceil(error.retry_s))
    return JSONResponse({"detail": str(error)}, _CODES.get(type(error), 503), headers)
