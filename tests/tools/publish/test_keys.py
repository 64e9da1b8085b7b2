"""Private keys: encrypted, for their owner's eyes only, and found wherever they lie."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.tools.publish.made import PASSPHRASE
from tools.publish.errors import PublishError
from tools.publish.keys import KeyRing
from tools.publish.passphrase import passphrases
from tools.publish.publish import main

SECRET = PASSPHRASE.encode()


def ring(*folders: Path, secret: bytes = SECRET) -> KeyRing:
    return KeyRing(folders, lambda name, new: secret)


def test_a_key_is_encrypted_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    key_id = ring(tmp_path / "keys").make("root").public_key.keyid
    path = ring(tmp_path / "keys").path("root", key_id)
    assert path is not None
    assert path.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_keys_of_a_role_may_lie_in_several_folders(tmp_path: Path) -> None:
    sticks = [tmp_path / name for name in ("one", "two", "away")]
    made = [ring(stick).make("root").public_key for stick in sticks[:2]]
    signers = ring(*sticks).signers("root", {key.keyid: key for key in made}, 2)
    assert [signer.public_key for signer in signers] == made


def test_a_wrong_passphrase(tmp_path: Path) -> None:
    key = ring(tmp_path).make("targets").public_key
    with pytest.raises(PublishError, match=r"targets-\w{12}\.pem: a wrong passphrase, or no private key$"):
        ring(tmp_path, secret=b"another passphrase").signers("targets", {key.keyid: key}, 1)


def test_a_key_that_is_not_encrypted_is_not_used(tmp_path: Path) -> None:
    key = ring(tmp_path).make("targets").public_key
    path = ring(tmp_path).path("targets", key.keyid)
    assert path is not None
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(PublishError, match="the key is not encrypted"):
        ring(tmp_path).signers("targets", {key.keyid: key}, 1)


def test_another_key_under_its_name(tmp_path: Path) -> None:
    one, other = (ring(tmp_path).make("targets").public_key for _ in range(2))
    paths = [ring(tmp_path).path("targets", key.keyid) for key in (one, other)]
    assert paths[0] is not None
    assert paths[1] is not None
    paths[1].replace(paths[0])
    with pytest.raises(PublishError, match="another key than its name says"):
        ring(tmp_path).signers("targets", {one.keyid: one}, 1)


def test_the_passphrase_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    assert passphrases(file)("root-1.pem", True) == SECRET
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", PASSPHRASE)
    assert passphrases(None)("root-1.pem", False) == SECRET
    with pytest.raises(PublishError, match="cannot read the passphrase"):
        passphrases(tmp_path / "nowhere")


def test_a_short_passphrase_is_not_chosen_but_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", "short")
    with pytest.raises(PublishError, match="a passphrase has 12 characters or more"):
        passphrases(None)("root-1.pem", True)
    assert passphrases(None)("root-1.pem", False) == b"short"


def test_a_passphrase_is_asked_for_and_twice_where_it_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [PASSPHRASE, PASSPHRASE, PASSPHRASE, PASSPHRASE, "something else"]
    monkeypatch.setattr("getpass.getpass", lambda prompt: answers.pop(0))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked = passphrases(None)
    assert asked("root-1.pem", True) == asked("root-1.pem", False) == SECRET
    with pytest.raises(PublishError, match="the two passphrases differ"):
        asked("root-1.pem", True)


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(PublishError, match="no terminal to ask for its passphrase; give --passphrase-file"):
        passphrases(None)("root-1.pem", False)


@pytest.mark.parametrize(
    ("keys", "said"), [("repository/keys", "inside the folder that is served"), ("old", "keys already")]
)
def test_where_keys_must_not_lie(
    keys: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", PASSPHRASE)
    (tmp_path / "old").mkdir()
    (tmp_path / "old/root-1.pem").touch()
    assert main(["--repository", str(tmp_path / "repository"), "--keys", str(tmp_path / keys), "init"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "repository/metadata").exists()
