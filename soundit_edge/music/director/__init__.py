"""From the mood to what the music should do, how fast, and why in words."""
