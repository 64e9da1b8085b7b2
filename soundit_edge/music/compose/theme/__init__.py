"""The short piece that is played where nothing else was asked for."""
