"""Every English text that the page may show, found where it is written.

That is in the page's scripts and its document, in the device's tables and settings, and in what the device refuses or
remarks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from soundit_edge.capture.picture_faults import PictureFault
from soundit_edge.emotion import EMOTIONS
from soundit_edge.integrations.registry import settings_model
from soundit_edge.modalities import MODALITIES
from soundit_edge.page import vocabulary
from soundit_edge.page.routes.notice import notice_page
from soundit_edge.parameters import PARAMETERS
from soundit_edge.senses.hue import NAMES
from soundit_edge.settings import PrivacySettings, Settings
from soundit_edge.settings.describe import tables
from soundit_edge.text import REASONS

PACKAGE: Final = Path(__file__).resolve().parents[2] / "soundit_edge"
STATIC: Final = PACKAGE / "page" / "static"
NAME: Final = "soundit edge"
"""The product's, which is the same in every language."""

_CALL: Final = re.compile(r"(?<![\w.])t\(")
_TITLE: Final = re.compile(r'\btitle: "([^"]+)"')
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_COMPARED: Final = re.compile(r"[=!]==?\s*$")
_SPOKEN: Final = ("aria-label", "title", "placeholder", "alt")

_NOTES: Final = ("note", "_FROZEN", "outcome", "NO_MIRROR", "WITHHELD", "safe_why", "_ASKED", "_UNKNOWN")
_ENDS: Final = ("UpdateResult", "TrialOutcome")
"""What says in `why` how an update has ended."""
_REASONS: Final = ("why_not", "why_unfit", "about_the_clock", "_choose", "doubt")
"""Functions that return a reason in words, perhaps beside something else."""
_REFUSALS: Final = ("refuse", "_refuse", "roll_back", "drop_trial")
"""Methods that are given the reason why a model set is not taken again."""
SHOWN: Final = frozenset(
    {
        "InvalidChange",
        "NotNow",
        "NotAllowed",
        "CaptureError",
        "CaptureLost",
        "BadStream",
        "SpeakerError",
        "DeviceError",
        "TrackError",
        "MediaError",
        "WavError",
        "SettingsError",
        "PinsError",
        "IntegrationError",
        "MirrorError",
        "TrustError",
        "StoreError",
        "SetDamagedError",
        "UpdateBusyError",
    }
)
"""Errors whose words the page shows: what it asked for was refused, or a way in or out or an integration says what is
the matter."""


def said_in_script(source: str) -> set[str]:
    """Return the string literals in the first argument of each call of `t` in a script, also those of a condition."""
    found = set()
    for call in _CALL.finditer(source):
        place, depth = call.end(), 0
        while place < len(source):
            string = _STRING.match(source, place)
            if string:
                if not _COMPARED.search(source, 0, place):
                    found.add(_unescaped(string[1]))
                place = string.end()
                continue
            character = source[place]
            if depth == 0 and character in ",)":
                break
            depth += (character in "([{") - (character in ")]}")
            place += 1
    return found


def _unescaped(literal: str) -> str:
    return str(ast.literal_eval(f'"{literal}"'))


class _Document(HTMLParser):
    """Collects what a document says to people."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts |= {value for name in _SPOKEN if (value := given.get(name))}
        if tag == "meta" and given.get("name") == "description":
            self.texts.add(given.get("content") or "")
        self._silent += tag == "noscript"

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag == "noscript"

    def handle_data(self, data: str) -> None:
        # What is said where there is no JavaScript stays in English: nothing is there to translate it.
        if not self._silent and _has_words(data):
            self.texts.add(" ".join(data.split()))


def said_in_document(html: str) -> set[str]:
    """Return the texts of a document and of its labels."""
    document = _Document()
    document.feed(html)
    return document.texts - {NAME}


def said_by_page() -> set[str]:
    """Return every text of the page's own scripts and documents."""
    found = {text for document in STATIC.glob("*.html") for text in said_in_document(document.read_text())}
    for script in STATIC.rglob("*.js"):
        found |= said_in_script(script.read_text())
    found = {text for text in found if _has_words(text)}
    return found | said_by_notice() | set(_TITLE.findall((STATIC / "views.js").read_text()))


class _Asked(Mapping[str, str]):
    """A table without texts that knows what was looked up in it."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def __getitem__(self, text: str) -> str:
        self.texts.add(text)
        raise KeyError(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


def said_by_notice() -> set[str]:
    """Return every text of the notice for a public place."""
    asked = _Asked()
    notice_page(Settings(privacy=PrivacySettings(public_place=True, contact="somebody")), "", asked, "")
    return asked.texts


def said_by_tables() -> set[str]:
    """Return every text of the device's tables and settings, as the page is given them."""
    found: set[str] = {emotion.value for emotion in EMOTIONS} | {row.title for row in MODALITIES.values()}
    for row in PARAMETERS.values():
        found |= {row.title, row.help}
        if row.gauge is not None:
            found |= {*row.gauge.words, row.gauge.label, row.gauge.beside, row.gauge.figure}
    for options in vocabulary.vocabulary()["choices"].values():
        found |= {option[key] for option in options for key in ("title", "help")}
    found |= {*NAMES, "grey"} | set(_said_by_settings())
    return {text for text in found if _has_words(text)}


def _said_by_settings() -> Iterator[str]:
    """Give titles and help of all tables and settings, and what can be chosen."""
    for table in tables(settings_model()):
        yield from (table.title, table.description)
        for field in table.fields:
            yield from _said_in_schema(field.schema)


def _said_in_schema(schema: dict[str, Any]) -> Iterator[str]:
    if "properties" not in schema:  # an entry of a list: its title is the name of a class
        yield from (schema[key] for key in ("title", "description") if key in schema)
    yield from schema.get("enum", ())
    for inner in (schema.get("items"), *schema.get("properties", {}).values()):
        if isinstance(inner, dict):
            yield from _said_in_schema(inner)


def said_by_device() -> set[str]:
    """Return what the device refuses with, and what it remarks, as templates such as "This is for the {role}."."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            found |= {template for value in _spoken_values(node) for template in _templates(value)}
    found |= {*REASONS.values(), *(fault.value for fault in PictureFault)}
    return {template for template in found if _has_words(template)}


def _spoken_values(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_])) if (
            name in SHOWN
        ):
            yield first
        case ast.Return(value=ast.Call(func=ast.Name(id=name), args=[first, *_])) if name in SHOWN:
            yield first
        case ast.keyword(arg="note", value=value):
            yield value
        case ast.Call(func=ast.Name(id=name), keywords=given) if name in _ENDS:
            yield from (one.value for one in given if one.arg == "why")
        case ast.FunctionDef(name=name) if name in _REASONS:
            yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None)
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name in _REFUSALS:
            yield from args
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name.endswith(_NOTES):
            yield value
        case ast.Assign(targets=[ast.Attribute(attr=name) | ast.Name(id=name)], value=value) if name.endswith(_NOTES):
            yield value


def _templates(value: ast.expr) -> Iterator[str]:
    """Give the texts that an expression of literals may be, with a name for each value in them."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else f"{{{_name(part)}}}" for part in parts)  # type: ignore[misc]
        case ast.IfExp(body=one, orelse=other):
            yield from _templates(one)
            yield from _templates(other)
        case ast.BoolOp(values=values) | ast.Tuple(elts=values):
            for one in values:
                yield from _templates(one)


def _name(part: ast.expr) -> str:
    """Return a name for a value in a text: the last one in its expression."""
    names = re.findall(r"[a-z]\w*", ast.unparse(part))
    return names[-1] if names else "value"


def _has_words(text: str) -> bool:
    """Return whether there is anything to translate beside the values in a text."""
    return any(character.isalpha() for character in nameless(text))


def nameless(template: str) -> str:
    """Return a template without the names of its values: they need not be the same in a table of texts."""
    return re.sub(r"\{\w+\}", "{}", template)
