"""The names by which the page may be asked."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.page.http.hosts import Hosts

KNOWN = Hosts(lambda: ["Soundit-4F7A.local", "music.example."])


def test_own_names_in_any_case_with_a_trailing_dot_and_a_port() -> None:
    for name in ("soundit-4f7a.local", "SOUNDIT-4f7a.LOCAL.", "music.example:8347", "music.example.:80"):
        assert KNOWN.knows(name), name
    for name in ("soundit-4f7a", "x.soundit-4f7a.local", "soundit-4f7a.local..", "music.example:", "music.example/x"):
        assert not KNOWN.knows(name), name


@given(st.ip_addresses(), st.one_of(st.just(""), st.integers(0, 65535).map(":{}".format)))
def test_every_address_is_known_but_those_of_nobody(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: str
) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    assert KNOWN.knows(host + port) is not (address.is_unspecified or address.is_multicast)


@given(st.text(max_size=40))
def test_no_other_name_is_known(name: str) -> None:
    host = f"{name}.evil.example"
    assert not KNOWN.knows(host)
    assert not KNOWN.knows(f"localhost{name}x")
