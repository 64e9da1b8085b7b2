"""A small English lexicon of the affect of words, in Russell's plane of valence and arousal.

Each line holds words of about the same valence and arousal (-1 to 1). Other words are neutral, all words of GRID among
them. A negation reverses the words after it: "not happy" is a little unpleasant.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from soundit_edge.emotion import Affect

NEGATIONS: Final = frozenset(("no", "not", "never", "none", "nothing", "nobody", "hardly", "without", "don't", "isn't"))
NEGATION_REACH: Final = 3
"""The number of words after a negation that it reverses."""
NEGATED: Final = -0.5
"""Factor of a negated word's valence; its arousal is halved."""

_LEXICON: Final = """
 0.9  0.6: love loved loving adore wonderful amazing fantastic brilliant excellent awesome marvellous superb
 0.9  0.8: ecstatic thrilled overjoyed triumph celebrate celebration victory
 0.8  0.5: happy happily happiness joy joyful delighted delight glad great laugh laughing laughter fun funny cheer
 0.8  0.4: beautiful lovely gorgeous perfect enjoy enjoyed enjoying pleased pleasure proud smile smiling
 0.7  0.7: excited exciting party dance dancing win winner won hurray yay bravo congratulations
 0.7  0.2: good nice kind friend friends friendly sweet sweetheart darling dear gift present birthday holiday
 0.6  0.3: like liked yes welcome thank thanks grateful hope hopeful success successful lucky luck clever
 0.6  0.5: play playing joke game games sing singing music kiss hug embrace honeymoon
 0.6 -0.3: fine comfortable cosy gentle tender warm safe secure home family healthy
 0.6 -0.6: calm calmly peace peaceful relax relaxed relaxing quiet serene rest resting gently soft softly
 0.4 -0.7: sleep sleepy nap bed lullaby slow slowly silence silent still
 0.4  0.1: okay well better best agree interesting easy useful fair clean fresh bright sunny sun spring summer
 0.3  0.6: wow surprise surprised surprising unexpected sudden suddenly incredible unbelievable astonishing whoa
 0.2  0.7: quick quickly fast hurry run running jump jumping race energy wild shout loud
-0.1 -0.6: tired bored boring dull weary exhausted drowsy yawn
-0.2  0.4: strange odd weird confused confusing busy late wait waiting
-0.3  0.5: nervous stress stressed stressful tense anxious anxiety worry worried worrying restless pressure
-0.4  0.2: problem problems difficult hard wrong mistake mistakes error broken lost lose fail failed failure
-0.4 -0.3: cold grey rain dark empty weak poor old
-0.5  0.5: annoyed annoying irritated irritating upset jealous rude unfair complain argue argument quarrel
-0.5 -0.4: sorry pity regret regrets disappointed disappointing disappointment miss missed missing
-0.6  0.2: bad worse ill sick pain painful hurt hurts ache ugly stupid silly nonsense
-0.6  0.6: afraid scared scare scary fear fearful frightened frightening danger dangerous warning threat
-0.6  0.3: disgusting disgusted disgust nasty gross dirty filthy rotten stink stinks vomit yuck
-0.7 -0.4: sad sadly sadness unhappy cry crying tears grief mourn miserable misery lonely alone hopeless
-0.7 -0.6: depressed depressing depression despair gloomy sorrow heartbroken goodbye funeral grave
-0.7  0.7: angry anger mad furious rage fight fighting hit scream screaming yell enemy attack
-0.6  0.6: panic terror terrified terrifying horror horrible emergency help alarm fire explode explosion
-0.8  0.5: hate hated hatred evil cruel awful terrible worst war violence violent bully
-0.8  0.6: kill killed murder blood weapon gun bomb torture
-0.8  0.1: die died dead death cancer disaster tragedy tragic victim accident
-0.7  0.8: damn hell bloody idiot liar lie lies cheat betray betrayed
"""


@cache
def _places() -> dict[str, Affect]:
    places = {}
    for line in _LEXICON.strip().splitlines():
        numbers, words = line.split(":")
        valence, arousal = map(float, numbers.split())
        places.update(dict.fromkeys(words.split(), Affect(valence, arousal)))
    return places


def vocabulary() -> frozenset[str]:
    """Return the words that are not neutral."""
    return frozenset(_places())


def affect_of(words: Sequence[str]) -> tuple[Affect, float]:
    """Return the mean affect of the words that the lexicon knows, and their share of all words, 0 to 1.

    Args:
        words: in order of time; capitals do not matter.
    """
    found = []
    turned = 0
    for word in (w.lower().strip('.,;:!?"') for w in words):
        if word in NEGATIONS:
            turned = NEGATION_REACH
            continue
        place = _places().get(word)
        if place is not None:
            found.append(Affect(NEGATED * place.valence, place.arousal / 2) if turned else place)
        turned = max(0, turned - 1)
    if not found:
        return Affect(0.0, 0.0), 0.0
    count = len(found)
    mean = Affect(sum(a.valence for a in found) / count, sum(a.arousal for a in found) / count)
    return mean, count / len(words)
