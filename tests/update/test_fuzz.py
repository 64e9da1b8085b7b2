"""Lists with anything in them: an update ends with a reason, and never with an exception."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.formats import encode_canonical
from tuf.api.metadata import MetaFile

from tests.update.made_sets import MadeSet, make_set
from tests.update.receiver import Receiver
from tests.update.repository import Repository

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.text(max_size=5),
    st.sampled_from([[], {}, [[]], "9" * 99]),
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all that a JSON value holds."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, below in inner for place in places(below, (*way, key)))]


def put(value: Any, way: tuple[Any, ...], odd: object) -> None:
    *before, last = way
    for key in before:
        value = value[key]
    value[last] = odd


@settings(max_examples=40)
@given(st.sampled_from(["timestamp", "snapshot", "targets", "rollout"]), st.integers(0, 1 << 30), ODD, st.booleans())
def test_a_list_with_something_odd_in_it(tmp_path: Path, role: str, place: int, odd: object, right: bool) -> None:
    """Also a list that is rightly signed: a publisher can make mistakes."""
    repository = Repository()
    device = Receiver(tmp_path, repository)
    repository.offer(make_set(1))
    repository.delegate()
    repository.share(make_set(1).set_id, {"percent": 100})
    repository.publish_rollout()
    repository.snapshot.meta["targets.json"] = MetaFile(repository.targets.version)  # of any length and content
    repository.publish_snapshot()
    name = f"metadata/{'' if role == 'timestamp' else f'{getattr(repository, role).version}.'}{role}.json"
    content = json.loads(repository.served[name])
    ways = places(content["signed"] if right else content)[1:]
    put(content["signed"] if right else content, ways[place % len(ways)], odd)
    if right:
        signer = repository.keys[role][0]
        signature = signer.sign(str(encode_canonical(content["signed"])).encode())
        content["signatures"] = [{"keyid": signature.keyid, "sig": signature.signature}]
    repository.served[name] = json.dumps(content).encode()
    ends_with_a_reason(device)


@settings(max_examples=25)
@given(st.integers(0, 1 << 30), ODD)
def test_a_manifest_with_something_odd_in_it(tmp_path: Path, place: int, odd: object) -> None:
    """Rightly signed, under its own id."""
    repository = Repository()
    device = Receiver(tmp_path, repository)
    made = make_set(1)
    content = json.loads(made.manifest)
    ways = places(content)[1:]
    put(content, ways[place % len(ways)], odd)
    repository.offer(MadeSet(1, json.dumps(content).encode(), made.files))
    ends_with_a_reason(device)


@settings(max_examples=12)
@given(st.sampled_from(["timestamp", "snapshot", "targets"]), st.binary(max_size=300), st.integers(0, 1 << 20))
def test_a_list_with_bytes_in_it_that_a_mirror_has_changed(tmp_path: Path, role: str, put_in: bytes, at: int) -> None:
    """Never more is believed than was signed, and never more read than a list may have."""
    repository = Repository()
    device = Receiver(tmp_path, repository)
    repository.offer(make_set(1))
    name = f"metadata/{'' if role == 'timestamp' else f'{getattr(repository, role).version}.'}{role}.json"
    content = repository.served[name]
    at %= len(content)
    repository.served[name] = content[:at] + put_in + content[at + len(put_in) // 2 :]
    ends_with_a_reason(device)


def ends_with_a_reason(device: Receiver) -> None:
    result = device.update()
    assert result.ended in ("failed", "nothing", "fetched")
    assert result.why.isprintable()
    if result.ended == "fetched":
        device.store.drop_trial("for the next example")
        device.store.allow(result.set_id)
