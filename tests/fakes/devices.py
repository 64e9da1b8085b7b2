"""Ways in and out without any: what is there, what is seen and heard is what a test says."""

from __future__ import annotations

from soundit_edge.control.actor import Actor
from soundit_edge.control.devices import DeviceChoice, DeviceKind, DevicesStatus, FoundDevice
from soundit_edge.control.sight import FigureStatus, HearingStatus, SightStatus
from soundit_edge.errors import SounditError

OVAL = ((0.5, 0.2), (0.56, 0.3), (0.54, 0.42), (0.5, 0.48), (0.46, 0.42), (0.44, 0.3), (0.5, 0.2))
LIMBS = (((0.42, 0.55), (0.58, 0.55)), ((0.42, 0.55), (0.36, 0.8)), ((0.58, 0.55), (0.64, 0.8)))


def choice(chosen: str, **found: str) -> DeviceChoice:
    return DeviceChoice(chosen=chosen, found=tuple(FoundDevice(name=k, title=v) for k, v in found.items()))


class FakeDevices:
    """Does all that it is asked for, and can be made to refuse.

    Attributes:
        now: what is connected.
        seen, heard: what the newest moment gave.
        chosen: what was chosen, in order.
        tests: how often the speaker was tested.
        public: what was said of the place, in order.
        refusal: the error that everything raises, if any.
    """

    def __init__(self) -> None:
        self.now = DevicesStatus(
            camera=DeviceChoice(
                chosen="auto",
                found=(FoundDevice(name="0", title="HD Webcam"), FoundDevice(name="2", title="Document camera")),
            ),
            microphone=choice("auto", Desk="Desk"),
            speaker=choice("Kitchen", Kitchen="Kitchen", Garden="Garden"),
        )
        box = (0.44, 0.2, 0.56, 0.48)
        self.seen = SightStatus(
            age_s=0.05,
            width=640,
            height=480,
            figures=(
                FigureStatus(kind="face", box=box, lines=(OVAL,)),
                FigureStatus(kind="body", box=(0.3, 0.2, 0.7, 1.0), lines=LIMBS),
            ),
        )
        self.heard = HearingStatus(rms_db=-23.4, peak_db=-9.0)
        self.chosen: list[tuple[str, str]] = []
        self.tests = 0
        self.public: list[bool] = []
        self.refusal: SounditError | None = None

    async def devices(self) -> DevicesStatus:
        return self.now

    async def choose_device(self, kind: DeviceKind, name: str, by: Actor) -> None:
        self._may()
        self.chosen.append((kind, name))

    async def test_speaker(self, by: Actor) -> None:
        self._may()
        self.tests += 1

    def sight(self) -> SightStatus:
        self._may()
        return self.seen

    def hearing(self) -> HearingStatus:
        self._may()
        return self.heard

    async def set_public_place(self, public_place: bool, by: Actor) -> None:
        self._may()
        self.public.append(public_place)

    def _may(self) -> None:
        if self.refusal is not None:
            raise self.refusal
