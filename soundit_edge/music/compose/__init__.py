"""Music of our own: a theme that plays out of the box, and endless music for a mood, with what plays it."""
