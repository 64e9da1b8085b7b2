"""The effects, one per file, and the chain that runs them in order."""
