"""Where the music of the device comes from, and what is known of it."""
