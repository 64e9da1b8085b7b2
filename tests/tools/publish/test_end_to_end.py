"""From keys to devices: the shipped models are published, served by HTTP and fetched by tuf's own client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tuf.api.exceptions import RepositoryError
from tuf.ngclient.updater import Updater

from soundit_edge.inference.manifest import MANIFEST, Manifest
from soundit_edge.inference.models import ModelSet, default_folder
from tests.tools.publish.made import PASSPHRASE, client, fetched, served
from tools.publish.publish import main


def test_the_shipped_models_reach_a_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    notes = tmp_path / "notes.txt"
    notes.write_text("Voices are heard\n  from further away.\n")
    assert main(["init"]) == 0
    root = Path("repository/metadata/root.json").read_bytes()
    adding = ["--percent", "10", "--notes", str(notes), "--hardware", "aarch64", "x86_64", "--min-version", "0.1.0"]
    assert main(["add", str(default_folder()), *adding]) == 0
    set_id = capsys.readouterr().out.splitlines()[-1].partition(":")[0]

    with served(tmp_path / "repository") as address:
        assert main(["verify", "--address", address]) == 0
        path = f"sets/{set_id}/set.json"
        device = client(address, tmp_path / "device", root)
        (tmp_path / "set").mkdir()
        manifest = Manifest.model_validate_json(fetched(device, path, tmp_path / "set" / MANIFEST))
        for file, sha256 in manifest.sums().items():
            content = fetched(device, f"files/{sha256}", tmp_path / "set" / file)
            assert content == (default_folder() / file).read_bytes()
        offer = offered(device, path)
        assert offer["percent"] == 10
        assert offer["hardware"] == ["aarch64", "x86_64"]
        assert offer["bytes"] == sum(file.stat().st_size for file in (tmp_path / "set").iterdir())
        assert manifest.release == offer["release"] == 1
        assert manifest.notes == "Voices are heard from further away."
        shipped = ModelSet(default_folder()).manifest
        assert {card.file for e in manifest.models.values() if (card := e.card)} == {f"{m}.md" for m in shipped.models}

        assert main(["percent", set_id, "100"]) == 0
        share = offered(client(address, tmp_path / "device", root), f"rollout/{set_id}")
        assert share == {"percent": 100}
        for role in ("timestamp", "snapshot", "rollout", "targets"):
            assert main(["rotate", role]) == 0
            offered(client(address, tmp_path / "device", root), path)
        old = json.loads(root)["signed"]["roles"]["root"]["keyids"][1]
        assert main(["rotate", "root", "--key", old[:12]]) == 0
        (tmp_path / "keys" / f"root-{old[:12]}.pem").unlink()
        assert main(["refresh", "root"]) == 0
        assert main(["revoke", set_id]) == 0
        assert offered(client(address, tmp_path / "device", root), path)["revoked"] is True
        assert offered(client(address, tmp_path / "fresh", root), path)["revoked"] is True


def test_another_publisher_s_repository_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", PASSPHRASE)
    for name in ("ours", "theirs"):
        assert main(["--repository", str(tmp_path / name), "--keys", str(tmp_path / f"keys-{name}"), "init"]) == 0
    root = (tmp_path / "ours/metadata/root.json").read_bytes()
    with served(tmp_path / "theirs") as address, pytest.raises(RepositoryError):
        client(address, tmp_path / "device", root)


def offered(device: Updater, path: str) -> dict[str, Any]:
    target = device.get_targetinfo(path)
    assert target is not None
    offer: dict[str, Any] = target.custom["soundit"]
    return offer
