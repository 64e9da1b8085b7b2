"""The lips sense: which faces talk, what they say, and what the words say about the mood."""
