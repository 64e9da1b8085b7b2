"""Spotting: the readings of a film, its cuts, scenes and dialogue, and the cue sheet."""
