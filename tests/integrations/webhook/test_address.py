"""The address of a webhook: what will do, and what is refused without being repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from soundit_edge.integrations.registry import settings_model
from soundit_edge.integrations.webhook.address import Endpoint, endpoint_of
from soundit_edge.settings.refusals import explain


@pytest.mark.parametrize(
    ("address", "endpoint", "authority"),
    [
        ("http://hub", Endpoint(False, "hub", 80, "/"), "hub"),
        ("https://Example.org/a/b?c=d#e", Endpoint(True, "example.org", 443, "/a/b?c=d"), "example.org"),
        ("http://192.168.1.2:8123/api?x", Endpoint(False, "192.168.1.2", 8123, "/api?x"), "192.168.1.2:8123"),
        ("https://[fd00::1]:444/x", Endpoint(True, "fd00::1", 444, "/x"), "[fd00::1]:444"),
        ("https://hub:80/", Endpoint(True, "hub", 80, "/"), "hub:80"),
    ],
)
def test_an_address_leads_somewhere(address: str, endpoint: Endpoint, authority: str) -> None:
    assert endpoint_of(address) == endpoint
    assert endpoint.authority == authority


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://kgbx/", "begins with http"),
        ("file:///kgbx", "begins with http"),
        ("kgbx.example/hook", "begins with http"),
        ("javascript:kgbx", "begins with http"),
        ("https:///kgbx", "names no host"),
        ("http://:80/kgbx", "names no host"),
        ("https://anna:kgbx@hub/", "no name and password"),
        ("https://kgbx@hub/", "no name and password"),
        ("http://hub:0/kgbx", "the port"),
        ("http://hub:65536/kgbx", "the port"),
        ("http://hub:kgbx/", "the port"),
        ("http://hub/kgbx hook", "spaces"),
        ("http://hub/kgbx\r\nX: y", "spaces"),
        ("http://hub/kgbx\u00e9", "spaces"),
        ("http://[::kgbx/", "the host"),
        ("http://kgbx..example/", "the host"),
        (f"http://{'kgbx' * 16}/", "the host"),
    ],
)
def test_one_that_will_not_do_is_refused_in_words_that_do_not_repeat_it(address: str, why: str) -> None:
    model = settings_model()
    with pytest.raises(ValidationError) as caught:
        model.model_validate({"integrations": {"webhook": {"address": address}}})
    words = explain(caught.value, model)
    assert why in words
    assert words.startswith("integrations.webhook.address")
    assert "kgbx" not in words


def test_one_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 2000"):
        settings_model().model_validate({"integrations": {"webhook": {"address": "http://hub/" + "x" * 2000}}})


HOSTS = st.text("a1.:[]-_@", max_size=70)
ADDRESSES = st.builds("{}{}{}".format, st.sampled_from(["http://", "https://"]), HOSTS, st.text(max_size=12))


@given(ADDRESSES | st.text(max_size=40))
def test_whatever_is_taken_can_be_asked_for(address: str) -> None:
    try:
        endpoint = endpoint_of(address)
    except ValueError:
        return
    assert 1 <= endpoint.port <= 65535
    assert endpoint.host.encode("idna")
    assert endpoint.path.startswith("/")
    assert endpoint.path.isascii()
    assert " " not in endpoint.path
