"""The codec tag: four characters by which players identify a picture's codec in MP4 and QuickTime files.

A codec may have several tags, and FFmpeg's choice is not always the one that players need. Apple's players play HEVC as
`hvc1`, whose parameter sets are in the header, and not as `hev1`, where they may be between the pictures alone (ISO/IEC
14496-15, 8.3); and the tag of ProRes is its profile.
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
"""Tags that allow parameter sets between the pictures alone, mapped to those that guarantee them in the header."""
BELOW_DOLBY: Final = {"dvh1": "hvc1", "dva1": "avc1"}
"""Tags of Dolby Vision, mapped to those of its base layer, for containers without Dolby Vision."""


def tag_for(path: Path, form: str) -> str | None:
    """Return the codec tag of a film's picture that most players accept; None to leave the choice to FFmpeg.

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
    """Return whether all parameter sets of a film are in the header."""
    with opened(path) as container:
        return header_is_enough(container, choose_streams(container).picture)
