"""Time stretching and transposition."""
