"""The audio process: what renders the music to the speaker, and must never wait."""
