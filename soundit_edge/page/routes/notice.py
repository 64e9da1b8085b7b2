"""The notice for people who come where the device is: that it recognises emotions, what of, and whom to ask.

It is made here and needs no script, so that it can be shown and printed by anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape
from typing import Final

import segno
from fastapi import Request, Response
from pydantic import BaseModel

from soundit_edge.modalities import MODALITIES
from soundit_edge.page.route import Route
from soundit_edge.page.vocabulary import languages
from soundit_edge.settings import Settings

ENGLISH: Final = "en"
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""Hosts that are another computer for everybody else, so that nobody is sent there."""
MAX_TAGS: Final = 20
"""Languages of a request that are looked at."""

LAW: Final = (
    "You are informed of this under Article 50(3) of the EU AI Act, Regulation (EU) 2024/1689: "
    "people who are exposed to a system that recognises emotions have to be told so."
)

Table = Mapping[str, str]
"""Texts in another language by the English ones."""


class NoticePlace(BaseModel):
    """Where others can read the notice.

    Attributes:
        address: of the notice; "": none that others could open.
        code: the same as a QR code, row by row: "1" is dark, "0" is light; empty where there is no address.
    """

    address: str
    code: list[str]


def routes(settings: Callable[[], Settings], elsewhere: Callable[[], Sequence[str]] = lambda: ()) -> list[Route]:
    """Return the routes of the notice: everybody may read it.

    Args:
        settings: returns those in force.
        elsewhere: returns the page's addresses for other devices, the last of which every phone understands.
    """
    tables: dict[str, Table] = {tag: {**table["page"], **table["device"]} for tag, table in languages().items()}

    async def notice(request: Request, language: str = "") -> Response:
        chosen = language_of(language, request.headers.get("accept-language", ""), (ENGLISH, *tables))
        page = notice_page(settings(), chosen, tables.get(chosen, {}), address_of(request))
        return Response(page, media_type="text/html; charset=utf-8")

    async def place(request: Request) -> NoticePlace:
        """Return where others can read the notice, as text and as a QR code."""
        # A screen on the device itself is opened by an address that is of no use to whoever stands before it.
        address = address_of(request) or next((f"{one}notice" for one in reversed(elsewhere())), "")
        rows = segno.make(address, error="m", micro=False).matrix if address else ()
        return NoticePlace(address=address, code=["".join(map(str, row)) for row in rows])

    return [Route("GET", "/notice", None, notice), Route("GET", "/api/notice", None, place)]


def address_of(request: Request) -> str:
    """Return the notice's address by the name that a request has used; "" where it is of this computer alone."""
    return "" if request.url.hostname in LOOPBACK else f"{request.url.scheme}://{request.url.netloc}/notice"


def language_of(asked: str, accepted: str, known: Collection[str]) -> str:
    """Return the language to speak: the one that is asked for, else the browser's first that there is, else English.

    Args:
        asked: such as "de"; "" where none is.
        accepted: the header Accept-Language, such as "fr-CH, de;q=0.8".
        known: those that there are.
    """
    if asked in known:
        return asked
    weighted = []
    for tag in accepted.split(",")[:MAX_TAGS]:
        name, _, quality = tag.partition(";")
        try:
            weight = float(quality.partition("=")[2] or 1)
        except ValueError:
            continue
        weighted.append((weight, name.strip()[:2].lower()))
    by_weight = sorted(weighted, key=lambda one: -one[0])
    return next((name for weight, name in by_weight if name in known and weight > 0), ENGLISH)


def notice_page(settings: Settings, language: str, table: Table, address: str) -> str:
    """Return the notice as a page of HTML.

    Args:
        settings: which senses are on, and whom to ask.
        language: that it is in, such as "de".
        table: its texts in that language by the English ones; English stands where one is missing.
        address: of the notice, for others to open; "": none that they could.
    """

    def t(text: str) -> str:
        return escape(table.get(text, text))

    on = [row for row in MODALITIES.values() if row.name in settings.senses.switched_on()]
    read = "".join(f"<li>{t(row.reads)}</li>" for row in on)
    kept = [
        "No picture and no sound is stored, and none leaves the device.",
        "Nobody is identified.",
        *(["Nothing about individuals is kept."] if settings.privacy.public_place else []),
    ]
    contact = escape(settings.privacy.contact)
    ask = f"<section><h2>{t('Whom to ask')}</h2><p>{contact}</p></section>" if contact else ""
    code = f"<figure>{_code(address)}<figcaption>{escape(address)}</figcaption></figure>" if address else ""
    return f"""<!doctype html>
<html lang="{language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{t("Emotion recognition is in use here")}</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/notice.css">
</head>
<body>
<main>
<h1>{t("Emotion recognition is in use here")}</h1>
<p class="lead">{t("A device in this room reads emotions, and plays music to match the mood.")}</p>
<section><h2>{t("What is read")}</h2><ul>{read}</ul></section>
<section><h2>{t("What is kept")}</h2><p>{" ".join(map(t, kept))}</p></section>
{ask}
{code}
<p class="law">{t(LAW)}</p>
</main>
</body>
</html>
"""


def _code(address: str) -> str:
    """Return an address as a QR code: SVG that fills the width that it gets."""
    return segno.make(address, error="m", micro=False).svg_inline(omitsize=True, svgclass="code", border=4)
