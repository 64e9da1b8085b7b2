"""Who plays in which section: so that instruments enter and rest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from soundit_edge.music.compose.form.section import FormSection
from soundit_edge.music.score import Part

Players = frozenset[Part]

_L, _P, _K, _B, _D = Part.LEAD, Part.PAD, Part.PLUCK, Part.BASS, Part.DRUMS


def _table(**rows: tuple[tuple[Part, ...], ...]) -> Mapping[FormSection, tuple[Players, ...]]:
    return MappingProxyType(
        {FormSection(name): tuple(frozenset(row) for row in options) for name, options in rows.items()}
    )


_ALL: Final = (_L, _P, _K, _B, _D)

ARRANGEMENTS: Final[Mapping[str, Mapping[FormSection, tuple[Players, ...]]]] = MappingProxyType(
    {
        "gentle": _table(
            intro=((_K,), (_P,), (_K, _P)),
            theme=((_L, _K, _B), (_L, _K, _B, _D)),
            answer=((_L, _K, _P, _B, _D),),
            contrast=((_L, _P, _B), (_L, _P)),
            **{"break": ((_K,), (_L, _K), (_P, _K))},
            build=((_K, _P, _D), (_K, _P, _B, _D)),
            **{"return": (_ALL,)},
            bridge=((_P, _K), (_P,)),
            coda=(_ALL,),
        ),
        "band": _table(
            intro=((_K,), (_P, _K)),
            theme=((_L, _K, _B, _D), (_L, _K, _B)),
            answer=(_ALL,),
            contrast=((_L, _P, _B, _D), (_L, _P, _B)),
            **{"break": ((_L, _K), (_P, _K), (_B, _D), (_K,))},
            build=((_K, _B, _D), (_P, _D), (_K, _D)),
            **{"return": (_ALL,)},
            bridge=((_P, _K), (_P, _B)),
            coda=(_ALL,),
        ),
        "heavy": _table(
            intro=((_K,), (_P, _K)),
            theme=((_K, _B, _D), (_L, _K, _B, _D)),
            answer=((_L, _K, _B, _D),),
            contrast=((_L, _P, _B, _D), (_P, _B, _D)),
            **{"break": ((_K,), (_P, _K), (_B, _D))},
            build=((_K, _B, _D), (_P, _K, _D)),
            **{"return": (_ALL,)},
            bridge=((_P,), (_K,)),
            coda=(_ALL,),
        ),
        "uneasy": _table(
            intro=((_P,), (_K,)),
            theme=((_L, _K, _B), (_L, _K, _D)),
            answer=((_L, _K, _B, _D), (_L, _P, _B, _D)),
            contrast=((_L, _P, _B, _D), (_L, _P)),
            **{"break": ((_P,), (_K,), (_K, _D))},
            build=((_K, _P, _D), (_K, _P, _B, _D)),
            **{"return": (_ALL,)},
            bridge=((_P,), (_P, _K)),
            coda=(_ALL,),
        ),
    }
)
"""By the name that an idiom has for it: the sets of parts of which a phrase of each section draws one. Every part has a
section of each round in which it rests: the pad the theme, the pluck the contrast, the others the introduction or the
break."""
