"""The same music under no clock: files instead of a speaker."""
