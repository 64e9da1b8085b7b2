"""The microphone, and the process that records from it."""
