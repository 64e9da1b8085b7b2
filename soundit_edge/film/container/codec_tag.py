"""The four characters by which players know a picture's codec in MP4 and QuickTime files.

For one codec there are several, and what FFmpeg chooses of itself is not always what players need: Apple's play HEVC as
`hvc1`, whose parameter sets stand in the header, and not as `hev1`, where they may stand between the pictures alone
(ISO/IEC 14496-15, 8.3); and the tag of ProRes is its profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from soundit_edge.film.container.muxer import holds, packets_of, tag_of
from soundit_edge.film.container.parameter_sets import header_is_enough
from soundit_edge.film.container.probe import opened
from soundit_edge.media.streams import choose_streams, codec_of

IN_HEADER: Final = {"hev1": "hvc1", "dvhe": "dvh1", "avc3": "avc1", "dvav": "dva1"}
"""Tags that allow parameter sets between the pictures alone, and those that promise them in the header."""
BELOW_DOLBY: Final = {"dvh1": "hvc1", "dva1": "avc1"}
"""Tags of Dolby Vision, and of the picture below it, for a container that does not know the former."""


def tag_for(path: Path, form: str) -> str | None:
    """Return the tag under which most players know a film's picture; None where FFmpeg chooses it well.

    Args:
        path: the film.
        form: FFmpeg's name of the container to write.
    """
    with opened(path) as container:
        picture = choose_streams(container).picture
        packet = next(packets_of(container, picture), None)
        tags = _best_first(path, picture, form)
        return next((tag for tag in tags if holds(form, picture, packet, tag)), None)


def _best_first(path: Path, picture: Any, form: str) -> Iterator[str]:
    own = tag_of(picture, form) or ""
    if form != "matroska":
        usual = IN_HEADER["hev1"] if codec_of(picture) == "hevc" else ""
        promise = own if own in IN_HEADER.values() else IN_HEADER.get(own, usual)
        if promise and (own == promise or _is_kept(path)):
            yield promise
            if promise in BELOW_DOLBY:
                yield BELOW_DOLBY[promise]
    if own:
        yield own


def _is_kept(path: Path) -> bool:
    """Return whether the promise that all parameter sets stand in the header holds for a film."""
    with opened(path) as container:
        return header_is_enough(container, choose_streams(container).picture)
