"""Training of the lip readers: `python -m tools.train.lips`, and `.takes` for single words and phrases."""
