"""The kinds of accelerators. A new kind is a file and a line here (docs/howto/accelerator.md)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from soundit_edge.inference.delegates.edgetpu import EDGETPU
from soundit_edge.inference.delegates.external import EXTERNAL
from soundit_edge.inference.delegates.kind import DelegateKind

KINDS: Final[Mapping[str, DelegateKind]] = MappingProxyType({kind.name: kind for kind in (EDGETPU, EXTERNAL)})
AUTOMATIC: Final = EDGETPU
"""What is looked for where the user has chosen nothing."""
