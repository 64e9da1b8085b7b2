"""The prose of the package: docstrings begin with a verb, and constants use the standard words for limits and units."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.test_tools import ROOT

PACKAGE: Final = ROOT / "soundit_edge"
ARTICLES_PRONOUNS_NUMBERS: Final = """
    A An The This That These Those It Its They Their Each Every All Any Both Either Neither Some Such Several Many Few
    More Most Least None No Nobody Nothing Somebody Something Another One Two Three Four Five Six Seven Eight Nine Ten
    Next Last
"""
QUESTION_WORDS: Final = "What Whatever Whether Which Who Whoever Whose How Why When Where Wherever"
PREPOSITIONS_CONJUNCTIONS_ADVERBS: Final = """
    About Above After Again Also Among And As At Before Behind Below Beside Between But By During For From Here If In
    Into Not Now Of Off On Once Only Or Over Per Since So Than Then There Through To Towards Under Until Upon Via While
    With Within Without
"""
NOUNS_AND_ADJECTIVES: Final = """
    Array Boolean Calibrated Dict False Float Integer Integrated Intersection Left Mean Metre Name Number Path People
    Person Probability Ratio Right Speech Stretched String Sum Text Time Transposition True Tuple Upper Valence
    Velocity Word
"""
NO_VERBS: Final = frozenset(
    " ".join(
        (ARTICLES_PRONOUNS_NUMBERS, QUESTION_WORDS, PREPOSITIONS_CONJUNCTIONS_ADVERBS, NOUNS_AND_ADJECTIVES)
    ).split()
)
WORD: Final = re.compile(r"[A-Z][a-z]+(?![\w'’`(\[-])")
"""A capitalised word that is no abbreviation, type, possessive, compound, call or index."""
THIRD_PERSON_OR_PLURAL: Final = re.compile(r"[^s]s")
"""The end of "Returns" and "Samples", but not of "Process"."""
NON_STANDARD_CONSTANT: Final = re.compile(r"(LEAST|MOST|FEWEST)_.*|.*_SECONDS")


def begins_with_verb(docstring: str) -> bool:
    """Return whether a docstring may begin with a verb in the imperative: its first word is none of the others."""
    match = WORD.match(docstring)
    if match is None:
        return False
    word = match[0]
    return word not in NO_VERBS and THIRD_PERSON_OR_PLURAL.fullmatch(word[-2:]) is None


def public_functions(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the public functions of a module and the public methods and properties of its public classes."""
    for inner in node.body:
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and not inner.name.startswith("_"):
            yield inner
        elif isinstance(inner, ast.ClassDef) and not inner.name.startswith("_"):
            yield from public_functions(inner)


def public_constants(node: ast.Module | ast.ClassDef) -> Iterator[ast.Name]:
    """Yield the public constants of a module and of its classes."""
    for inner in node.body:
        if isinstance(inner, ast.ClassDef):
            yield from public_constants(inner)
        elif isinstance(inner, (ast.Assign, ast.AnnAssign)):
            for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
                names = (name for name in ast.walk(target) if isinstance(name, ast.Name))
                yield from (name for name in names if name.id.isupper() and not name.id.startswith("_"))


def without_verb(path: Path) -> list[str]:
    """Return the place and the first line of each docstring of a public function that does not begin with a verb."""
    documented = ((f, ast.get_docstring(f)) for f in public_functions(ast.parse(path.read_text())))
    return [
        f"{path}:{function.lineno}: {function.name}: {docstring.splitlines()[0]}"
        for function, docstring in documented
        if docstring and not begins_with_verb(docstring)
    ]


def test_docstrings_of_functions_begin_with_a_verb() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 50
    assert [wrong for path in files for wrong in without_verb(path)] == []


def unknown_arguments(text: str) -> list[str]:
    """Return each name below "Args:" in a docstring of a function that has no parameter of that name."""
    found = []
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        section = re.search(r"^Args:\n((?: {4}.*\n?|\n)+)", ast.get_docstring(function) or "", re.MULTILINE)
        documented = re.findall(r"^ {4}([*\w, ]+):", section.group(1), re.MULTILINE) if section else []
        known = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        names = (name.strip(" *") for line in documented for name in line.split(","))
        found += [f"{function.lineno}: {function.name}: {name}" for name in names if name not in known]
    return found


def test_docstrings_name_the_arguments_that_there_are() -> None:
    assert [f"{p}:{u}" for p in sorted(PACKAGE.rglob("*.py")) for u in unknown_arguments(p.read_text())] == []


def test_an_argument_that_is_not_there_is_found() -> None:
    docstring = "Do.\n\n    Args:\n        a, b: one.\n        d: another.\n        c: a third.\n    "
    text = f'def f(a, *b, c=1):\n    """{docstring}"""\n'
    assert unknown_arguments(text) == ["1: f: d"]


def test_constants_have_the_standard_words_for_limits_and_seconds() -> None:
    constants = [(path, c) for path in PACKAGE.rglob("*.py") for c in public_constants(ast.parse(path.read_text()))]
    assert len(constants) > 100
    assert [f"{p}:{c.lineno}: {c.id}" for p, c in constants if NON_STANDARD_CONSTANT.fullmatch(c.id)] == []


@pytest.mark.parametrize(
    "docstring",
    [
        "The newest value.",
        "What to try on a device.",
        "Whether it is there.",
        "Seconds of a beat.",
        "Returns the newest value.",
        "float32 [n, 2] as float32 [m, 2].",
        "`now`, moved towards `want`.",
        "Words' places.",
        "SHA-256 of a file.",
        "Non-negative weights.",
        "",
    ],
)
def test_a_docstring_without_a_verb_is_seen(docstring: str) -> None:
    assert not begins_with_verb(docstring)


@pytest.mark.parametrize("docstring", ["Return the newest value.", "Process float32 [n, 2].", "Write, and wait."])
def test_a_docstring_with_a_verb_is_accepted(docstring: str) -> None:
    assert begins_with_verb(docstring)


def test_methods_and_properties_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        'class A:\n    @property\n    def size(self):\n        """How many."""\n'
        '    def _own(self):\n        """How many."""\n'
        'class _B:\n    def size(self):\n        """How many."""\n'
    )
    assert without_verb(path) == [f"{path}:3: size: How many."]


def test_constants_in_classes_are_looked_at() -> None:
    tree = ast.parse("LEAST_S = 1\nA: int = 2\nclass B:\n    WAIT_SECONDS, _C = 3, 4\n")
    names = [constant.id for constant in public_constants(tree)]
    assert names == ["LEAST_S", "A", "WAIT_SECONDS"]
    assert [name for name in names if NON_STANDARD_CONSTANT.fullmatch(name)] == ["LEAST_S", "WAIT_SECONDS"]
