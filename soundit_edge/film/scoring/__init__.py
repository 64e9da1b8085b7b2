"""Scoring: the music of a film, from its source to the mix under the dialogue."""
