"""What others have said of songs, from CSV files: listeners' ratings, mood words, valence and arousal."""
