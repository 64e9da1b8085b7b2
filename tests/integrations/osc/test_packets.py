"""Datagrams are taken apart within limits: a named test for each way in which one may be hostile or broken."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import build_msg
from pythonosc.parsing.ntp import system_time_to_ntp

from soundit_edge.integrations.osc import addresses
from soundit_edge.integrations.osc.packets import (
    MAX_ARGUMENTS,
    MAX_DATAGRAM,
    MAX_DEPTH,
    MAX_EARLY_S,
    MAX_LATE_S,
    MAX_MESSAGES,
    MAX_TEXT,
    MalformedPacket,
    Message,
    UntimelyPacket,
    encoded,
    messages,
)

NOW = 1_800_000_000.0
NEXT = build_msg("/next").dgram
AT_ONCE = b"\0" * 7 + b"\1"


def bundle(*elements: bytes, tag: bytes = AT_ONCE) -> bytes:
    """A bundle, be its elements what they may."""
    return b"#bundle\0" + tag + b"".join(struct.pack(">i", len(one)) + one for one in elements)


def test_a_message_has_its_address_and_its_arguments() -> None:
    datagram = build_msg("/set/mood", ["happy", 30, 0.5, True, False, None]).dgram
    assert messages(datagram, NOW) == [Message("/set/mood", ("happy", 30, 0.5, True, False, None))]
    assert messages(NEXT, NOW) == [Message("/next", ())]
    assert messages(b"/next\0\0\0", NOW) == [Message("/next", ())], "older programs leave the types out"


def test_bundles_in_bundles_are_taken_in_their_order() -> None:
    inner = OscBundleBuilder(IMMEDIATELY)  # as other programs make them
    inner.add_content(build_msg("/b", 2))
    outer = OscBundleBuilder(round(NOW))
    for content in (build_msg("/a", 1), inner.build(), build_msg("/c", 3)):
        outer.add_content(content)
    assert [message.address for message in messages(outer.build().dgram, NOW)] == ["/a", "/b", "/c"]
    assert messages(bundle(), NOW) == []


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"hello",
        b"#bundle\0",
        b"/next",
        b"/next\0\0\0if\0\0",
        b"/next\0\0\0,i\0\0\0",
        b"/next\0\0\0,b\0\0\0\0\0\4abcd",
        b"/next\0\0\0,[[[[[[[[[i]]]]]]]]]\0\0",
        b"/\xff\xfe\0,\0\0\0",
        b"/set\0\0\0\0,s\0\0\xc3\x28\0\0",
        b"/next\0\0\0,ss\0abc\0",
        bundle(b"hello\0\0\0"),
        bundle(NEXT)[:-2],
        b"#bundle\0" + AT_ONCE + b"\0\0",
        b"x" * (MAX_DATAGRAM + 1),
    ],
)
def test_what_is_no_osc_is_malformed(datagram: bytes) -> None:
    with pytest.raises(MalformedPacket):
        messages(datagram, NOW)


@pytest.mark.parametrize("size", [-(2**31), -4, -1, 0, 2, 5, 2**31 - 1])
def test_an_element_of_an_impossible_size_does_not_keep_us_for_ever(size: int) -> None:
    with pytest.raises(MalformedPacket):
        messages(b"#bundle\0" + AT_ONCE + struct.pack(">i", size) + NEXT, NOW)


def test_bundles_nested_deeper_than_any_program_does_are_dropped() -> None:
    datagram = NEXT
    for _ in range(MAX_DEPTH):
        datagram = bundle(datagram)
    assert len(messages(datagram, NOW)) == 1
    with pytest.raises(MalformedPacket):
        messages(bundle(datagram), NOW)
    while len(datagram) + 20 <= MAX_DATAGRAM:
        datagram = bundle(datagram)
    with pytest.raises(MalformedPacket):
        messages(datagram, NOW)


def test_a_bundle_of_too_many_messages_is_dropped() -> None:
    assert len(messages(bundle(*[b"/a\0\0"] * MAX_MESSAGES), NOW)) == MAX_MESSAGES
    with pytest.raises(MalformedPacket):
        messages(bundle(*[b"/a\0\0"] * (MAX_MESSAGES + 1)), NOW)


def test_too_many_arguments_are_malformed() -> None:
    assert len(messages(build_msg("/a", [True] * MAX_ARGUMENTS).dgram, NOW)[0].arguments) == MAX_ARGUMENTS
    with pytest.raises(MalformedPacket):
        messages(build_msg("/a", [True] * (MAX_ARGUMENTS + 1)).dgram, NOW)


@pytest.mark.parametrize("away_s", [MAX_EARLY_S + 1, 3600.0, -MAX_LATE_S - 1, -86_400.0])
def test_a_bundle_for_tomorrow_or_of_yesterday_is_dropped(away_s: float) -> None:
    with pytest.raises(UntimelyPacket):
        messages(bundle(NEXT, tag=system_time_to_ntp(NOW + away_s)), NOW)
    with pytest.raises(UntimelyPacket):
        messages(bundle(bundle(NEXT, tag=system_time_to_ntp(NOW + away_s))), NOW)


@pytest.mark.parametrize("tag", [AT_ONCE, b"\0" * 8, system_time_to_ntp(NOW), system_time_to_ntp(NOW - 1.0)])
def test_a_bundle_for_now_is_taken(tag: bytes) -> None:
    assert len(messages(bundle(NEXT, tag=tag), NOW)) == 1


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda rest: bundle(NEXT, rest)))
def test_no_bytes_do_anything_but_parse_or_be_refused(datagram: bytes) -> None:
    try:
        found = messages(datagram, NOW)
    except (MalformedPacket, UntimelyPacket):
        return
    assert all(message.address.startswith("/") for message in found)


def test_what_is_sent_has_the_types_of_its_address_and_a_text_that_fits() -> None:
    datagram = encoded("/room", addresses.SENSE_SAY, ("happy\0\n" + "x" * 1000, 1), "face")
    assert len(datagram) < MAX_TEXT + 60
    (message,) = messages(datagram, NOW)
    assert message.address == "/room/sense/face/say"
    text, confidence = message.arguments
    assert isinstance(text, str)
    assert text.startswith("happy  xx")
    assert confidence == 1.0
    assert b",sf\0" in datagram
