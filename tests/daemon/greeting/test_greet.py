"""Where the page is: for who sits here, for phones, and for who came through SSH."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from soundit_edge.daemon.greeting import greet

SSH = "10.0.0.9 50122 10.0.0.2 22"


PAGE = "http://127.0.0.1:8347/"
ELSEWHERE = ["http://soundit-4f7a.local:8347/", "http://192.168.7.5:8347/"]


def test_the_first_line_is_the_page_on_this_computer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    greet.greet(PAGE, [], ["playing the theme", ""])
    out, err = capsys.readouterr()
    assert out == "page: http://127.0.0.1:8347/\n"
    assert err == "soundit: playing the theme\n"


def test_who_came_through_ssh_gets_a_recipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", SSH)
    greet.greet(PAGE, [], [])
    assert "ssh -L 8347:127.0.0.1:8347 " in (said := capsys.readouterr().err)
    assert "@10.0.0.2, then open" in said


@pytest.mark.parametrize(
    ("connection", "user", "said"),
    [
        (SSH, "pi", "from where you are: ssh -L 8347:127.0.0.1:8347 pi@10.0.0.2, then open http://127.0.0.1:8347/"),
        ("::1 1 fe80::2%eth0 2222", "pi", "ssh -p 2222 -L 8347:127.0.0.1:8347 pi@fe80::2%eth0, then"),
        (SSH, "", "ssh -L 8347:127.0.0.1:8347 10.0.0.2, then"),
        ("10.0.0.9 1 $(reboot) 22", "pi", ""),
        ("nonsense", "pi", ""),
        ("", "pi", ""),
    ],
)
def test_the_recipe(connection: str, user: str, said: str) -> None:
    tunnel = greet.tunnel(PAGE, connection, user)
    assert said in tunnel
    assert bool(said) == bool(tunnel)


def test_a_page_for_the_network_is_told_and_drawn_where_stdout_is_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    greet.greet(PAGE, ELSEWHERE, [])
    out, err = capsys.readouterr()
    assert out == "page: http://127.0.0.1:8347/\n"
    assert err == "soundit: from other devices: http://soundit-4f7a.local:8347/ or http://192.168.7.5:8347/\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    greet.greet(PAGE, ELSEWHERE, [])
    drawn = capsys.readouterr().out.splitlines()
    assert drawn[0] == "page: http://127.0.0.1:8347/"
    assert len(drawn) > 12


def test_the_code_is_read_by_a_reader_and_fits_a_small_terminal() -> None:
    """A phone's camera stands in for: OpenCV's reader, on the half blocks drawn as pixels."""
    lines = list(greet.qr_code("http://192.168.7.5:8347/"))
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 24
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    plain = [[light[c] for c in line if c in light] for line in lines]
    pixels = np.array([[half[k] for half in line] for line in plain for k in (0, 1)], np.uint8)
    picture = cv2.resize(pixels, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == "http://192.168.7.5:8347/"
