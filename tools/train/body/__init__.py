"""Training of the body network: `python -m tools.train.body`."""
