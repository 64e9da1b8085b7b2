"""Who may do what: the claim of the device, its users and their sessions, and the tokens of programs."""
