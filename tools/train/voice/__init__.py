"""Training of the voice network: `python -m tools.train.voice`."""
