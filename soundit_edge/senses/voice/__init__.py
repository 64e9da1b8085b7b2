"""The voice sense: who speaks when, and how it sounds."""
