"""Music of our own: harmony, melody and voices become a theme that plays out of the box."""
