"""Text formats of files: CSV that is imported, TOML that is edited."""
