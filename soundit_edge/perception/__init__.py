"""From readings to the mood of a room, live or of a clip."""
