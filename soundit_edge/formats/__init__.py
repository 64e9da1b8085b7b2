"""Text formats of files: reading of CSV, editing of TOML."""
