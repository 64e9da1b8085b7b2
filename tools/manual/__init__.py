"""The manual page of `soundit` and its completion in shells, both made from the commands' own help."""
