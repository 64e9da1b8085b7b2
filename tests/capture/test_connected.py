"""Which cameras Linux has found, below a folder that stands in for /."""

from __future__ import annotations

from pathlib import Path

from soundit_edge.capture.connected import ConnectedCamera, connected_cameras, connected_microphones


def node(root: Path, called: str, **files: bytes) -> None:
    folder = root / "sys/class/video4linux" / called
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)


def test_cameras_have_the_names_of_their_drivers_and_come_in_order(tmp_path: Path) -> None:
    node(tmp_path, "video10", name=b"Document camera\n", index=b"0\n")
    node(tmp_path, "video0", name=b"HD Webcam: HD Webcam\n", index=b"0\n")
    node(tmp_path, "video1", name=b"HD Webcam: HD Webcam\n", index=b"1\n")
    assert connected_cameras(tmp_path) == [
        ConnectedCamera(0, "HD Webcam: HD Webcam"),
        ConnectedCamera(10, "Document camera"),
    ]


def test_a_name_that_is_none_and_nodes_that_are_no_cameras(tmp_path: Path) -> None:
    node(tmp_path, "video2", name=b"caf\xe9\x1b[31m\n")
    node(tmp_path, "video3")
    node(tmp_path, "videosomething", name=b"no number")
    node(tmp_path, "v4l-subdev0", name=b"a part of one")
    assert [camera.number for camera in connected_cameras(tmp_path)] == [2, 3]
    assert connected_cameras(tmp_path)[0].name.isprintable()
    assert connected_cameras(tmp_path)[1].name == "camera 3"


def test_without_any(tmp_path: Path) -> None:
    assert connected_cameras(tmp_path) == []


def test_microphones_are_what_can_be_recorded_from(tmp_path: Path) -> None:
    assert connected_microphones(tmp_path) == []
    for name in ("pcmC1D0c", "pcmC0D0p", "pcmC0D0c", "controlC0", "timer"):
        (tmp_path / "sys/class/sound" / name).mkdir(parents=True)
    assert connected_microphones(tmp_path) == ["pcmC0D0c", "pcmC1D0c"]
