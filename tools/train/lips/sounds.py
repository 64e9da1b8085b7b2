"""How GRID's words sound, in ARPAbet: words that share a sound share what the network learns of its look."""

from __future__ import annotations

from collections.abc import Sequence

SOUNDS = {
    "bin": "B IH N",
    "lay": "L EY",
    "place": "P L EY S",
    "set": "S EH T",
    "blue": "B L UW",
    "green": "G R IY N",
    "red": "R EH D",
    "white": "W AY T",
    "at": "AE T",
    "by": "B AY",
    "in": "IH N",
    "with": "W IH DH",
    "a": "EY",
    "b": "B IY",
    "c": "S IY",
    "d": "D IY",
    "e": "IY",
    "f": "EH F",
    "g": "JH IY",
    "h": "EY CH",
    "i": "AY",
    "j": "JH EY",
    "k": "K EY",
    "l": "EH L",
    "m": "EH M",
    "n": "EH N",
    "o": "OW",
    "p": "P IY",
    "q": "K Y UW",
    "r": "AA",
    "s": "EH S",
    "t": "T IY",
    "u": "Y UW",
    "v": "V IY",
    "x": "EH K S",
    "y": "W AY",
    "z": "Z EH D",
    "zero": "Z IH R OW",
    "one": "W AH N",
    "two": "T UW",
    "three": "TH R IY",
    "four": "F AO",
    "five": "F AY V",
    "six": "S IH K S",
    "seven": "S EH V AH N",
    "eight": "EY T",
    "nine": "N AY N",
    "again": "AH G EH N",
    "now": "N AW",
    "please": "P L IY Z",
    "soon": "S UW N",
}


def spelling(word: str) -> list[str]:
    """Return a word's sounds, or its letters where they are not known."""
    return SOUNDS[word].split() if word in SOUNDS else list(word.lower())


def alphabet(words: Sequence[str]) -> list[str]:
    """Return all sounds of some words, sorted; CTC's blank comes before them, at 0."""
    return sorted({sound for word in words for sound in spelling(word)})
