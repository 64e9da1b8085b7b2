"""Labelled data: how it is recorded, prepared, split and read."""
