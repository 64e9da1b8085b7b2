"""The form of a piece: its sections and rounds, who plays when, and what is in a phrase."""
