"""Golden answers: a model's answer to a fixed input where it was made, which exposes a runtime that computes wrongly.

A golden answer lies beside its model as NAME.golden.npy, in the type and shape of the model's first output.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

SUFFIX: Final = ".golden.npy"
TOLERANCE: Final = 12
"""Steps of 1/256 by which runtimes may differ on the golden input: their int8 kernels round differently."""

Integers = npt.NDArray[np.integer[Any]]


class GoldenFile(BaseModel):
    """A golden answer in a file of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=r"^[a-z0-9_]+\.golden\.npy$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    tolerance: int = Field(description="Largest difference allowed in any element, in steps of the stored type.")
    bytes: int | None = Field(default=None, ge=0, description="Sets before version 3 do not say it.")


class GoldenList(BaseModel):
    """A golden answer inside the manifest, as in sets of version 1, which earlier releases wrote for local models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    output: list[int] = Field(description="The first output in its stored type, flattened.")
    tolerance: int = Field(description="As in `GoldenFile`.")


def golden_input(shape: tuple[int, ...]) -> npt.NDArray[np.int8]:
    """Return a fixed int8 input of any shape: a ramp in steps of 37 (prime to 256), wrapped into -128..127."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37) % 256 - 128).astype(np.int8).reshape(shape)


def golden_name(model_file: str) -> str:
    """Return the name of the file beside NAME.tflite that holds its golden answer."""
    return model_file.removesuffix(".tflite") + SUFFIX


def to_bytes(answer: Integers) -> bytes:
    """Return the content of the file of a golden answer."""
    content = io.BytesIO()
    np.save(content, np.ascontiguousarray(answer), allow_pickle=False)
    return content.getvalue()


def from_bytes(content: bytes) -> Integers:
    """Return the golden answer of a file's content.

    Raises:
        ValueError: the content is no array of whole numbers in NumPy's format.
    """
    if not content.startswith(np.lib.format.MAGIC_PREFIX):  # NumPy would try other formats
        raise ValueError("not in NumPy's format")
    answer: npt.NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    if answer.dtype.kind not in "iu":
        raise ValueError(f"{answer.dtype} instead of whole numbers")
    return answer
