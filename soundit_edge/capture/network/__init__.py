"""Cameras that are reached over the network."""
