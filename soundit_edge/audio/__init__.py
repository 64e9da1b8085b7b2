"""Sound in and out: the speaker and its kinds, WAV files, decoding, levels."""
