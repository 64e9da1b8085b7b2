"""One signed POST for each thing that happens, to an address of the user's choice."""
