"""How well the models read: `python -m tools.evaluate SENSE DATA` on labelled data, and other measurements."""
