"""The parameter sets of H.264 and HEVC, which a decoder needs, in the header or between the pictures."""

from __future__ import annotations

from typing import Any, Final

NEEDED: Final = {"h264": frozenset({7, 8}), "hevc": frozenset({32, 33, 34})}
"""The types of NAL units that a decoder needs: of the sequence and of pictures, and HEVC's of video (H.264 table 7-1,
H.265 table 7-1)."""
_START_CODE: Final = b"\0\0\1"


def header_is_enough(container: Any, picture: Any) -> bool:
    """Return whether the header of a video stream holds all its parameter sets.

    Where the stream has sets between the pictures too (MPEG-TS), the file is read to its end: joined recordings change
    them.

    Args:
        container: an open container (PyAV), at its beginning.
        picture: its video stream.
    """
    codec = picture.codec_context.codec.canonical_name
    header = bytes(picture.codec_context.extradata or b"")
    if codec not in NEEDED:
        return False
    if header[:1] == b"\1":  # a configuration record: the packets are not a byte stream
        return _avcc_has_sets(header) if codec == "h264" else NEEDED[codec] <= _types_in_hvcc(header)
    sets = _sets_in(header, codec)
    if {_type(unit, codec) for unit in sets} != NEEDED[codec]:
        return False
    packets = container.demux(picture)
    return all(_sets_in(bytes(packet), codec) <= sets for packet in packets if packet.is_keyframe)


def _avcc_has_sets(record: bytes) -> bool:
    """Return whether an AVCDecoderConfigurationRecord has any set (ISO/IEC 14496-15, 5.3.3.1)."""
    return len(record) > 5 and record[5] & 31 > 0


def _types_in_hvcc(record: bytes) -> set[int]:
    """Return the types of the sets in an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1)."""
    place = 23
    types = set()
    for _ in range(record[22] if len(record) > 22 else 0):
        head = record[place : place + 3]
        place += 3
        count = int.from_bytes(head[1:], "big")
        if count:
            types.add(head[0] & 63)
        for _ in range(count):
            place += 2 + int.from_bytes(record[place : place + 2], "big")
    return types


def _sets_in(stream: bytes, codec: str) -> set[bytes]:
    """Return the parameter sets in a byte stream (H.264 and H.265, annex B)."""
    units = (unit.rstrip(b"\0") for unit in stream.split(_START_CODE))
    return {unit for unit in units if unit and _type(unit, codec) in NEEDED[codec]}


def _type(unit: bytes, codec: str) -> int:
    return unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63
