"""The lock of dependencies, and which of its files are for which machine."""
