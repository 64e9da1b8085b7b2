"""What the engine is asked to sound like at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, field, make_dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.parameters import PARAMETERS

STEP_S: Final = 0.1
"""How often the director gives a target, in seconds: live, under a film and in a file alike."""


class TargetError(SounditError):
    """A parameter of a target is out of its range."""


RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {name: (parameter.low, parameter.high) for name, parameter in PARAMETERS.items()}
)
"""What the engine can do, in the order of the target's attributes; the director stays well inside."""


class _Target:
    """The parameters of the morph engine: one float attribute for each row of `PARAMETERS`, neutral where not given.

    Raises:
        TargetError: a parameter is not finite or outside of its range.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:  # nor is NaN
                raise TargetError(f"{name} is {value}; it must be between {low:g} and {high:g}")

    def to_row(self) -> npt.NDArray[np.float64]:
        """Return float64 [`ROW_LENGTH`], in the attributes' order, for shared memory; see `target_of_row`."""
        return np.array([getattr(self, name) for name in RANGES], dtype=np.float64)


if TYPE_CHECKING:  # mypy does not follow make_dataclass

    class MusicTarget(_Target):
        __dataclass_fields__: ClassVar[dict[str, Field[float]]]

        def __init__(self, *row: float, **parameters: float) -> None: ...

        def __getattr__(self, name: str) -> float: ...

else:
    MusicTarget = make_dataclass(
        "MusicTarget",
        [(name, float, field(default=parameter.neutral)) for name, parameter in PARAMETERS.items()],
        bases=(_Target,),
        namespace={"__doc__": _Target.__doc__, "__module__": __name__},
        frozen=True,
        slots=True,
    )


def target_of_row(row: npt.NDArray[np.float64]) -> MusicTarget:
    """Return the target that `MusicTarget.to_row` wrote.

    Raises:
        TargetError: a parameter is out of its range.
        ValueError: the row has another length.
    """
    return MusicTarget(**dict(zip(RANGES, map(float, row), strict=True)))


ROW_LENGTH: Final = len(RANGES)

NEUTRAL: Final = MusicTarget()
"""The track as it is, in a small room."""
