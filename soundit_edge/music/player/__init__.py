"""The music's process, and how the device speaks to it."""
