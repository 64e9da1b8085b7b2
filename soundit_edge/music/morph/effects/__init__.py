"""The effects, one a file, and the chain that they stand in."""
