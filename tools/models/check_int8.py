"""Check that a TFLite file is full-integer: the acceptance test of every model that ships."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from soundit_edge.errors import SounditError
from soundit_edge.inference.interpreter import RUNTIMES, available_runtimes
from tools.command import command, tool_parser


class NotInteger(SounditError):
    """A file is not full-integer. The text says what is not."""


def check(path: Path) -> dict[str, int]:
    """Return the operations of a model and how often each occurs, if it is full-integer.

    Raises:
        NotInteger: a float tensor, an input or output that is not int8, or an operation that converts between types or
            is not TFLite's own.
    """
    # Without a delegate every tensor and operation of the file shows; a delegate would hide what it took over.
    module = importlib.import_module(RUNTIMES[available_runtimes()[0]])
    interpreter = module.Interpreter(
        model_path=str(path), experimental_op_resolver_type=module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    )
    interpreter.allocate_tensors()
    floats = [d["name"] for d in interpreter.get_tensor_details() if np.issubdtype(d["dtype"], np.floating)]
    if floats:
        raise NotInteger(f"{path}: float tensors: {', '.join(floats[:5])}")
    ends = interpreter.get_input_details() + interpreter.get_output_details()
    if any(d["dtype"] != np.int8 for d in ends):
        raise NotInteger(f"{path}: an input or output is not int8")
    operations = Counter(str(d["op_name"]) for d in interpreter._get_ops_details())
    foreign = [op for op in operations if op in ("QUANTIZE", "DEQUANTIZE") or op.startswith(("Flex", "CUSTOM"))]
    if foreign:
        raise NotInteger(f"{path}: operations {', '.join(foreign)}")
    return dict(operations)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.models.check_int8", __doc__)
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args(arguments).files:
        print(f"{path}: {path.stat().st_size} bytes, full-integer, {check(path)}")


if __name__ == "__main__":
    sys.exit(main())
