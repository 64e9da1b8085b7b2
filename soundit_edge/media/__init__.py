"""What reading any container needs, in one place for reading, scoring and muxing: its clock and its streams."""
