"""Synthesisers: notes in, sound out."""
