"""From the mood to what the music shall do, how fast, and why in words."""
