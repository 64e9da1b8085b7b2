"""Training of the expression network: `python -m tools.train.face`."""
