"""The user's own music: scanned, described, and chosen from."""
