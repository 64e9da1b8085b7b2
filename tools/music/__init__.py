"""What the music is that is composed here, measured in its samples."""
