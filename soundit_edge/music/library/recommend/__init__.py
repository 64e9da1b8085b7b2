"""Which song of the library fits the room, and what its listeners like."""
