"""docs/howto/accelerator.md, done to a copy of the package: the kind can be chosen, is found, and is tried."""

from __future__ import annotations

from pathlib import Path

from tests.device import soundit
from tests.howto.pages import RUN, build, module_of, places
from tests.inference.delegates.stand_in import build as build_stand_in


def test_a_kind_in_three_places_is_found_and_tried(tmp_path: Path) -> None:
    assert len(places("accelerator")) <= 3
    build(tmp_path, "accelerator")
    (tmp_path / "settings.toml").write_text('[inference]\naccelerator = "armnn"\n')
    (tmp_path / "lib").mkdir()
    name = module_of(places("accelerator")[0]).LIBRARIES[0]
    extra = {"LD_LIBRARY_PATH": str(tmp_path / "lib")}

    def found() -> str:
        done = soundit(tmp_path, "doctor", extra=extra, program=RUN)
        (line,) = [line for line in done.stdout.splitlines() if " accelerator " in line]
        return line

    assert f"{name} is not installed" in found()
    build_stand_in(tmp_path / "lib", name, create="crash")
    assert f"{name} crashed (SIGSEGV) when it was tried with litert: the CPU is used" in found()
