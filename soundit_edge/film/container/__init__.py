"""The film's file: what is in it, its own sound, and the film that is written."""
