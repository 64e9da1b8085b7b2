"""Music: what the mood asks for, the engine that morphs a track to it, and the way to the speaker.

This module stays free of imports: the audio process reads it first, and has to start fast.
"""
