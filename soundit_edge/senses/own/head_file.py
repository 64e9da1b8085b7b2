"""A head in a file: JSON with a golden answer, which shows a damaged file, or a machine that computes wrongly."""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from soundit_edge.inference.models import ModelSetError
from soundit_edge.senses.own.features import SIZES
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.report import HeadReport
from soundit_edge.senses.own.takes import SetInfo

FORMAT: Final = 1
TOLERANCE: Final = 1e-6
"""By which an answer may differ from the golden one: processors add up in another order."""
_DIGITS: Final = 9

Row = Annotated[tuple[FiniteFloat, ...], Field(max_length=512)]
Rows = Annotated[tuple[Row, ...], Field(max_length=512)]


class HeadFile(BaseModel):
    """The content of a head's file.

    Attributes:
        format: of the file.
        info: which set the head was learnt from.
        report: how good it is.
        (and the attributes of `Head`)
        golden: the head's probabilities for `golden_features`, where it was learnt.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = Field(default=FORMAT, ge=FORMAT, le=FORMAT)
    info: SetInfo
    report: HeadReport
    mean: Row
    scale: Row
    axes: Rows
    variances: Row
    noise: float = Field(gt=0, allow_inf_nan=False)
    weights: Rows
    temperature: float = Field(gt=0, allow_inf_nan=False)
    limit: float = Field(gt=0, allow_inf_nan=False)
    golden: Row

    def head(self) -> Head:
        """Return the head.

        Raises:
            ModelSetError: the parts do not fit each other, or the golden answer comes out otherwise.
        """
        head = Head(
            self.info.labels,
            mean=np.array(self.mean, np.float64),
            scale=np.array(self.scale, np.float64),
            axes=_table(self.axes),
            variances=np.array(self.variances, np.float64),
            noise=self.noise,
            weights=_table(self.weights),
            temperature=self.temperature,
            limit=self.limit,
        )
        size, components, labels = SIZES[self.info.kind], len(self.variances), len(self.info.labels)
        shapes = [part.shape for part in (head.mean, head.scale, head.axes, head.weights)]
        fits = shapes == [(size,), (size,), (size, components), (components + 1, labels)]
        if not fits or min(self.scale) <= 0 or min(self.variances, default=0) < 0 or len(self.golden) != labels:
            raise ModelSetError("its parts do not fit each other")
        if not np.allclose(_golden(head, size), self.golden, rtol=0, atol=TOLERANCE):
            raise ModelSetError("it answers otherwise than where it was learnt")
        return head


def of_head(head: Head, info: SetInfo, report: HeadReport) -> HeadFile:
    """Return the content of the file of a head."""
    # What is written is read again before the golden answer is taken: digits are left out.
    parts = {name: np.round(getattr(head, name), _DIGITS) for name in ("mean", "scale", "axes", "variances", "weights")}
    kept = Head(head.labels, noise=head.noise, temperature=head.temperature, limit=head.limit, **parts)
    return HeadFile(
        info=info,
        report=report,
        **{name: part.tolist() for name, part in parts.items()},
        noise=head.noise,
        temperature=head.temperature,
        limit=head.limit,
        golden=tuple(_golden(kept, len(head.mean))),
    )


def from_json(content: bytes) -> HeadFile:
    """Return the content of a head's file.

    Raises:
        ModelSetError: it is damaged, or of another version.
    """
    try:
        return HeadFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise ModelSetError(f"{'.'.join(map(str, first['loc'])) or 'JSON'}: {first['msg'].lower()}") from error


def golden_features(size: int) -> npt.NDArray[np.float32]:
    """Return fixed features, float32 [n]: a ramp in steps of 0.37, wrapped into -1 to 1."""
    return ((np.arange(size) * 0.37) % 2 - 1).astype(np.float32)


def _golden(head: Head, size: int) -> list[float]:
    # Around the mean, where the probabilities are not all nearly 0 or 1.
    features = head.mean + head.scale * golden_features(size) / 4
    return list(head.read(features.astype(np.float32)).probabilities)


def _table(rows: tuple[tuple[float, ...], ...]) -> npt.NDArray[Any]:
    try:
        return np.array(rows, np.float64)
    except ValueError as error:
        raise ModelSetError("its rows are of different lengths") from error
