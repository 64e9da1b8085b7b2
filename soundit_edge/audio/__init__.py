"""Sound input and output: the speaker and its kinds, WAV files, decoding, levels."""
