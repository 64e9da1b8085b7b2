"""The genres that ID3 and MP4 tags give as numbers."""

from __future__ import annotations

import re
from typing import Final

from soundit_edge.media.tags.text import each_once

GENRES: Final = tuple(
    """
    Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop|R&B|Rap|Reggae
    |Rock|Techno|Industrial|Alternative|Ska|Death Metal|Pranks|Soundtrack|Euro-Techno|Ambient|Trip-Hop|Vocal
    |Jazz+Funk|Fusion|Trance|Classical|Instrumental|Acid|House|Game|Sound Clip|Gospel|Noise|Alternative Rock|Bass
    |Soul|Punk|Space|Meditative|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno-Industrial
    |Electronic|Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta|Top 40|Christian Rap|Pop/Funk|Jungle
    |Native American|Cabaret|New Wave|Psychedelic|Rave|Showtunes|Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka
    |Retro|Musical|Rock & Roll|Hard Rock|Folk|Folk-Rock|National Folk|Swing|Fast Fusion|Bebop|Latin|Revival|Celtic
    |Bluegrass|Avantgarde|Gothic Rock|Progressive Rock|Psychedelic Rock|Symphonic Rock|Slow Rock|Big Band|Chorus
    |Easy Listening|Acoustic|Humour|Speech|Chanson|Opera|Chamber Music|Sonata|Symphony|Booty Bass|Primus|Porn Groove
    |Satire|Slow Jam|Club|Tango|Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul|Freestyle|Duet|Punk Rock|Drum Solo
    |A Cappella|Euro-House|Dance Hall|Goa|Drum & Bass|Club-House|Hardcore Techno|Terror|Indie|BritPop|Afro-Punk
    |Polsk Punk|Beat|Christian Gangsta Rap|Heavy Metal|Black Metal|Crossover|Contemporary Christian|Christian Rock
    |Merengue|Salsa|Thrash Metal|Anime|J-Pop|Synthpop|Abstract|Art Rock|Baroque|Bhangra|Big Beat|Breakbeat|Chillout
    |Downtempo|Dub|EBM|Eclectic|Electro|Electroclash|Emo|Experimental|Garage|Global|IDM|Illbient|Industro-Goth
    |Jam Band|Krautrock|Leftfield|Lounge|Math Rock|New Romantic|Nu-Breakz|Post-Punk|Post-Rock|Psytrance|Shoegaze
    |Space Rock|Trop Rock|World Music|Neoclassical|Audiobook|Audio Theatre|Neue Deutsche Welle|Podcast|Indie Rock
    |G-Funk|Dubstep|Garage Rock|Psybient
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""Their names by number: the 80 of ID3v1 (id3.org) and those that Winamp added."""
_LETTERED: Final = {"RX": "Remix", "CR": "Cover"}
_REFERENCE: Final = re.compile(r"\((\d+|RX|CR)\)")


def genres_of(text: str) -> list[str]:
    """Return the genres that a value of ID3's genre frame names: "17" or "(17)" is Rock, "(4)Eurodisco" two of them."""
    named: list[str] = []
    rest = text.strip()
    while match := _REFERENCE.match(rest):
        named.append(_by_number(match[1]))
        rest = rest[match.end() :].strip()
    if rest:
        # A bracket that does not begin a number is written twice.
        named.append(_by_number(rest) if rest.isdecimal() or rest in _LETTERED else rest.replace("((", "(", 1))
    return each_once(named)


def _by_number(number: str) -> str:
    if number in _LETTERED:
        return _LETTERED[number]
    return GENRES[int(number)] if int(number) < len(GENRES) else number
