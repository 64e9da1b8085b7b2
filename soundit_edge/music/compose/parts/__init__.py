"""The parts under the melody: bass, held chords, the plucked figure, riffs, hits and drums."""
