"""Models whose operators only another runtime knows."""

from __future__ import annotations

from pathlib import Path

import flatbuffers
from ai_edge_litert import schema_py_generated as schema


def with_custom_operator(model: Path, to: Path) -> None:
    """Write a model in which one operator is the one that stands for what an Edge TPU runs."""
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model.read_bytes(), 0))
    code = tree.operatorCodes[0]
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
    code.customCode = "edgetpu-custom-op"
    for operator in tree.subgraphs[0].operators:
        if operator.opcodeIndex == 0:
            operator.builtinOptions, operator.builtinOptionsType = None, 0
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(tree.Pack(builder), b"TFL3")
    to.write_bytes(bytes(builder.Output()))
