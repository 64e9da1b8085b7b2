"""How the notes are played: timing, dynamics, articulation and controllers."""
