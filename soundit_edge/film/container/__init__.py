"""Containers: the streams of a film's file, the film's own sound, and the film that is written."""
