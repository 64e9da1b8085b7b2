"""The sentences of the GRID corpus (Cooke, Barker, Cunningham and Shao 2006): six words, each of its own kind."""

from __future__ import annotations

from typing import Final

SILENCE: Final = "sil"
SLOTS: Final = (
    ("bin", "lay", "place", "set"),
    ("blue", "green", "red", "white"),
    ("at", "by", "in", "with"),
    tuple("abcdefghijklmnopqrstuvxyz"),
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    ("again", "now", "please", "soon"),
)
"""Command, colour, preposition, letter (no w, whose name has three syllables), digit, adverb."""
WORDS: Final = (SILENCE, *(word for slot in SLOTS for word in slot))
"""The network's labels, in its order."""
