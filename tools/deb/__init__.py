"""The Debian package: built from what is committed, byte for byte the same each time."""
