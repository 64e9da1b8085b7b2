"""The voice sense: when somebody speaks, and how the voice sounds."""
