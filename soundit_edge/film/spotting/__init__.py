"""Where the music goes: what is read in a film, its scenes, its dialogue, and the cue sheet."""
