"""What vibenet hears in sound files: run by the Python of an environment of its own (scripts/setup_ears.sh).

python benches/judges/ask_vibenet.py FILE ...     prints one JSON object a line
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any


def main() -> None:
    """Ask about each file."""
    vibenet: Any = importlib.import_module("vibenet")
    model = vibenet.load_model()
    for path in sys.argv[1:]:
        (heard,) = model.predict([path])
        print(json.dumps({name: round(value, 5) for name, value in heard.to_dict().items()}), flush=True)


if __name__ == "__main__":
    main()
